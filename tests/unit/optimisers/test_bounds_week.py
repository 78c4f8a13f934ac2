"""Bounds of weeks never exceed the best plan, found by trying all there is, and say how they were found."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tiny_instances import brute_day, brute_week, random_instance

from optimisers.bounds import week
from optimisers.bounds.exact_day import best_day
from optimisers.bounds.week import ASSIGNMENT, ROUTES, day_bound, week_bound
from optimisers.routing.instance import NO_LIMIT, NOWHERE, Break

SHAPES = [(1, 4, 1), (2, 3, 1), (2, 4, 2), (3, 3, 2)]


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("with_depot", [False, True])
def test_never_above_the_best_plan(seed, with_depot):
    shifts, visits, technicians = SHAPES[seed % 4]
    if with_depot:
        visits, technicians = 3, shifts
    instance = random_instance(
        seed, shifts=shifts, visits=visits, technicians=technicians, with_depot=with_depot
    )
    best = brute_week(instance)
    bound = week_bound(instance, upper_bound=math.inf, max_rounds=8)
    assert bound.value <= best + 1e-9


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("seed", range(6))
def test_a_cut_pricing_still_bounds(seed, width, monkeypatch):
    monkeypatch.setattr(week, "FIRST_WIDTH", width)
    monkeypatch.setattr(week, "WIDEST", width)
    instance = random_instance(seed, shifts=2, visits=4, technicians=2)
    assert week_bound(instance, upper_bound=math.inf, max_rounds=6).value <= brute_week(instance) + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_services_of_some_length_keep_completion_bounds_valid(seed):
    drawn = random_instance(seed, shifts=2, visits=4, technicians=2)
    instance = replace(drawn, service_min=drawn.service_min + 3, skip_cost=np.full(4, 60.0))
    assert week_bound(instance, upper_bound=math.inf, max_rounds=10).value <= brute_week(instance) + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_day_bound_never_above_the_best_day(seed):
    instance = random_instance(seed, shifts=2, visits=4, technicians=2)
    bound = day_bound(instance, 1, (0, 1, 3), upper_bound=math.inf, max_rounds=8)
    assert bound.value <= brute_day(instance, 1, (0, 1, 3)) + 1e-9


def test_reaches_the_optimum_of_plain_days():
    """Without repeated visits worth their way the relaxation is tight: a bound that says 0 would fail."""
    for seed in range(5):
        drawn = random_instance(seed, visits=7)
        instance = replace(
            drawn,
            max_stretch=NO_LIMIT,
            skip_cost=np.full(7, 40.0),
            service_min=drawn.service_min + 2,
            pause=Break(),
        )
        best = best_day(instance, 0, range(7)).objective
        bound = week_bound(instance, upper_bound=best, max_rounds=40)
        assert bound.value >= 0.9 * best
        assert bound.value <= best


def test_routes_beat_the_assignment_where_hours_bind():
    drawn = random_instance(5, shifts=2, visits=12, technicians=2)
    instance = replace(
        drawn, max_work=np.full(2, 12.0), service_min=np.full(12, 3.0), skip_cost=np.full(12, 30.0)
    )
    floor = week_bound(instance, upper_bound=math.inf, max_rounds=0)
    routes = week_bound(instance, upper_bound=math.inf, max_rounds=15)
    assert (floor.method, routes.method) == (ASSIGNMENT, ROUTES)
    assert routes.value > floor.value + 10


def test_a_plan_at_hand_caps_the_bound_and_guides_the_prices():
    instance = random_instance(7, shifts=2, visits=6, technicians=2)
    assert week_bound(instance, upper_bound=1.0, max_rounds=5).value <= 1.0
    guided = week_bound(instance, upper_bound=math.inf, orders=((0,), (1, 2)), max_rounds=5)
    assert guided.value <= sum(instance.skip_cost) + 1e-9


def test_same_arguments_same_bound():
    instance = random_instance(9, shifts=3, visits=10, technicians=3)
    first = week_bound(instance, upper_bound=math.inf, max_rounds=6)
    assert first == week_bound(instance, upper_bound=math.inf, max_rounds=6)


def test_no_visit_and_no_shift():
    nobody = random_instance(1, shifts=1, visits=3)
    assert week_bound(replace(nobody, choice_cost=np.full((1, 3), np.inf), skip_cost=np.full(3, 7.0)),
                      upper_bound=math.inf, max_rounds=2).value == pytest.approx(21, abs=1e-4)  # fmt: skip


def test_interrupted_or_without_limit():
    instance = random_instance(2, shifts=2, visits=6, technicians=2)

    def interrupt(rounds: int, value: float) -> None:
        raise KeyboardInterrupt

    assert week_bound(instance, upper_bound=math.inf, max_rounds=9, progress=interrupt).value <= brute_sum(
        instance
    )
    with pytest.raises(ValueError, match="seconds or max_rounds"):
        week_bound(instance, upper_bound=math.inf)


def brute_sum(instance) -> float:
    """Cost of the plan that leaves everything out."""
    return float(instance.skip_cost.sum())


def test_depots_are_really_tried():
    drawn = [random_instance(s, shifts=2, visits=3, technicians=2, with_depot=True) for s in range(48)]
    assert any(i.depot_at != NOWHERE and i.pause.length_min > 0 and i.minute_cost > 0 for i in drawn)
