"""What is done or under way at a moment of a published plan, and what can still be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from optimisers.model import Moment, Slot, TechnicianDay
from optimisers.replanning.changes import slots_of
from optimisers.replanning.events import Illness, Made, Missed, Overrun


@dataclass(frozen=True, slots=True)
class Fact:
    """A visit begun: who makes it since when, and how long it takes in all."""

    slots: tuple[Slot, ...]
    duration_min: int


@dataclass(frozen=True, slots=True)
class Known:
    """Events by what they are about. `longer`: extra minutes by visit."""

    made: Mapping[int, Made]
    missed: Set[int]
    longer: Mapping[int, int]
    ill: Mapping[int, Illness]

    @classmethod
    def of(cls, events: Sequence[object]) -> Known:
        """Sorted events; a visit that overruns twice takes both."""
        longer: dict[int, int] = {}
        for event in events:
            if isinstance(event, Overrun):
                longer[event.visit_id] = longer.get(event.visit_id, 0) + event.extra_min
        return cls(
            made={e.visit_id: e for e in events if isinstance(e, Made)},
            missed={e.visit_id for e in events if isinstance(e, Missed)},
            longer=longer,
            ill={e.technician_id: e for e in events if isinstance(e, Illness)},
        )

    def works_until(self, technician_id: int, now: Moment) -> float:
        """Minute of today at which the technician stops; infinity if he does not."""
        illness = self.ill.get(technician_id)
        if illness is None:
            return float("inf")
        return now.minute if illness.from_min is None else illness.from_min


def facts_at(
    plan: Sequence[TechnicianDay], now: Moment, known: Known, durations: Mapping[int, int]
) -> dict[int, Fact]:
    """Visits that can no longer be changed, by visit_id.

    Reported facts (`Made`) come first. Of the rest of the plan, the days before today are taken as made,
    and today every visit for which its technician had left before now, later than planned when the visit
    before took longer. A visit that an illness cuts off is not a fact. `durations`: planned minutes.
    """
    published = slots_of(plan)
    facts = {
        made.visit_id: _reported(made, known, durations, published.get(made.visit_id, ()))
        for made in known.made.values()
    }
    found: dict[int, list[tuple[int, int]]] = {}
    for day in plan:
        if day.day <= now.day:
            for visit_id, start, end in _begun(day, now, known, facts):
                found.setdefault(visit_id, []).append((start, end))
    for visit_id, times in found.items():
        crew = published[visit_id]
        start = max(begin for begin, _ in times)
        end = max(end for _, end in times)
        cut = crew[0].day == now.day and any(known.works_until(s.technician_id, now) < end for s in crew)
        if visit_id not in facts and not cut:
            # One of a crew on the way is the whole crew under way.
            slots = tuple(Slot(slot.technician_id, slot.day, start) for slot in crew)
            facts[visit_id] = Fact(slots, end - start)
    return facts


def _reported(made: Made, known: Known, durations: Mapping[int, int], published: Sequence[Slot]) -> Fact:
    lasts = durations.get(made.visit_id, 0) + known.longer.get(made.visit_id, 0)
    if made.end_min is not None:
        lasts = made.end_min - made.start_min
    crew = set(made.technicians)
    if len(published) > len(crew):
        # Not everybody's telephone has reported yet.
        crew |= {slot.technician_id for slot in published if slot.day == made.day}
    slots = tuple(Slot(technician, made.day, made.start_min) for technician in sorted(crew))
    return Fact(slots, max(1, lasts))


def _begun(
    day: TechnicianDay, now: Moment, known: Known, facts: Mapping[int, Fact]
) -> Iterator[tuple[int, int, int]]:
    """(visit, start, end) of the visits begun, or driven to, before now; reported ones are left out."""
    today = day.day == now.day
    stops_at = known.works_until(day.technician_id, now) if today else float("inf")
    planned_end = free_from = day.depart_min
    for stop in day.visits:
        lasts = stop.end_min - stop.start_min + known.longer.get(stop.visit_id, 0)
        leaves = max(stop.arrival_min - stop.travel_min, free_from)
        lunch_ahead = day.lunch_start_min is not None and planned_end <= day.lunch_start_min < stop.start_min
        if lunch_ahead and free_from > planned_end:
            # Lunch is taken all the same, after what took longer.
            leaves += free_from - planned_end
        start = max(stop.start_min, leaves + stop.travel_min)
        planned_end = stop.end_min
        reported = facts.get(stop.visit_id)
        if reported is not None:
            if reported.slots[0].day == day.day:
                free_from = max(free_from, reported.slots[0].start_min + reported.duration_min)
            continue
        if stop.visit_id in known.missed:
            continue
        end = start + lasts
        if today and (leaves >= now.minute or end > stops_at):
            return
        free_from = end
        yield stop.visit_id, start, end
