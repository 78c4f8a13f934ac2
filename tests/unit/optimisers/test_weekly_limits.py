"""Limits of law as the weekly planner hands them to its engine: nights, weeks, stretches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_weekly import technician, visit

from optimisers.model import Derogation, Rules
from optimisers.weekly.compile import compile_problem
from optimisers.weekly.shifts import shifts_of, week_limits

MONDAY = date(2025, 11, 17)
FRIDAY = MONDAY + timedelta(4)


def derogation(limit: str, value: int, last: date = FRIDAY, who: int | None = None) -> Derogation:
    return Derogation(limit, value, MONDAY, last, "accord d’entreprise", who)


@pytest.mark.parametrize(
    ("saturday", "latest"),
    [(date(2026, 3, 21), 1140), (date(2026, 3, 28), 1080), (date(2026, 10, 24), 1200)],
)
def test_a_return_leaves_the_rest_of_the_real_night(problem_of, saturday, latest):
    problem = problem_of([technician()], [visit()], days=1, rules=Rules(360, 1260))
    (shift,) = shifts_of(replace(problem, days=(saturday,)))
    assert shift.latest == latest


@pytest.mark.parametrize(("last", "minutes"), [(FRIDAY, 3600), (FRIDAY - timedelta(1), 2880)])
def test_a_longer_week_is_one_allowed_on_all_its_days(problem_of, last, minutes):
    rules = Rules(derogations=(derogation("max_week_min", 3600, last),))
    problem = problem_of([technician()], [visit()], rules=rules)
    assert week_limits(problem, problem.technicians[0], MONDAY.isocalendar()[:2])[0] == minutes


@pytest.mark.parametrize(("who", "stretch"), [(None, 420), (1, 360)])
def test_a_longer_stretch_is_one_allowed_to_everybody(problem_of, who, stretch):
    rules = Rules(derogations=(derogation("longest_stretch_min", 420, who=who),))
    problem = problem_of([technician(1), technician(2)], [visit()], rules=rules)
    assert compile_problem(problem).instance.max_stretch == stretch
