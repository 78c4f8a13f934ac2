"""Published visits in the routing engine's terms: who holds them, held back or priced when they leave."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from optimisers.model import TechnicianDay
from optimisers.routing.instance import Orders
from optimisers.routing.schedule import objective_of
from optimisers.weekly.compile import HOLD, Compiled
from optimisers.weekly.couplings import Settled
from optimisers.weekly.days import orders_of, write_days

KEEP = HOLD / 100


@dataclass(frozen=True)
class Published:
    """Engine visits of published visits: `kept_at[element]` is True at shifts where it is as published.

    `number` (elements,): position of the visit in the problem. Visits whose slots the problem no longer
    offers (absence, hours gone by) are not there: nothing can keep them.
    """

    compiled: Compiled
    elements: np.ndarray
    number: np.ndarray
    kept_at: np.ndarray

    @classmethod
    def of(cls, compiled: Compiled) -> Published:
        """Of the visits that are not frozen and have a slot in the plan in force."""
        problem, instance = compiled.problem, compiled.instance
        shift_of = {
            (problem.technicians[shift.technician].technician_id, problem.days[shift.day]): number
            for number, shift in enumerate(compiled.shifts)
        }
        windows = instance.windows
        is_open = (windows[..., 0] <= windows[..., 1]).any(axis=2)[:, instance.shift_day].T
        offered = np.isfinite(instance.choice_cost) & is_open
        elements, numbers, kept_at = [], [], []
        for number, own in compiled.elements.items():
            slots = problem.visits[number].published
            shifts = [shift_of.get((slot.technician_id, slot.day)) for slot in slots]
            if not slots or any(shift is None or not offered[shift, own].any() for shift in shifts):
                continue
            at = np.zeros(len(compiled.shifts), dtype=bool)
            at[[shift for shift in shifts if shift is not None]] = True
            for element in own:
                elements.append(element)
                numbers.append(number)
                kept_at.append(at)
        shape = (len(elements), len(compiled.shifts))
        return cls(
            compiled,
            np.array(elements, dtype=np.int64),
            np.array(numbers, dtype=np.int64),
            np.array(kept_at, dtype=bool).reshape(shape),
        )

    def holding(self, free: Collection[int]) -> Compiled:
        """Every published visit only where it is published, those at the positions `free` anywhere.

        What is held is worth more than any visit that would take its place.
        """
        held = ~np.isin(self.number, np.array(sorted(free), dtype=np.int64))
        choice = self.compiled.instance.choice_cost.copy()
        skip = self.compiled.instance.skip_cost.copy()
        for element, at in zip(self.elements[held], self.kept_at[held], strict=True):
            choice[~at, element] = np.inf
            skip[element] += KEEP
        return self._with(choice, skip)

    def priced(self, points: float, free: Collection[int]) -> Compiled:
        """Leaving the published slot costs `points` more, dropping included; nothing for those in `free`."""
        priced = ~np.isin(self.number, np.array(sorted(free), dtype=np.int64))
        choice = self.compiled.instance.choice_cost.copy()
        skip = self.compiled.instance.skip_cost.copy()
        for element, number, at in zip(
            self.elements[priced], self.number[priced], self.kept_at[priced], strict=True
        ):
            share = points / self.compiled.problem.visits[number].crew
            choice[~at, element] += share
            skip[element] += share
        return self._with(choice, skip)

    def _with(self, choice: np.ndarray, skip: np.ndarray) -> Compiled:
        instance = replace(self.compiled.instance, choice_cost=choice, skip_cost=skip)
        return replace(self.compiled, instance=instance)


def days_of(settled: Settled) -> tuple[TechnicianDay, ...]:
    """The plan as days."""
    return write_days(settled.compiled, settled.orders.orders, settled.orders.via_depot)


def restarted(settled: Settled, compiled: Compiled) -> Settled:
    """The same plan under the costs of another compilation of the same problem."""
    orders, via_depot = orders_of(compiled, days_of(settled))
    whole = tuple(tuple(order) for order in orders)
    points = objective_of(compiled.instance, whole, via_depot)
    return Settled(compiled, Orders(whole, tuple(via_depot), points, 0))
