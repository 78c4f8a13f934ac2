"""Who does what: every visit once, with its whole crew, after its predecessors, facts as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from optimisers.checker.ground import Ground, name_of
from optimisers.checker.report import Violation
from optimisers.model import PlannedVisit, TechnicianDay, Unassigned, Visit

Planned = Mapping[int, list[tuple[TechnicianDay, PlannedVisit]]]


def planned_by_visit(plan: Sequence[TechnicianDay]) -> Planned:
    """Where each visit id is in the plan, in the plan's order."""
    found: dict[int, list[tuple[TechnicianDay, PlannedVisit]]] = defaultdict(list)
    for day in plan:
        for stop in day.visits:
            found[stop.visit_id].append((day, stop))
    return found


def coverage(
    ground: Ground, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]
) -> Iterator[Violation]:
    """Forgotten, repeated and unknown visits, incomplete crews, reasons, tours, changed facts, sequences."""
    planned = planned_by_visit(plan)
    left = Counter(item.visit_id for item in unassigned)
    for visit in ground.visits.values():
        yield from _once(visit, planned.get(visit.visit_id, []), left[visit.visit_id])
        yield from _facts(visit, planned.get(visit.visit_id, []))
        yield from _sequence(ground, visit, planned)
    for visit_id in sorted((set(planned) | set(left)) - set(ground.visits)):
        yield Violation("visit_unknown", f"visit {visit_id}", "is not in the problem")
    for item in unassigned:
        if not item.reason.strip():
            yield Violation("reason_missing", f"visit {item.visit_id}", "left out without a reason")
    for (technician_id, day), count in Counter((d.technician_id, d.day) for d in plan).items():
        if count > 1:
            subject = f"technician {technician_id} on {day}"
            yield Violation("tour_repeated", subject, f"{count} tours, expected one")


def _once(visit: Visit, where: list[tuple[TechnicianDay, PlannedVisit]], left: int) -> Iterator[Violation]:
    subject = f"visit {visit.visit_id}"
    people = {day.technician_id for day, _ in where}
    if not where and not left:
        yield Violation("visit_forgotten", subject, "neither planned nor listed as unassigned")
    elif left + bool(where) > 1 or len(where) > visit.crew:
        detail = f"planned {len(where)} times, unassigned {left} times, expected {visit.crew} or 1"
        yield Violation("visit_repeated", subject, detail)
    elif where and len(people) < visit.crew:
        detail = f"{len(people)} technician(s), expected {visit.crew} at the same time"
        yield Violation("crew_incomplete", subject, detail)
    moments = sorted({(day.day, stop.start_min) for day, stop in where})
    if visit.crew > 1 and len(moments) > 1:
        shown = ", ".join(f"{day} at {minute}" for day, minute in moments)
        yield Violation("crew_apart", subject, f"begins {shown}; expected one moment for all")
    if not where and left and visit.pin is not None and not visit.frozen:
        yield Violation("pin_left_out", subject, "unassigned, expected where it is pinned")
    pinned = None if visit.pin is None or visit.frozen else visit.pin.technician_id
    if where and pinned is not None and pinned not in people:
        detail = f"pinned to technician {pinned}, given to {', '.join(map(str, sorted(people)))}"
        yield Violation("pin_technician", subject, detail)


def _facts(visit: Visit, where: list[tuple[TechnicianDay, PlannedVisit]]) -> Iterator[Violation]:
    """A frozen visit stays with its technician, day, beginning and duration."""
    pin = visit.pin
    if not visit.frozen or pin is None or pin.start_min is None:
        return
    subject = f"visit {visit.visit_id}"
    expected = f"technician {pin.technician_id}, {pin.day}, {pin.start_min} for {visit.duration_min} min"
    if not any(day.technician_id == pin.technician_id for day, _ in where):
        yield Violation("fact_changed", subject, f"not with its technician; it is a fact: {expected}")
    for day, stop in where:
        found = (day.day, stop.start_min, stop.end_min)
        if found != (pin.day, pin.start_min, pin.start_min + visit.duration_min):
            detail = f"{name_of(day)}, {stop.start_min}–{stop.end_min}; it is a fact: {expected}"
            yield Violation("fact_changed", subject, detail)


def _sequence(ground: Ground, visit: Visit, planned: Planned) -> Iterator[Violation]:
    where = planned.get(visit.visit_id)
    if not where or visit.frozen:
        return
    begin = min((day.day, stop.start_min) for day, stop in where)
    for before in sorted(visit.after):
        subject = f"visit {visit.visit_id}"
        first = planned.get(before)
        if not first:
            yield Violation("predecessor_missing", subject, f"planned, but not visit {before} before it")
            continue
        end = max((day.day, stop.end_min) for day, stop in first)
        if end > begin:
            detail = f"begins {begin[0]} at {begin[1]}, visit {before} ends {end[0]} at {end[1]}"
            yield Violation("predecessor_later", subject, detail)
