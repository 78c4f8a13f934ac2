"""Exact times of an order against trying every minute."""

from __future__ import annotations

import numpy as np
import pytest
from routing_cases import random_instance, replayed_work

from optimisers.routing.instance import NOWHERE, Break
from optimisers.routing.schedule import objective_of, schedule


@pytest.mark.parametrize("seed", range(40))
def test_least_work_equals_that_of_every_departure_and_pause_tried(seed):
    free = {
        "choice_cost": np.zeros((2, 4)),
        "needs_tool": np.zeros((4, 2), bool),
        "needs_part": np.zeros((4, 1), int),
    }
    instance = random_instance(seed, **free)
    chance = np.random.default_rng(seed)
    for shift in range(2):
        order = chance.permutation(4)[: chance.integers(1, 5)].tolist()
        passage = NOWHERE if chance.random() < 0.6 else int(chance.integers(0, len(order) + 1))
        stops = order if passage == NOWHERE else [*order[:passage], 4, *order[passage:]]
        timing = schedule(instance, shift, order, passage)
        assert (timing.work_min if timing else np.inf) == pytest.approx(replayed_work(instance, shift, stops))


def test_the_cases_above_hold_lawful_and_unlawful_ones_with_and_without_pause_inside():
    kinds = set()
    for seed in range(40):
        timing = schedule(random_instance(seed, choice_cost=np.zeros((2, 4))), 0, [0, 1, 2])
        kinds.add("none" if timing is None else "inside" if timing.pause_start is not None else "outside")
    assert kinds == {"none", "inside", "outside"}


@pytest.mark.parametrize("seed", range(30))
def test_times_told_are_those_of_a_day_that_can_be_lived(seed):
    instance = random_instance(seed, choice_cost=np.zeros((2, 4)), commute_counts=True)
    order = np.random.default_rng(seed).permutation(4)[:3].tolist()
    timing = schedule(instance, 0, order)
    if timing is None:
        return
    now = timing.depart
    assert instance.earliest[0] <= now <= timing.back <= instance.latest[0]
    paused = 0.0 if timing.pause_start is None else instance.pause.length_min
    assert timing.work_min == pytest.approx(timing.back - timing.depart - paused)
    for visit, arrived, begun in zip(order, timing.arrivals, timing.starts, strict=True):
        assert now <= arrived <= begun
        spans = instance.windows[visit, instance.shift_day[0]]
        assert any(low <= begun <= high for low, high in spans)
        now = begun + instance.service_min[visit]
    assert now <= timing.back
    if timing.pause_start is not None:
        assert instance.pause.from_min <= timing.pause_start
        assert timing.pause_start + paused <= instance.pause.until_min
        assert timing.pause_start - timing.depart <= instance.max_stretch
        assert timing.back - timing.pause_start - paused <= instance.max_stretch


def test_forbidden_choice_missing_tool_and_missing_parts_have_no_times():
    easy = {"windows": np.tile([0.0, 70.0], (4, 2, 1, 1)), "pause": Break(), "max_stretch": np.inf}
    easy |= {"max_work": np.full(2, 80.0), "latest": np.full(2, 80.0), "needs_tool": np.zeros((4, 2), bool)}
    easy |= {"choice_cost": np.zeros((2, 4)), "needs_part": np.zeros((4, 1), int)}
    assert schedule(random_instance(1, **easy), 0, [0, 1]) is not None
    forbidden = easy | {"choice_cost": np.array([[np.inf, 0, 0, 0], [0, 0, 0, 0]])}
    assert schedule(random_instance(1, **forbidden), 0, [0, 1]) is None
    tool = easy | {"needs_tool": np.eye(4, 2, dtype=bool), "has_tool": np.zeros((2, 2), bool)}
    assert schedule(random_instance(1, **tool), 0, [2, 0]) is None
    assert schedule(random_instance(1, **tool), 0, [2, 0], 1).depot_start is not None
    assert schedule(random_instance(1, **tool), 0, [0, 2], 1) is None
    parts = easy | {"needs_part": np.full((4, 1), 2)}
    assert schedule(random_instance(1, **parts), 0, [0]) is not None
    assert schedule(random_instance(1, **parts), 0, [0, 1]) is None
    assert schedule(random_instance(1, **parts), 0, [0, 1], 1) is not None


def test_an_order_that_breaks_a_rule_between_shifts_costs_infinity():
    easy = {"windows": np.tile([0.0, 70.0], (4, 2, 1, 1)), "pause": Break(), "max_stretch": np.inf}
    easy |= {"max_work": np.full(2, 80.0), "latest": np.full(2, 80.0), "needs_tool": np.zeros((4, 2), bool)}
    easy |= {"choice_cost": np.zeros((2, 4)), "needs_part": np.ones((4, 1), int)}
    instance = random_instance(5, **easy)  # one technician, two days, two parts
    assert np.isfinite(objective_of(instance, [[0], [1]], [NOWHERE, NOWHERE]))
    assert objective_of(instance, [[0], [0]], [NOWHERE, NOWHERE]) == np.inf
    assert objective_of(instance, [[0, 2], [1]], [NOWHERE, NOWHERE]) == np.inf
    one_day = random_instance(5, **easy, max_days=np.array([1]))
    assert objective_of(one_day, [[0], [1]], [NOWHERE, NOWHERE]) == np.inf
    short_week = random_instance(5, **easy, max_week_min=np.array([20.0]))
    assert objective_of(short_week, [[0], [1]], [NOWHERE, NOWHERE]) == np.inf
