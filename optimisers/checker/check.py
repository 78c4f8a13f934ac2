"""Check a plan, from a solver or from a human, against the rules of its problem; name each violation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimisers.checker.scoring import score
from optimisers.model import Costs, PlannedVisit, Problem, TechnicianDay, Unassigned, Visit


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `kind` is stable, `subject` names visit or day, `detail` says found and expected."""

    kind: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Report:
    """Violations found, and the cost recomputed from the problem alone. `km` is from home to home."""

    violations: tuple[Violation, ...]
    costs: Costs
    km: float

    @property
    def lawful(self) -> bool:
        return not self.violations


def check(problem: Problem, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]) -> Report:
    """All violations of the plan, and its recomputed cost. Never raises on a bad plan."""
    violations = [*_coverage(problem, plan, unassigned), *_one_tour_a_day(plan)]
    for day in plan:
        violations += _day(problem, day)
    costs, km = score(problem, plan, unassigned)
    return Report(tuple(violations), costs, km)


def _coverage(
    problem: Problem, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]
) -> Iterator[Violation]:
    done = Counter(stop.visit_id for day in plan for stop in day.visits)
    left = Counter(item.visit_id for item in unassigned)
    known = {visit.visit_id for visit in problem.visits}
    for visit_id in sorted(known):
        times = done[visit_id] + left[visit_id]
        if times == 0:
            yield Violation(
                "visit_forgotten", f"visit {visit_id}", "neither planned nor listed as unassigned"
            )
        elif times > 1:
            detail = (
                f"planned {done[visit_id]} times, unassigned {left[visit_id]} times, expected once in all"
            )
            yield Violation("visit_repeated", f"visit {visit_id}", detail)
    for visit_id in sorted((set(done) | set(left)) - known):
        yield Violation("visit_unknown", f"visit {visit_id}", "is not in the problem")
    for item in unassigned:
        if not item.reason.strip():
            yield Violation("reason_missing", f"visit {item.visit_id}", "left out without a reason")


def _one_tour_a_day(plan: Sequence[TechnicianDay]) -> Iterator[Violation]:
    for (technician_id, day), count in Counter((d.technician_id, d.day) for d in plan).items():
        if count > 1:
            yield Violation(
                "tour_repeated", f"technician {technician_id} on {day}", f"{count} tours, expected one"
            )


def _day(problem: Problem, day: TechnicianDay) -> Iterator[Violation]:
    subject = f"technician {day.technician_id} on {day.day}"
    numbers = {t.technician_id: n for n, t in enumerate(problem.technicians)}
    if day.technician_id not in numbers:
        yield Violation("technician_unknown", subject, "is not in the problem")
        return
    technician = problem.technicians[numbers[day.technician_id]]
    if day.day not in problem.days:
        yield Violation(
            "day_not_worked", subject, "is not a working day of the problem (weekend, holiday or outside)"
        )
    if day.day in technician.absent_on:
        yield Violation("technician_absent", subject, "is absent that day")
    visits = {visit.visit_id: visit for visit in problem.visits}
    for stop in day.visits:
        visit = visits.get(stop.visit_id)
        if visit is None:
            continue  # named by the coverage check
        if visit.skill is not None and visit.skill not in technician.skills:
            have = ", ".join(sorted(technician.skills)) or "none"
            yield Violation(
                "skill_missing", f"visit {visit.visit_id}", f"needs {visit.skill}, {subject} has {have}"
            )
        if visit.technician_id is not None and visit.technician_id != day.technician_id:
            detail = f"reserved for technician {visit.technician_id}, given to {day.technician_id}"
            yield Violation("wrong_technician", f"visit {visit.visit_id}", detail)
        yield from _stop(visit, stop, day)
    yield from _clock(problem, day, numbers[day.technician_id], subject)
    yield from _lunch(problem, day, subject)
    yield from _working_time(problem, day, technician.hours_per_day, subject)


def _stop(visit: Visit, stop: PlannedVisit, day: TechnicianDay) -> Iterator[Violation]:
    subject = f"visit {visit.visit_id}"
    if stop.end_min - stop.start_min != visit.duration_min:
        detail = f"lasts {stop.end_min - stop.start_min} min, expected {visit.duration_min}"
        yield Violation("duration_wrong", subject, detail)
    promise = visit.appointment
    if promise is None:
        if stop.start_min < visit.open_from_min or stop.end_min > visit.open_until_min:
            detail = f"{stop.start_min}–{stop.end_min} outside {visit.open_from_min}–{visit.open_until_min}"
            yield Violation("outside_opening_hours", subject, detail)
    elif day.day != promise.day:
        yield Violation("appointment_day", subject, f"on {day.day}, promised {promise.day}")
    elif not promise.start_min <= stop.start_min <= promise.end_min:
        detail = f"begins at {stop.start_min}, promised {promise.start_min}–{promise.end_min}"
        yield Violation("appointment_time", subject, detail)


def _clock(problem: Problem, day: TechnicianDay, technician: int, subject: str) -> Iterator[Violation]:
    """Driving takes at least the matrix time, between the end of a visit and the arrival at the next."""
    positions = {v.visit_id: len(problem.technicians) + n for n, v in enumerate(problem.visits)}
    at, free_from = technician, day.depart_min
    for stop in day.visits:
        if stop.visit_id not in positions:
            continue
        here = positions[stop.visit_id]
        need = int(problem.travel.minutes[at, here])
        name = f"visit {stop.visit_id}"
        if stop.arrival_min - free_from < need:
            detail = f"{stop.arrival_min - free_from} min to arrive, the way takes {need}"
            yield Violation("travel_too_short", name, detail)
        if stop.start_min < stop.arrival_min:
            yield Violation(
                "starts_before_arrival", name, f"starts {stop.start_min}, arrives {stop.arrival_min}"
            )
        metres = int(problem.travel.metres[at, here])
        if (stop.travel_m, stop.travel_min) != (metres, need):
            detail = f"leg {stop.travel_m} m, {stop.travel_min} min; the matrix says {metres} m, {need} min"
            yield Violation("leg_misreported", name, detail)
        at, free_from = here, stop.end_min
    need, metres = int(problem.travel.minutes[at, technician]), int(problem.travel.metres[at, technician])
    if day.return_min - free_from < need:
        yield Violation(
            "travel_too_short", subject, f"{day.return_min - free_from} min to be home, the way takes {need}"
        )
    if (day.return_m, day.return_travel_min) != (metres, need):
        detail = (
            f"way home {day.return_m} m, {day.return_travel_min} min; the matrix says {metres} m, {need} min"
        )
        yield Violation("leg_misreported", subject, detail)


def _lunch(problem: Problem, day: TechnicianDay, subject: str) -> Iterator[Violation]:
    rules = problem.rules
    if not day.visits or rules.lunch_min == 0:
        return
    start = day.lunch_start_min
    if start is None:
        back_in_time = day.return_min <= rules.lunch_until_min - rules.lunch_min
        gone_late = day.depart_min >= rules.lunch_from_min + rules.lunch_min
        if not back_in_time and not gone_late:
            detail = (
                f"away {day.depart_min}–{day.return_min}, no lunch of {rules.lunch_min} min in its window"
            )
            yield Violation("lunch_missing", subject, detail)
        return
    end = start + rules.lunch_min
    if start < rules.lunch_from_min or end > rules.lunch_until_min:
        detail = f"{start}–{end} outside {rules.lunch_from_min}–{rules.lunch_until_min}"
        yield Violation("lunch_outside_window", subject, detail)
    # Driving is the last stretch before the arrival; what lies between it and the work around it is free.
    busy = [(s.start_min, s.end_min) for s in day.visits]
    busy += [(s.arrival_min - s.travel_min, s.arrival_min) for s in day.visits]
    busy.append((day.return_min - day.return_travel_min, day.return_min))
    if any(begin < end and start < finish for begin, finish in busy):
        yield Violation("lunch_overlaps_work", subject, f"{start}–{end} overlaps a visit or driving")


def _working_time(problem: Problem, day: TechnicianDay, hours: float, subject: str) -> Iterator[Violation]:
    rules = problem.rules
    if not day.visits:
        return
    if day.depart_min < rules.day_start_min or day.return_min > rules.day_end_min:
        detail = f"away {day.depart_min}–{day.return_min}, allowed {rules.day_start_min}–{rules.day_end_min}"
        yield Violation("outside_working_day", subject, detail)
    inside = day.lunch_start_min is not None and (
        day.depart_min <= day.lunch_start_min and day.lunch_start_min + rules.lunch_min <= day.return_min
    )
    worked = day.return_min - day.depart_min - (rules.lunch_min if inside else 0)
    if worked > hours * 60:
        yield Violation(
            "day_too_long", subject, f"{worked} min worked travel included, at most {hours * 60:.0f}"
        )
