"""Planted faults: for each rule, a lawful plan is broken on purpose and the checker must name that rule."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import optimisers.checker
from optimisers import weekly
from optimisers.checker import check
from optimisers.model import Appointment, Place, Stop, Technician, Unassigned, Visit

MONDAY = date(2025, 11, 17)

TUESDAY = MONDAY + timedelta(1)


@pytest.fixture(scope="module")
def week(problem_of):
    """Two technicians, ten visits of which one promised and one reserved, planned."""
    crew = [
        Technician(1, "A", Place(45.90, 6.13), frozenset({"VMC", "IRVE"})),
        Technician(2, "B", Place(45.92, 6.15), frozenset({"VMC"}), absent_on=frozenset({TUESDAY})),
    ]
    visits = [
        Visit(n, Place(45.90 + n / 500, 6.14 + n / 700), 90, "IRVE" if n == 1 else "VMC", zone=1)
        for n in range(1, 11)
    ]
    visits[1] = replace(visits[1], appointment=Appointment(MONDAY, 14 * 60, 16 * 60))
    visits[2] = replace(visits[2], technician_id=1)
    problem = problem_of(crew, visits, days=2)
    result = weekly.solve(problem, Stop(max_iterations=500), 1)
    assert check(problem, result.plan, result.unassigned).lawful
    assert result.unassigned == ()
    return problem, result.plan


def _kinds(problem, plan, unassigned=()):
    return {violation.kind for violation in check(problem, plan, unassigned).violations}


def _day_with(plan, visit_id):
    return next(n for n, day in enumerate(plan) if visit_id in [s.visit_id for s in day.visits])


def _changed(plan, number, **changes):
    return tuple(replace(day, **changes) if n == number else day for n, day in enumerate(plan))


def _stop_changed(plan, visit, **changes):
    number = _day_with(plan, visit)
    stops = tuple(replace(s, **changes) if s.visit_id == visit else s for s in plan[number].visits)
    return _changed(plan, number, visits=stops)


def test_forgotten_visit(week):
    problem, plan = week
    assert "visit_forgotten" in _kinds(problem, _changed(plan, 0, visits=plan[0].visits[1:]))


def test_repeated_visit(week):
    problem, plan = week
    assert "visit_repeated" in _kinds(problem, _changed(plan, 0, visits=plan[0].visits + plan[1].visits[:1]))
    listed = [Unassigned(plan[0].visits[0].visit_id, "capacite", "plus de place")]
    assert "visit_repeated" in _kinds(problem, plan, listed)


def test_unknown_visit_and_technician(week):
    problem, plan = week
    assert "visit_unknown" in _kinds(problem, _stop_changed(plan, 4, visit_id=999))
    assert "technician_unknown" in _kinds(problem, _changed(plan, 0, technician_id=9))


def test_unassigned_without_reason(week):
    problem, plan = week
    short = _changed(plan, 0, visits=plan[0].visits[1:])
    assert "reason_missing" in _kinds(problem, short, [Unassigned(plan[0].visits[0].visit_id, "", " ")])


def test_two_tours_of_one_technician_on_one_day(week):
    problem, plan = week
    assert "tour_repeated" in _kinds(problem, (*plan, replace(plan[0], visits=())))


def test_holiday_weekend_or_day_outside_the_horizon(week):
    problem, plan = week
    assert "day_not_worked" in _kinds(problem, _changed(plan, 0, day=MONDAY + timedelta(5)))


def test_absent_technician(week):
    problem, plan = week
    of_b = next(n for n, day in enumerate(plan) if day.technician_id == 2)
    assert "technician_absent" in _kinds(problem, _changed(plan, of_b, day=TUESDAY))


def test_missing_skill_and_reserved_visit(week):
    problem, plan = week
    assert "skill_missing" in _kinds(problem, _changed(plan, _day_with(plan, 1), technician_id=2))
    assert "wrong_technician" in _kinds(problem, _changed(plan, _day_with(plan, 3), technician_id=2))


def test_shortened_visit(week):
    problem, plan = week
    stop = plan[0].visits[0]
    assert "duration_wrong" in _kinds(problem, _stop_changed(plan, stop.visit_id, end_min=stop.end_min - 5))


def test_outside_opening_hours(week):
    problem, plan = week
    changed = replace(problem.visits[4], open_from_min=60, open_until_min=200)
    visits = tuple(changed if v.visit_id == changed.visit_id else v for v in problem.visits)
    assert "outside_opening_hours" in _kinds(replace(problem, visits=visits), plan)


def test_broken_appointment(week):
    problem, plan = week
    number = _day_with(plan, 2)
    assert "appointment_day" in _kinds(problem, _changed(plan, number, day=TUESDAY))
    assert "appointment_time" in _kinds(
        problem, _stop_changed(plan, 2, start_min=13 * 60, end_min=13 * 60 + 90)
    )


def test_travel_shorter_than_the_matrix(week):
    problem, plan = week
    first = plan[0].visits[0]
    assert "travel_too_short" in _kinds(problem, _changed(plan, 0, depart_min=first.arrival_min - 1))
    early = plan[0].visits[-1].end_min + 1
    assert "travel_too_short" in _kinds(problem, _changed(plan, 0, return_min=early))


def test_start_before_arrival(week):
    problem, plan = week
    stop = plan[0].visits[1]
    assert "starts_before_arrival" in _kinds(
        problem, _stop_changed(plan, stop.visit_id, arrival_min=stop.start_min + 1)
    )


def test_misreported_legs(week):
    problem, plan = week
    assert "leg_misreported" in _kinds(problem, _stop_changed(plan, plan[0].visits[0].visit_id, travel_m=1))
    assert "leg_misreported" in _kinds(problem, _changed(plan, 0, return_m=1))


def test_lunch_missing_misplaced_or_worked_through(week):
    problem, plan = week
    number = next(n for n, day in enumerate(plan) if day.lunch_start_min is not None and day.return_min > 840)
    day = plan[number]
    assert "lunch_missing" in _kinds(problem, _changed(plan, number, lunch_start_min=None))
    assert "lunch_outside_window" in _kinds(problem, _changed(plan, number, lunch_start_min=10 * 60))
    during = next(s for s in day.visits if s.end_min > 690 and s.start_min < 795)
    start = max(690, during.start_min)
    assert "lunch_overlaps_work" in _kinds(problem, _changed(plan, number, lunch_start_min=start))


def test_day_outside_its_limits_and_too_long(week):
    problem, plan = week
    assert "outside_working_day" in _kinds(problem, _changed(plan, 0, depart_min=7 * 60))
    kinds = _kinds(problem, _changed(plan, 0, depart_min=8 * 60, return_min=18 * 60, lunch_start_min=None))
    assert "day_too_long" in kinds


def test_cost_is_recomputed_from_the_matrix_not_from_the_plan(week):
    problem, plan = week
    honest = check(problem, plan, ()).km
    assert check(problem, _changed(plan, 0, return_m=1), ()).km == honest


def test_the_checker_imports_nothing_of_the_solvers():
    folder = Path(optimisers.checker.__file__).parent
    imported = set()
    for module in folder.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("optimisers"):
                imported.add(node.module)
    assert {name for name in imported if not name.startswith("optimisers.checker")} == {"optimisers.model"}
