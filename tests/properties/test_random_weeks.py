"""Random weeks, kind and cruel: never a violation, costs recomputed = reported, same seed same plan."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from optimisers import tours, weekly
from optimisers.checker import check
from optimisers.model import Costs, Problem, Result, Stop
from tests.properties.cruel_weeks import dense, weeks
from tests.properties.naive_scheduler import Naive

QUICK = Stop(max_iterations=40)
SEEDS = st.integers(0, 1000)
ROUNDING = 1e-6


def _tried(percent: int) -> settings:
    """A share of the profile's examples; found failures are shown as they are, shrinking takes minutes."""
    return settings(
        max_examples=max(1, settings.default.max_examples * percent // 100),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
    )


def _assert_sound(problem: Problem, result: Result) -> None:
    """Lawful, honest about its cost and its bound, and silent about nothing that it leaves out."""
    report = check(problem, result.plan, result.unassigned)
    broken = {violation for violation in report.violations if violation.kind != "pin_left_out"}
    assert broken == set()
    if report.violations:
        assert result.status == "infeasible"
        assert result.conflicts
    for term in fields(Costs):
        found, reported = getattr(report.costs, term.name), getattr(result.costs, term.name)
        assert found == pytest.approx(reported), term.name
    assert report.costs.total == pytest.approx(result.objective)
    assert report.km == pytest.approx(result.km)
    if result.status != "infeasible":
        assert result.lower_bound <= result.objective + ROUNDING
    assert all(left.reason for left in result.unassigned)
    assert all(left.remedy for left in result.unassigned if left.proved)


@_tried(60)
@given(weeks(), SEEDS)
def test_every_week_is_lawful_and_its_cost_is_what_it_says(problem, seed):
    _assert_sound(problem, weekly.solve(problem, QUICK, seed))


@pytest.mark.parametrize("seed", range(8))
def test_full_weeks_are_lawful_and_beat_a_naive_plan(seed):
    problem = dense(seed)
    result = weekly.solve(problem, QUICK, seed)
    _assert_sound(problem, result)
    naive = check(problem, *Naive(problem, seed).plan())
    assert naive.lawful
    assert result.objective <= naive.costs.total
    assert result.lower_bound <= naive.costs.total + ROUNDING


@_tried(10)
@given(weeks(), SEEDS)
def test_same_seed_same_plan(problem, seed):
    first, second = weekly.solve(problem, QUICK, seed), weekly.solve(problem, QUICK, seed)
    assert (first.plan, first.unassigned) == (second.plan, second.unassigned)
    assert (first.costs, first.lower_bound) == (second.costs, second.lower_bound)


@_tried(30)
@given(weeks(facts=False), SEEDS)
def test_a_bound_holds_for_any_lawful_plan(problem, seed):
    plan, left = Naive(problem, seed).plan()
    report = check(problem, plan, left)
    if report.lawful:
        bound = weekly.solve(problem, QUICK, seed).lower_bound
        assert bound <= report.costs.total + ROUNDING


@_tried(40)
@given(weeks(most_technicians=1, most_visits=7, most_days=1), SEEDS)
def test_day_tours_are_lawful_and_no_search_beats_one_that_is_proved(problem, seed):
    tour = tours.solve(problem, QUICK, seed)
    _assert_sound(problem, tour)
    searched = weekly.solve(problem, QUICK, seed)
    if tour.status == "optimal" and searched.status != "infeasible":
        assert tour.objective <= searched.objective + ROUNDING
