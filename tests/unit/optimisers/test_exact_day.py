"""The exact day against all orders tried one by one, and what it says when it may not finish."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tiny_instances import brute_day, equipped, least_minutes, points_of, random_instance, stops_of

from optimisers.bounds import exact_day
from optimisers.bounds.exact_day import MAX_ELEMENTS, best_day
from optimisers.routing.instance import NO_LIMIT, NOWHERE


def assert_costs(instance, day, visits):
    """The order itself is lawful and costs what is said."""
    stops = stops_of(instance, day.order, day.via_depot)
    assert equipped(instance, 0, stops)
    worked = least_minutes(instance, 0, stops) if stops else 0.0
    points = points_of(instance, 0, stops) if stops else 0.0
    skipped = sum(instance.skip_cost[v] for v in visits if v not in day.order)
    assert points + instance.minute_cost * worked + skipped == pytest.approx(day.objective)


@pytest.mark.parametrize("seed", range(36))
def test_equals_brute_force(seed):
    instance = random_instance(seed)
    best, day = brute_day(instance, 0, (0, 1, 2, 3)), best_day(instance, 0, range(4))
    assert day.proved
    assert day.objective == pytest.approx(best)
    assert day.lower_bound == pytest.approx(best)
    assert (day.order is None) == math.isinf(best)
    if day.order is not None:
        assert_costs(instance, day, range(4))


@pytest.mark.parametrize("seed", range(1000, 1025))
def test_equals_brute_force_with_a_depot(seed):
    instance = random_instance(seed, visits=3, with_depot=True)
    day = best_day(instance, 0, range(3))
    assert day.objective == pytest.approx(brute_day(instance, 0, (0, 1, 2)))
    if day.order is not None:
        assert_costs(instance, day, range(3))


@pytest.mark.parametrize("seed", range(40, 52))
def test_finer_bounds_after_a_cut_stay_exact(seed, monkeypatch):
    monkeypatch.setattr(exact_day, "FIRST_WIDTH", 2)
    instance = random_instance(seed)
    assert best_day(instance, 0, range(4)).objective == pytest.approx(brute_day(instance, 0, (0, 1, 2, 3)))


def test_the_features_are_really_tried():
    drawn = [random_instance(seed, with_depot=seed >= 1000) for seed in [*range(36), *range(1000, 1025)]]
    assert sum(i.max_stretch != NO_LIMIT and i.pause.length_min > 0 for i in drawn) > 3
    assert sum(i.end_at[0] == NOWHERE for i in drawn) > 3
    assert sum(best_day(i, 0, range(3)).via_depot != NOWHERE for i in drawn) > 3


@pytest.mark.parametrize("seed", range(30))
def test_a_cut_search_still_bounds(seed):
    instance = replace(random_instance(seed, visits=9), max_stretch=NO_LIMIT)
    exact, cut = best_day(instance, 0, range(9)), best_day(instance, 0, range(9), max_labels=2)
    assert exact.proved
    assert cut.lower_bound <= exact.objective + 1e-6
    assert cut.objective >= exact.objective - 1e-6
    if cut.proved:
        assert cut.objective == pytest.approx(exact.objective)


def test_some_cut_searches_are_not_proved():
    drawn = (replace(random_instance(seed, visits=9), max_stretch=NO_LIMIT) for seed in range(30))
    assert any(not best_day(instance, 0, range(9), max_labels=1).proved for instance in drawn)


def test_a_ceiling_below_the_optimum_is_proved_out_of_reach():
    instance = replace(random_instance(3), skip_cost=np.full(4, 50.0))
    best = best_day(instance, 0, range(4))
    below = best_day(instance, 0, range(4), upper_bound=best.objective - 1)
    assert (below.order, below.proved) == (None, True)
    assert below.lower_bound == pytest.approx(best.objective - 1)
    at = best_day(instance, 0, range(4), upper_bound=best.objective)
    assert at.objective == pytest.approx(best.objective)


def test_same_arguments_same_day():
    instance = random_instance(8, visits=10)
    assert best_day(instance, 0, range(10)) == best_day(instance, 0, range(10))


def test_too_many_stops_are_refused():
    instance = random_instance(1, visits=3 * MAX_ELEMENTS)
    with pytest.raises(ValueError, match="week_bound or day_bound"):
        best_day(instance, 0, range(3 * MAX_ELEMENTS))
