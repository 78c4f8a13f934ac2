"""The weekly planner: lawful, repeatable, honest about cost and about what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimisers import weekly
from optimisers.checker import check
from optimisers.model import Place, Rules, Stop, Technician, Visit

MONDAY = date(2025, 11, 17)

HOME = Place(45.90, 6.13)
QUICK = Stop(max_iterations=300)


def _technician(number: int = 1, **options) -> Technician:
    return Technician(number, f"Technicien {number}", HOME, **{"skills": frozenset({"VMC"}), **options})


def _visit(number: int = 1, minutes: int = 60, **options) -> Visit:
    return Visit(number, Place(45.90 + number / 1000, 6.14), minutes, **options)


@pytest.mark.parametrize("seed", range(4))
def test_random_weeks_are_lawful_and_reported_costs_are_recomputed(random_week, seed):
    problem = random_week(seed, visits=45)
    result = weekly.solve(problem, QUICK, seed)
    report = check(problem, result.plan, result.unassigned)
    assert report.violations == ()
    assert report.costs.total == pytest.approx(result.objective)
    assert report.costs.balance == pytest.approx(result.costs.balance)
    assert report.km == pytest.approx(result.km)
    assert result.lower_bound <= result.objective + 1e-6


def test_same_seed_gives_the_same_plan(random_week):
    problem = random_week(7, visits=40)
    first, second = (weekly.solve(problem, QUICK, 3) for _ in range(2))
    assert first.plan == second.plan
    assert first.unassigned == second.unassigned


def test_urgent_and_overdue_visits_come_first(problem_of):
    urgent = _visit(1, 180, urgent=True)
    calm = [_visit(n, 180, due=MONDAY + timedelta(30)) for n in range(2, 6)]
    result = weekly.solve(problem_of([_technician()], [*calm, urgent]), QUICK, 1)
    days = {stop.visit_id: day.day for day in result.plan for stop in day.visits}
    assert days[1] == MONDAY


def test_work_is_shared_between_equal_technicians(problem_of):
    crew = [_technician(1), _technician(2)]
    result = weekly.solve(problem_of(crew, [_visit(n, 90) for n in range(1, 17)]), QUICK, 1)
    counts = {t.technician_id: 0 for t in crew}
    for day in result.plan:
        counts[day.technician_id] += len(day.visits)
    assert abs(counts[1] - counts[2]) <= 2


def test_zone_of_the_technician_decides_when_all_else_is_equal(problem_of):
    crew = [_technician(1, preferred_zone=1), _technician(2, preferred_zone=2)]
    visits = [_visit(n, 30, zone=1 + n % 2) for n in range(1, 9)]
    result = weekly.solve(problem_of(crew, visits, days=1), QUICK, 1)
    assert result.costs.zone == 0


@pytest.mark.parametrize(
    ("visit", "crew", "code"),
    [
        (_visit(skill="IRVE"), [_technician()], "competence"),
        (_visit(minutes=120, open_from_min=540, open_until_min=600), [_technician()], "fenetre"),
        (_visit(), [_technician(absent_on=frozenset(MONDAY + timedelta(n) for n in range(5)))], "absence"),
    ],
)
def test_a_visit_left_out_says_why_and_what_would_place_it(problem_of, visit, crew, code):
    result = weekly.solve(problem_of(crew, [visit]), QUICK, 1)
    assert result.status == "infeasible"
    (left,) = result.unassigned
    assert left.code == code
    assert left.reason
    assert left.proved
    assert left.remedy


def test_a_visit_longer_than_the_day_asks_for_the_minutes_that_lack(problem_of):
    visit = _visit(minutes=490)
    (left,) = weekly.solve(
        problem_of([_technician()], [visit], rules=Rules(lunch_min=0)), QUICK, 1
    ).unassigned
    assert (left.code, left.proved) == ("journee", True)
    # 490 min of work and 2 x 5 min of driving, where 480 are allowed.
    assert "+20 min" in left.remedy


def test_overtime_that_would_place_a_visit_is_named_and_exact(problem_of):
    work = [_visit(n, 230) for n in (1, 2)]
    late = _visit(3, 60, open_until_min=1080)
    problem = problem_of([_technician()], [*work, late], days=1)
    result = weekly.solve(problem, QUICK, 1)
    (left,) = result.unassigned
    assert left.code == "capacite"
    assert "min lundi 17/11" in left.remedy
    extra = int(left.remedy.split("+")[1].split()[0])
    longer = replace(problem, technicians=(_technician(hours_per_day=8 + extra / 60),))
    assert weekly.solve(longer, QUICK, 1).unassigned == ()


def test_no_visit_and_nobody_at_work_are_plans_too(problem_of):
    assert weekly.solve(problem_of([_technician()], []), QUICK, 1).plan == ()
    gone = frozenset(MONDAY + timedelta(n) for n in range(5))
    assert weekly.solve(problem_of([_technician(absent_on=gone)], [_visit()]), QUICK, 1).plan == ()
