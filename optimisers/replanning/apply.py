"""The problem at a moment of a published plan: what has begun is frozen, what happened since is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from optimisers.model import (
    Absence,
    InvalidProblem,
    Moment,
    Pin,
    Problem,
    Slot,
    Technician,
    TechnicianDay,
    TravelMatrix,
    Visit,
    places_of,
)
from optimisers.replanning.changes import slots_of
from optimisers.replanning.event_faults import event_faults
from optimisers.replanning.events import Cancelled, Event, Illness, UrgentVisit
from optimisers.replanning.under_way import Fact, Known, facts_at
from optimisers.travel import DetourTravel, TravelProvider


def apply(
    problem: Problem,
    plan: Sequence[TechnicianDay],
    events: Sequence[Event],
    now: Moment,
    travel: TravelProvider | None = None,
) -> Problem:
    """The problem that remains at `now`, when `plan` is the one in force and `events` have happened.

    Visits begun before now, or driven to, are frozen where they are (see `under_way.facts_at`). The others
    carry their published slots, so that changes are counted, and their appointments can be moved at a cost:
    pins hold, promises cost by notice. A promise of a day gone by no longer binds. An ill technician is
    absent; urgent visits enter, cancelled ones leave. Legs between places that the problem already knows
    are kept, `travel` (great circles by default) gives those of new places.

    Raises InvalidProblem, with all faults at once: ids unknown to the problem, a visit cancelled after it
    began, `now` outside the horizon, the faults of urgent visits.
    """
    durations = {visit.visit_id: visit.duration_min for visit in problem.visits}
    known = Known.of(events)
    facts = facts_at(plan, now, known, durations)
    faults = event_faults(problem, plan, events, now, facts)
    if faults:
        raise InvalidProblem(faults)
    gone = {event.visit_id for event in events if isinstance(event, Cancelled)}
    published = slots_of(plan)
    kept = [
        _at_now(visit, published.get(visit.visit_id, ()), facts.get(visit.visit_id), known.longer, now)
        for visit in problem.visits
        if visit.visit_id not in gone
    ]
    new = [event.visit for event in events if isinstance(event, UrgentVisit)]
    visits = tuple(replace(visit, after=visit.after - gone) for visit in [*kept, *new])
    technicians = tuple(
        _still_there(t, known.ill.get(t.technician_id), now, visits) for t in problem.technicians
    )
    matrix = _legs(problem, technicians, visits, travel or DetourTravel())
    return replace(problem, technicians=technicians, visits=visits, travel=matrix, now=now)


def _at_now(
    visit: Visit, published: tuple[Slot, ...], fact: Fact | None, longer: Mapping[int, int], now: Moment
) -> Visit:
    if fact is not None:
        first = fact.slots[0]
        pin = Pin(first.technician_id, first.day, first.start_min)
        return replace(visit, frozen=True, pin=pin, published=fact.slots, duration_min=fact.duration_min)
    promise = visit.appointment
    if promise is not None:
        promise = replace(promise, movable=True) if promise.day >= now.day else None
    duration = visit.duration_min + longer.get(visit.visit_id, 0)
    return replace(visit, published=published, appointment=promise, duration_min=duration, frozen=False)


def _still_there(
    technician: Technician, illness: Illness | None, now: Moment, visits: Sequence[Visit]
) -> Technician:
    """The technician without the hours and days of his illness.

    A whole day for which a visit is pinned to him is an absence by the hour: the pin is then a conflict that
    the plan names, not a fault of the problem.
    """
    if illness is None:
        return technician
    from_min = now.minute if illness.from_min is None else illness.from_min
    last = illness.last_day or now.day
    later = {now.day + timedelta(days=n) for n in range(1, (last - now.day).days + 1)}
    pins = [visit.pin for visit in visits if visit.pin is not None and not visit.frozen]
    pinned = later & {pin.day for pin in pins if pin.technician_id == technician.technician_id}
    return replace(
        technician,
        absences=(
            *technician.absences,
            Absence(now.day, from_min),
            *(Absence(day) for day in sorted(pinned)),
        ),
        absent_on=technician.absent_on | (later - pinned),
    )


def _legs(
    problem: Problem, technicians: Sequence[Technician], visits: Sequence[Visit], travel: TravelProvider
) -> TravelMatrix:
    """Legs of the new list of places: known ones as they were, the others from the provider."""
    places = places_of(technicians, visits, problem.depot)
    homes, before = len(technicians), len(problem.visits)
    seen = [*range(homes)]
    seen += [homes + problem.visit_number.get(visit.visit_id, -1 - homes) for visit in visits]
    seen += [homes + before + n for n in range(len(places) - homes - len(visits))]
    old = np.array(seen)
    fresh = np.flatnonzero(old < 0)
    block = np.ix_(old, old)
    metres, minutes = problem.travel.metres[block], problem.travel.minutes[block]
    if fresh.size:
        legs = travel.matrix(places)
        for known, given in ((metres, legs.metres), (minutes, legs.minutes)):
            known[fresh, :] = given[fresh, :]
            known[:, fresh] = given[:, fresh]
    return TravelMatrix(metres, minutes)
