"""Check a plan, from a solver or from a human, against the rules of its problem; name each violation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimisers.checker.clock import clock, day_hours, lunch_rules
from optimisers.checker.coverage import coverage
from optimisers.checker.equipment import equipment
from optimisers.checker.ground import Ground, name_of
from optimisers.checker.report import Report, Violation
from optimisers.checker.scoring import score
from optimisers.checker.stops import absence, stops
from optimisers.checker.week import weeks
from optimisers.checker.working_time import working_day
from optimisers.model import Problem, TechnicianDay, Unassigned


def check(problem: Problem, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]) -> Report:
    """All violations of the plan, and its recomputed cost. Never raises on a bad plan."""
    ground = Ground(problem)
    violations = list(coverage(ground, plan, unassigned))
    for day in plan:
        violations += _day(ground, day)
    violations += [*equipment(ground, plan), *weeks(ground, plan)]
    costs, km = score(problem, plan, unassigned)
    return Report(tuple(violations), costs, km)


def _day(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    if day.technician_id not in ground.technicians:
        yield Violation("technician_unknown", name_of(day), "is not in the problem")
        return
    if day.day not in ground.problem.days:
        detail = "is not a working day of the problem (weekend, holiday or outside)"
        yield Violation("day_not_worked", name_of(day), detail)
    for rule in (stops, absence, clock, lunch_rules, day_hours, working_day):
        yield from rule(ground, day)
