"""One visit in one day: who may make it, when it may begin, how long it takes."""

from __future__ import annotations

from collections.abc import Iterator

from optimisers.checker.ground import Ground, Leg, name_of
from optimisers.checker.report import Violation
from optimisers.model import PlannedVisit, Technician, TechnicianDay, Visit


def stops(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """Violations of the visits of a day, each on its own; facts are not judged."""
    technician = ground.technicians[day.technician_id]
    for stop, visit, leg in ground.stops(day):
        if not visit.frozen:
            yield from _skills_and_day(technician, visit, day)
            yield from _time(visit, stop, day)
            yield from _now(ground, stop, leg, day)


def absence(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """Driving and work for visits that are not facts, while the technician is away."""
    technician = ground.technicians[day.technician_id]
    known = ground.stops(day)
    if not ground.judged(day):
        return
    if day.day in technician.absent_on:
        yield Violation("technician_absent", name_of(day), "is absent that day")
    busy = [(s.arrival_min - leg.minutes, s.end_min) for s, visit, leg in known if not visit.frozen]
    if not known[-1][1].frozen:
        busy.append((known[-1][0].end_min, day.return_min))
    for away in technician.absences:
        if away.day == day.day and any(a < away.until_min and b > away.from_min for a, b in busy):
            detail = f"on the road while absent from {away.from_min} to {away.until_min}"
            yield Violation("technician_absent", name_of(day), detail)


def _skills_and_day(technician: Technician, visit: Visit, day: TechnicianDay) -> Iterator[Violation]:
    subject = f"visit {visit.visit_id}"
    for skill, level in visit.skills.items():
        held = technician.skills.get(skill, 0)
        if held < level:
            detail = f"needs {skill} at level {level}, technician {technician.technician_id} has {held}"
            yield Violation("skill_missing", subject, detail)
    pin = visit.pin
    if pin is not None and pin.day is not None and pin.day != day.day:
        yield Violation("pin_day", subject, f"on {day.day}, pinned to {pin.day}")


def _time(visit: Visit, stop: PlannedVisit, day: TechnicianDay) -> Iterator[Violation]:
    subject = f"visit {visit.visit_id}"
    lasts = stop.end_min - stop.start_min
    if lasts != visit.duration_min:
        yield Violation("duration_wrong", subject, f"lasts {lasts} min, expected {visit.duration_min}")
    if visit.pin is not None and visit.pin.start_min not in (None, stop.start_min):
        detail = f"begins at {stop.start_min}, pinned to {visit.pin.start_min}"
        yield Violation("pin_start", subject, detail)
    promise = visit.appointment
    if promise is not None and day.day == promise.day:
        if not promise.start_min <= stop.start_min <= promise.end_min:
            detail = f"begins at {stop.start_min}, promised {promise.start_min}–{promise.end_min}"
            yield Violation("appointment_time", subject, detail)
    elif promise is not None and not promise.movable:
        yield Violation("appointment_day", subject, f"on {day.day}, promised {promise.day}")
    else:
        windows = [w for w in visit.windows if w.day is None or w.day == day.day]
        if not any(w.start_min <= stop.start_min and stop.end_min <= w.end_min for w in windows):
            hours = ", ".join(f"{w.start_min}–{w.end_min}" for w in windows) or "closed that day"
            detail = f"{stop.start_min}–{stop.end_min}, expected inside {hours}"
            yield Violation("outside_opening_hours", subject, detail)


def _now(ground: Ground, stop: PlannedVisit, leg: Leg, day: TechnicianDay) -> Iterator[Violation]:
    now = ground.problem.now
    if now is None or day.day > now.day:
        return
    leaves = stop.arrival_min - leg.minutes
    if day.day < now.day or min(leaves, stop.start_min) < now.minute:
        detail = f"left for on {day.day} at {leaves}, expected after now, {now.day} at {now.minute}"
        yield Violation("before_now", f"visit {stop.visit_id}", detail)
