"""Faults of visits: each on its own, then among themselves (pins at one time, circles of sequences)."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date

from optimisers.model.faults import Fault
from optimisers.model.people import MIDNIGHT_MIN, Technician
from optimisers.model.people_faults import faults_of_names, faults_of_place
from optimisers.model.visits import Visit


def faults_of_visit(
    visit: Visit, technicians: Set[int], known_skills: Set[str] | None = None
) -> Iterator[Fault]:
    """Faults of one visit, `technicians` being the ids that it may be reserved or published for."""
    subject = f"visit {visit.visit_id}"
    yield from faults_of_place(subject, visit.place)
    yield from faults_of_names(subject, visit.skills, visit.tools, visit.parts, known_skills)
    if not visit.duration_min > 0:
        shown = f"duration {visit.duration_min} min"
        yield Fault(subject, shown, "more than 0", "correct the planned duration")
    if not (math.isfinite(visit.priority) and visit.priority >= 0):
        yield Fault(subject, f"priority {visit.priority}", "a finite number >= 0", "correct the priority")
    for window in visit.windows:
        if not 0 <= window.start_min < window.end_min <= MIDNIGHT_MIN:
            shown = f"open {window.start_min}–{window.end_min} min"
            yield Fault(subject, shown, "0 <= opening < closing <= 1440", "correct the opening hours")
    promise = visit.appointment
    if promise is not None and not 0 <= promise.start_min <= promise.end_min <= MIDNIGHT_MIN:
        shown = f"appointment {promise.start_min}–{promise.end_min} min"
        yield Fault(subject, shown, "0 <= start <= end <= 1440", "correct the promised window")
    if visit.crew < 1 or visit.crew > max(1, len(technicians)):
        shown, expected = f"a crew of {visit.crew}", f"from 1 to the {len(technicians)} technicians"
        yield Fault(subject, shown, expected, "correct the crew or add technicians")
    for slot in visit.published:
        if slot.technician_id not in technicians:
            shown = f"published for technician {slot.technician_id}"
            yield Fault(subject, shown, "a technician of the problem", "add the technician or drop the slot")
        if not 0 <= slot.start_min <= MIDNIGHT_MIN:
            shown = f"published at {slot.start_min} min"
            yield Fault(subject, shown, "from 0 to 1440", "correct the slot")
    yield from _pin(subject, visit, technicians)


def _pin(subject: str, visit: Visit, technicians: Set[int]) -> Iterator[Fault]:
    pin, promise = visit.pin, visit.appointment
    if visit.frozen and (pin is None or None in (pin.technician_id, pin.day, pin.start_min)):
        yield Fault(
            subject, "frozen, with a pin that is not full", "technician, day and start", "complete it"
        )
    if pin is None:
        return
    if pin.technician_id is not None and pin.technician_id not in technicians:
        shown = f"pinned to technician {pin.technician_id}"
        yield Fault(subject, shown, "a technician of the problem", "add the technician or drop the pin")
    if pin.start_min is not None and not 0 <= pin.start_min <= MIDNIGHT_MIN:
        yield Fault(subject, f"pinned at {pin.start_min} min", "from 0 to 1440", "correct the pin")
        return
    if visit.frozen:
        crew = {slot.technician_id for slot in visit.published if slot.day == pin.day} | {pin.technician_id}
        if len(crew) < visit.crew:
            expected = f"published slots of all {visit.crew}"
            yield Fault(subject, f"frozen with {len(crew)} of its crew", expected, "give the others' slots")
        return
    if promise is not None and not promise.movable and pin.day not in (None, promise.day):
        shown, expected = f"pinned to {pin.day}", f"the promised day, {promise.day}"
        yield Fault(subject, shown, expected, "drop the pin or make the appointment movable")
    elif pin.start_min is not None:
        yield from _pinned_start(subject, visit, pin.day, pin.start_min)


def _pinned_start(subject: str, visit: Visit, day: date | None, start: int) -> Iterator[Fault]:
    promise = visit.appointment
    if promise is not None and (day == promise.day or (day is None and not promise.movable)):
        if not promise.start_min <= start <= promise.end_min:
            expected = f"inside the promise, {promise.start_min}–{promise.end_min}"
            yield Fault(subject, f"pinned at {start} min", expected, "correct the pin or the appointment")
        return
    open_hours = visit.windows if day is None else visit.windows_on(day)
    end = start + visit.duration_min
    kept = any(window.start_min <= start and end <= window.end_min for window in open_hours)
    # Without a day, a movable promise may still be kept on its own day whatever the opening hours.
    kept |= day is None and promise is not None and promise.start_min <= start <= promise.end_min
    if not kept:
        hours = ", ".join(f"{w.start_min}–{w.end_min}" for w in open_hours) or "closed that day"
        yield Fault(
            subject, f"pinned to {start}–{end} min", f"inside opening hours: {hours}", "correct the pin"
        )


def faults_between(
    visits: Sequence[Visit], technicians: Mapping[int, Technician], days: Sequence[date]
) -> Iterator[Fault]:
    """Pins against days and absences, two pins at one time, sequences that cannot be."""
    pinned: dict[tuple[int, date], list[tuple[int, int, int]]] = defaultdict(list)
    for visit in visits:
        pin = visit.pin
        subject = f"visit {visit.visit_id}"
        if pin is None:
            continue
        if pin.day is not None and pin.day not in days:
            yield Fault(subject, f"pinned to {pin.day}", "a day of the problem", "correct or drop the pin")
        who = technicians.get(pin.technician_id) if pin.technician_id is not None else None
        if visit.frozen or who is None or pin.day is None:
            continue
        if pin.day in who.absent_on:
            shown = f"pinned to technician {who.technician_id} on {pin.day}"
            yield Fault(subject, shown, "a day on which he is not absent", "correct or drop the pin")
        if pin.start_min is not None:
            span = (pin.start_min, pin.start_min + visit.duration_min, visit.visit_id)
            pinned[who.technician_id, pin.day].append(span)
    for (technician_id, day), spans in pinned.items():
        for first, second in itertools.combinations(sorted(spans), 2):
            if second[0] < first[1] and first[2] != second[2]:
                shown = f"pinned at {second[0]} min while visit {first[2]} lasts until {first[1]}"
                expected = f"one visit at a time for technician {technician_id} on {day}"
                yield Fault(f"visit {second[2]}", shown, expected, "move or drop one of the two pins")
    yield from _sequences(visits)


def _sequences(visits: Sequence[Visit]) -> Iterator[Fault]:
    after = {visit.visit_id: visit.after for visit in visits}
    for visit in visits:
        for before in sorted(visit.after - set(after)):
            remedy = "add that visit or drop the sequence"
            yield Fault(f"visit {visit.visit_id}", f"after visit {before}", "a visit of the problem", remedy)
    waiting = {visit_id: {b for b in befores if b in after} for visit_id, befores in after.items() if befores}
    while True:
        ended = {visit_id for visit_id, befores in waiting.items() if not befores & waiting.keys()}
        if not ended:
            break
        waiting = {visit_id: befores for visit_id, befores in waiting.items() if visit_id not in ended}
    for visit_id in sorted(_on_circles(waiting)):
        befores = ", ".join(map(str, sorted(waiting[visit_id] & waiting.keys())))
        remedy = "drop one of the sequences of the circle"
        yield Fault(f"visit {visit_id}", f"after {befores}, which waits for it", "no circle", remedy)


def _on_circles(waiting: Mapping[int, Set[int]]) -> Set[int]:
    """Visits that come after themselves; those that only wait for a circle are not at fault."""
    found = set()
    for start in waiting:
        seen: set[int] = set()
        reached = list(waiting[start])
        while reached:
            visit_id = reached.pop()
            if visit_id not in seen:
                seen.add(visit_id)
                reached += waiting.get(visit_id, ())
        if start in seen:
            found.add(start)
    return found
