"""A plan laid out on the engine's arrays, where a visit can be tried in every place of every day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from optimisers.model import Problem, TechnicianDay
from optimisers.routing.instance import NOWHERE, Instance
from optimisers.routing.schedule import schedule
from optimisers.weekly.compile import Compiled, compile_problem, decide
from optimisers.weekly.couplings import groups_of, taken_from
from optimisers.weekly.days import orders_of, write_days


@dataclass(frozen=True, slots=True)
class Insertion:
    """A visit put into a day as it stands. `added` is in points, `work_min` is the day's work afterwards."""

    shift: int
    order: tuple[int, ...]
    via_depot: int
    added: float
    work_min: float
    start_min: float


class Board:
    """Orders of a plan by shift, on the instance of its problem."""

    def __init__(self, problem: Problem, plan: Sequence[TechnicianDay]) -> None:
        self.problem = problem
        self.plan = tuple(plan)
        # Crews and sequences keep their moments, so that a day can be timed again without breaking them.
        kept = taken_from(problem, plan, groups_of(problem))
        self.compiled: Compiled = decide(compile_problem(problem), kept)
        orders, self.via_depot = orders_of(self.compiled, plan)
        self._lay([tuple(order) for order in orders])

    def _lay(self, orders: list[tuple[int, ...]]) -> None:
        self.orders = orders
        self.work = np.array([self._work(shift) for shift in range(len(orders))])
        self.by_technician = np.bincount(
            self.instance.shift_technician, self.work, minlength=len(self.problem.technicians)
        )

    @property
    def instance(self) -> Instance:
        return self.compiled.instance

    def with_instance(self, instance: Instance) -> Board:
        """The same orders under other rules."""
        other = copy(self)
        other.compiled = replace(self.compiled, instance=instance)
        return other

    def element(self, visit: int) -> int:
        """The engine's number of a visit (position in the problem), its first one for a crew."""
        return self.compiled.elements[visit][0]

    def without(self, visit: int) -> Board:
        """The plan without one visit; the rest of its day keeps its order."""
        gone = set(self.compiled.elements[visit])
        other = copy(self)
        other.via_depot = list(self.via_depot)
        orders = []
        for shift, order in enumerate(self.orders):
            passage = self.via_depot[shift]
            if passage != NOWHERE:
                other.via_depot[shift] = passage - sum(element in gone for element in order[:passage])
            orders.append(tuple(element for element in order if element not in gone))
        other._lay(orders)
        return other

    def insertions(self, visit: int) -> list[Insertion]:
        """Every lawful way to add the visit to a day as it stands, cheapest first."""
        element = self.element(visit)
        allowed = np.flatnonzero(np.isfinite(self.instance.choice_cost[:, element]))
        found = [way for shift in allowed for way in self._into(element, int(shift))]
        return sorted(found, key=lambda way: (way.added, way.shift, way.order))

    def plan_with(self, way: Insertion, problem: Problem | None = None) -> tuple[TechnicianDay, ...]:
        """The plan after the insertion, written under `problem` (the board's own if None)."""
        orders, via_depot = list(self.orders), list(self.via_depot)
        orders[way.shift], via_depot[way.shift] = way.order, way.via_depot
        return write_days(replace(self.compiled, problem=problem or self.problem), orders, via_depot)

    def route_points(self, shift: int, order: Sequence[int], via_depot: int) -> float:
        """Points of a day but for balance: its legs and what its visits cost there."""
        instance = self.instance
        stops = [int(instance.visit_at[element]) for element in order]
        if via_depot != NOWHERE:
            stops.insert(via_depot, instance.depot_at)
        path = [int(instance.start_at[shift]), *stops]
        if instance.end_at[shift] != NOWHERE and order:
            path.append(int(instance.end_at[shift]))
        legs = instance.leg_cost[path[:-1], path[1:]].sum()
        return float(legs + instance.choice_cost[shift, list(order)].sum())

    def balance(self, minutes: np.ndarray) -> float:
        """Points of uneven hours, `minutes` by technician."""
        hours = minutes / 60
        unfair = hours - self.instance.fair_share * hours.sum()
        return float(self.instance.balance_per_hour2 * (unfair**2).sum())

    def _work(self, shift: int) -> float:
        timing = schedule(self.instance, shift, self.orders[shift], self.via_depot[shift])
        return timing.work_min if timing is not None else 0.0

    def _into(self, element: int, shift: int) -> Iterator[Insertion]:
        instance, order, via = self.instance, self.orders[shift], self.via_depot[shift]
        technician = int(instance.shift_technician[shift])
        own = [s for s in np.flatnonzero(instance.shift_technician == technician) if self.orders[s]]
        if not order and len(own) >= instance.max_days[technician]:
            return
        before = self.route_points(shift, order, via) + self.balance(self.by_technician)
        for position in range(len(order) + 1):
            candidate = (*order[:position], element, *order[position:])
            for through in self._passages(via, position):
                timing = schedule(instance, shift, candidate, through)
                if timing is None:
                    continue
                minutes = self.by_technician.copy()
                minutes[technician] += timing.work_min - self.work[shift]
                if minutes[technician] > instance.max_week_min[technician] + 1e-6:
                    continue
                after = self.route_points(shift, candidate, through) + self.balance(minutes)
                start = timing.starts[position]
                yield Insertion(shift, candidate, through, after - before, timing.work_min, start)
                break

    def _passages(self, via_depot: int, position: int) -> list[int]:
        """Depot passages to try with a visit at `position`: the present one, else each before it."""
        if via_depot != NOWHERE:
            return [via_depot + (position < via_depot)]
        if self.instance.depot_at == NOWHERE:
            return [NOWHERE]
        return [NOWHERE, *range(position, -1, -1)]
