"""The engine against every plan there is, its objective recomputed, its edges."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from routing_cases import random_instance, recomputed

from optimisers.routing.instance import NOWHERE, Instance
from optimisers.routing.schedule import schedule
from optimisers.routing.search import search


def _every_plan(instance: Instance) -> float:
    """Least objective over all assignments, orders and depot passages."""
    shifts, visits = instance.shape
    tours: dict[tuple[int, tuple[int, ...]], list[tuple[float, float, np.ndarray]]] = {}
    for shift in range(shifts):
        for size in range(1, visits + 1):
            for order in itertools.permutations(range(visits), size):
                for passage in [NOWHERE, *range(size)]:
                    timing = schedule(instance, shift, order, passage)
                    if timing is not None:
                        points = _points(instance, shift, order, passage, timing.work_min)
                        carried = list(order if passage == NOWHERE else order[:passage])
                        used = instance.needs_part[carried].sum(axis=0)
                        tours.setdefault((shift, tuple(sorted(order))), []).append(
                            (points, timing.work_min, used)
                        )
    best = np.inf
    crew = len(instance.max_week_min)
    for where in itertools.product(range(-1, shifts), repeat=visits):
        chosen = [[v for v in range(visits) if where[v] == s] for s in range(shifts)]
        options = [tours.get((s, tuple(c)), []) if c else [(0.0, 0.0, 0)] for s, c in enumerate(chosen)]
        skipped = sum(instance.skip_cost[v] for v in range(visits) if where[v] == -1)
        for plan in itertools.product(*options):
            minutes, used, days = (
                np.zeros(crew),
                np.zeros((crew, instance.needs_part.shape[1])),
                np.zeros(crew),
            )
            for shift, (_, work, parts) in enumerate(plan):
                minutes[instance.shift_technician[shift]] += work
                used[instance.shift_technician[shift]] += parts
                days[instance.shift_technician[shift]] += bool(chosen[shift])
            if (minutes > instance.max_week_min).any() or (used > instance.has_part).any():
                continue
            if (days > instance.max_days).any():
                continue
            unfair = minutes / 60 - instance.fair_share * minutes.sum() / 60
            points = sum(p for p, _, _ in plan) + skipped + instance.balance_per_hour2 * (unfair**2).sum()
            best = min(best, points)
    return best


def _points(instance, shift, order, passage, work):
    at = [instance.visit_at[v] for v in order]
    if passage != NOWHERE:
        at.insert(passage, instance.depot_at)
    places = [instance.start_at[shift], *at]
    if instance.end_at[shift] != NOWHERE:
        places.append(instance.end_at[shift])
    legs = sum(instance.leg_cost[pair] for pair in itertools.pairwise(places))
    return legs + instance.choice_cost[shift, list(order)].sum() + instance.minute_cost * work


@pytest.mark.parametrize("seed", range(12))
def test_finds_the_best_of_all_plans(seed):
    instance = random_instance(seed)
    found = search(instance, max_iterations=1500, seed=seed)
    assert found.objective == pytest.approx(_every_plan(instance))


@pytest.mark.parametrize("seed", range(12))
def test_orders_are_lawful_and_cost_what_is_said(seed):
    instance = random_instance(100 + seed, visits=9, shifts=4)
    found = search(instance, max_iterations=150, seed=seed)
    assert found.objective == pytest.approx(recomputed(instance, found.orders, found.via_depot))


def test_same_seed_and_iterations_same_orders():
    instance = random_instance(3, visits=12, shifts=4)
    assert search(instance, max_iterations=700, seed=5) == search(instance, max_iterations=700, seed=5)


def test_neighbour_lists_of_large_instances_give_lawful_plans_too(monkeypatch):
    monkeypatch.setattr("optimisers.routing.arrays.SCAN_ALL_UP_TO", 0)
    for seed in range(4):
        instance = random_instance(seed, visits=10, shifts=4)
        found = search(instance, max_iterations=300, seed=seed)
        assert found.objective == pytest.approx(recomputed(instance, found.orders, found.via_depot))


def test_a_start_is_never_made_worse_and_fixed_visits_stay():
    instance = random_instance(8, visits=8, shifts=3, choice_cost=np.zeros((3, 8)))
    rough = search(instance, max_iterations=1, seed=1)
    again = search(instance, max_iterations=1, seed=2, start=rough.orders)
    assert again.objective <= rough.objective + 1e-9
    fixed = np.zeros(8, bool)
    fixed[list(rough.orders[0])] = True
    assert fixed.any()
    kept = search(instance, max_iterations=800, seed=3, start=rough.orders, fixed=fixed)
    assert set(rough.orders[0]) <= set(kept.orders[0])
    assert kept.objective == pytest.approx(recomputed(instance, kept.orders, kept.via_depot))


def test_a_fixed_visit_that_start_does_not_place_is_an_error():
    with pytest.raises(ValueError, match="fixed"):
        search(random_instance(1), max_iterations=1, start=[[], []], fixed=np.ones(4, bool))


def test_no_budget_is_an_error():
    with pytest.raises(ValueError, match="seconds or max_iterations"):
        search(random_instance(1))


def test_a_visit_that_fits_nowhere_is_left_out_and_costs_infinity_when_it_must_be_planned():
    choice = np.zeros((2, 4))
    choice[:, 2] = np.inf
    easy = {"choice_cost": choice, "needs_tool": np.zeros((4, 2), bool), "needs_part": np.zeros((4, 1), int)}
    wide = {"windows": np.tile([0.0, 70.0], (4, 2, 1, 1)), "skip_cost": np.full(4, np.inf)}
    found = search(random_instance(6, **easy, **wide), max_iterations=200)
    assert sorted(itertools.chain(*found.orders)) == [0, 1, 3]
    assert found.objective == np.inf


def test_nothing_to_do_nobody_to_do_it_nothing_allowed():
    empty = random_instance(2, visits=0)
    assert search(empty, max_iterations=5).objective == 0.0
    nobody = random_instance(5, visits=3, shifts=0, max_week_min=np.zeros(1), max_days=np.zeros(1, int))
    left = search(nobody, max_iterations=5)
    assert (left.orders, left.objective) == ((), nobody.skip_cost.sum())
    forbidden = random_instance(2, choice_cost=np.full((2, 4), np.inf))
    found = search(forbidden, max_iterations=50)
    assert (found.orders, found.objective) == (((), ()), forbidden.skip_cost.sum())


def test_interrupted_or_stopped_it_returns_a_lawful_plan():
    instance = random_instance(9, visits=12, shifts=4)
    calls = []

    def interrupt(_part: float, _objective: float) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    for options in ({"progress": interrupt}, {"should_stop": lambda: True}):
        found = search(instance, max_iterations=10**9, **options)
        assert found.objective == pytest.approx(recomputed(instance, found.orders, found.via_depot))
