"""A plan being improved: orders by shift, with the cost of each change known at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from optimisers.model import Costs, TechnicianDay
from optimisers.search.compiled import FORBIDDEN, CompiledProblem
from optimisers.search.costs import balance_cost, costs_of, fair_shares
from optimisers.search.exact import MAX_VISITS, best_tour
from optimisers.search.timing import Timing, best_timing
from optimisers.search.write_day import write_day


class Draft:
    """Lawful at all times: every order kept has a timing."""

    def __init__(self, compiled: CompiledProblem, orders: Mapping[int, Sequence[int]]) -> None:
        self.compiled = compiled
        self.shares = fair_shares(compiled)
        self._timings: dict[tuple[int, tuple[int, ...]], Timing | None] = {}
        self.orders: list[tuple[int, ...]] = [() for _ in compiled.shifts]
        for shift, order in orders.items():
            self.orders[shift] = self._repaired(shift, tuple(order))
        self.work = [0.0] * len(compiled.problem.technicians)
        for shift in range(len(compiled.shifts)):
            self.work[compiled.shifts[shift].technician] += self.work_of(shift, self.orders[shift]) or 0

    def timing(self, shift: int, order: tuple[int, ...]) -> Timing | None:
        """Best timing of an order on a shift, remembered."""
        key = (shift, order)
        if key not in self._timings:
            self._timings[key] = best_timing(self.compiled, self.compiled.shifts[shift], order)
        return self._timings[key]

    def work_of(self, shift: int, order: tuple[int, ...]) -> int | None:
        """Minutes worked, 0 for a day off, None when the order cannot be done lawfully."""
        if not order:
            return 0
        timing = self.timing(shift, order)
        return None if timing is None else timing.work_min

    def route_cost(self, shift: int, order: Sequence[int]) -> float:
        """Points of one day: km and choice costs."""
        compiled = self.compiled
        home, first = compiled.shifts[shift].technician, compiled.first_visit
        metres, at = 0, home
        for visit in order:
            metres += compiled.metres[at][first + visit]
            at = first + visit
        metres += compiled.metres[at][home]
        choice = compiled.choice_cost[shift]
        return compiled.weights.per_km * metres / 1000 + sum(choice[visit] for visit in order)

    def balance(self) -> float:
        """Points of the balance term now."""
        return balance_cost(self.compiled, self.work, self.shares)

    def balance_after(self, changes: Iterable[tuple[int, tuple[int, ...]]]) -> float | None:
        """Balance points if these shifts had these orders; None when one of them is not lawful."""
        work = list(self.work)
        for shift, order in changes:
            after = self.work_of(shift, order)
            if after is None:
                return None
            work[self.compiled.shifts[shift].technician] += after - (
                self.work_of(shift, self.orders[shift]) or 0
            )
        return balance_cost(self.compiled, work, self.shares)

    def set(self, shift: int, order: tuple[int, ...]) -> None:
        """Replace a day by a lawful order."""
        after = self.work_of(shift, order)
        if after is None:
            raise ValueError(
                f"order {order} has no lawful timing on shift {shift}: check it before setting it"
            )
        technician = self.compiled.shifts[shift].technician
        self.work[technician] += after - (self.work_of(shift, self.orders[shift]) or 0)
        self.orders[shift] = order

    def unplanned(self) -> list[int]:
        """Visits (positions) in no day."""
        planned = {visit for order in self.orders for visit in order}
        return [visit for visit in range(len(self.compiled.service)) if visit not in planned]

    def costs(self) -> Costs:
        """Costs by term."""
        orders = {s: order for s, order in enumerate(self.orders) if order}
        return costs_of(self.compiled, orders, {s: self.work_of(s, o) or 0 for s, o in orders.items()})

    def days(self) -> tuple[TechnicianDay, ...]:
        """The plan, sorted by technician and day; days off are left out."""
        written = []
        for shift, order in enumerate(self.orders):
            timing = self.timing(shift, order) if order else None
            if timing is not None:
                written.append(write_day(self.compiled, self.compiled.shifts[shift], order, timing))
        return tuple(sorted(written, key=lambda day: (day.technician_id, day.day)))

    def _repaired(self, shift: int, order: tuple[int, ...]) -> tuple[int, ...]:
        """The order if lawful, else the best lawful tour over part of its visits."""
        order = tuple(v for v in order if self.compiled.choice_cost[shift][v] != FORBIDDEN)
        while order and self.timing(shift, order) is None:
            if len(order) <= MAX_VISITS:
                best = best_tour(self.compiled, self.compiled.shifts[shift], order)
                return tuple(best[1]) if best else ()
            cheapest = min(order, key=lambda visit: (self.compiled.skip_cost[visit], visit))
            order = tuple(visit for visit in order if visit != cheapest)
        return order
