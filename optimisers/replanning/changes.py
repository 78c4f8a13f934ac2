"""What a new plan changes of the published one, visit by visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimisers.model import Problem, Slot, TechnicianDay

# Below this, a technician who comes earlier or later than published is not worth a message.
NOTABLE_SHIFT_MIN = 30


@dataclass(frozen=True, slots=True)
class Change:
    """A published visit that has another technician or another day; `planned` is empty when it is dropped."""

    visit_id: int
    published: tuple[Slot, ...]
    planned: tuple[Slot, ...]

    @property
    def dropped(self) -> bool:
        """Out of the new plan altogether."""
        return not self.planned


@dataclass(frozen=True, slots=True)
class Shift:
    """A visit of the same technicians and day that begins `minutes` later (negative: earlier) than `slot`."""

    visit_id: int
    slot: Slot
    minutes: int


def slots_of(plan: Sequence[TechnicianDay]) -> dict[int, tuple[Slot, ...]]:
    """Where each visit of the plan is, by visit_id; one slot a technician, in the order of their ids."""
    found: dict[int, list[Slot]] = {}
    for day in plan:
        for stop in day.visits:
            slot = Slot(day.technician_id, day.day, stop.start_min)
            found.setdefault(stop.visit_id, []).append(slot)
    return {visit: tuple(sorted(slots, key=lambda s: s.technician_id)) for visit, slots in found.items()}


def changes_of(problem: Problem, plan: Sequence[TechnicianDay]) -> tuple[Change, ...]:
    """Visits of the published plan, not frozen, that the plan gives to others, puts on another day or drops.

    A visit that was not in the published plan is never a change: its client has been told nothing yet.
    """
    now = slots_of(plan)
    found = []
    for visit in problem.visits:
        if visit.frozen or not visit.published:
            continue
        planned = now.get(visit.visit_id, ())
        if _who_and_when(planned) != _who_and_when(visit.published):
            found.append(Change(visit.visit_id, visit.published, planned))
    return tuple(found)


def shifts_of(
    problem: Problem, plan: Sequence[TechnicianDay], threshold_min: int = NOTABLE_SHIFT_MIN
) -> tuple[Shift, ...]:
    """Visits kept, whose beginning moves by more than `threshold_min` minutes."""
    now = slots_of(plan)
    found = []
    for visit in problem.visits:
        planned = now.get(visit.visit_id, ())
        if visit.frozen or not planned or _who_and_when(planned) != _who_and_when(visit.published):
            continue
        minutes = planned[0].start_min - visit.published[0].start_min
        if abs(minutes) > threshold_min:
            found.append(Shift(visit.visit_id, visit.published[0], minutes))
    return tuple(found)


def _who_and_when(slots: Sequence[Slot]) -> set[tuple[int, object]]:
    return {(slot.technician_id, slot.day) for slot in slots}
