"""Routes with capacity and time windows: lawful, optimal where that can be known, repeatable, honest."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from optimisers import vrptw
from optimisers.vrptw.bound import assignment_bound
from optimisers.vrptw.partition import without_doubles
from optimisers.vrptw.problem import Routes, Vrptw, truncated_distance, unreachable


def problem(n: int, seed: int, *, vehicles: int | None = None, capacity: int = 30) -> Vrptw:
    """Random customers that can each be served alone."""
    draw = np.random.default_rng(seed)
    distance = truncated_distance(draw.integers(0, 100, (n + 1, 2)).astype(float))
    service = np.r_[0, draw.integers(0, 10, n) * 10]
    demand = np.r_[0, draw.integers(1, 12, n)]
    ready = np.r_[0, draw.integers(0, 300, n) * 10]
    due = np.maximum(ready + np.r_[0, draw.integers(5, 200, n) * 10], distance[0] + 1)
    due[0] = int((np.maximum(ready, distance[0]) + service + distance[:, 0]).max()) + 500
    return Vrptw(
        "random", n if vehicles is None else vehicles, capacity, demand, ready, due, service, distance
    )


def route_cost(case: Vrptw, route: tuple[int, ...]) -> int | None:
    """Distance of one route, None when it breaks a rule. Written apart from the solver."""
    at, clock, load, total = 0, int(case.ready[0]), 0, 0
    for stop in (*route, 0):
        total += int(case.distance[at, stop])
        clock = max(clock + int(case.service[at]) + int(case.distance[at, stop]), int(case.ready[stop]))
        load += int(case.demand[stop])
        if clock > case.due[stop] or load > case.capacity:
            return None
        at = stop
    return total


def optimum(case: Vrptw) -> int | None:
    """Least distance over every partition into routes, by dynamic programming over sets of customers."""
    n = case.customers
    best_route: dict[int, int] = {}
    for size in range(1, n + 1):
        for order in permutations(range(1, n + 1), size):
            cost = route_cost(case, order)
            key = sum(1 << (c - 1) for c in order)
            if cost is not None and cost < best_route.get(key, 10**9):
                best_route[key] = cost
    reach = {0: 0}
    for _ in range(case.vehicles):
        for done, cost in list(reach.items()):
            for key, extra in best_route.items():
                if not done & key and cost + extra < reach.get(done | key, 10**9):
                    reach[done | key] = cost + extra
    return reach.get((1 << n) - 1)


def assert_lawful(case: Vrptw, found: Routes) -> None:
    visits = [c for route in found.routes for c in route]
    assert sorted([*visits, *found.left_out]) == list(range(1, case.customers + 1))
    assert len(found.routes) <= case.vehicles
    costs = [route_cost(case, route) for route in found.routes]
    assert None not in costs
    assert sum(costs) == found.cost
    assert found.feasible == (not found.left_out)


@pytest.mark.parametrize("seed", range(12))
def test_every_answer_is_lawful_and_its_cost_can_be_recomputed(seed: int) -> None:
    case = problem(int(5 + 4 * seed), seed)
    found = vrptw.solve(case, max_iterations=1500, seed=seed)
    assert_lawful(case, found)
    assert found.feasible
    assert found.lower_bound is not None
    assert found.lower_bound <= found.cost


@pytest.mark.parametrize("seed", range(10))
def test_small_problems_are_solved_to_the_optimum_above_the_bound(seed: int) -> None:
    case = problem(6, 100 + seed, vehicles=3)
    least = optimum(case)
    found = vrptw.solve(case, max_iterations=3000, seed=1)
    assert_lawful(case, found)
    if least is None:
        assert not found.feasible
        return
    assert found.cost == least
    bound = assignment_bound(case)
    assert bound is not None
    assert bound <= least


def test_the_fleet_of_the_file_holds() -> None:
    free = vrptw.solve(problem(40, 3, capacity=60), max_iterations=4000)
    tight = problem(40, 3, capacity=60, vehicles=len(free.routes) - 1)
    assert_lawful(tight, vrptw.solve(tight, max_iterations=4000))
    alone = problem(8, 5, vehicles=1, capacity=1000)
    wide = Vrptw(
        "one tour",
        1,
        1000,
        alone.demand,
        np.zeros_like(alone.ready),
        np.full_like(alone.due, 100_000),
        alone.service,
        alone.distance,
    )
    found = vrptw.solve(wide, max_iterations=3000)
    assert found.feasible
    assert len(found.routes) == 1


def test_same_seed_and_iterations_give_the_same_routes() -> None:
    case = problem(60, 8)
    first, again = (vrptw.solve(case, max_iterations=3000, seed=4) for _ in range(2))
    assert first == again
    assert vrptw.solve(case, max_iterations=3000, seed=5).routes != first.routes


def test_more_iterations_help() -> None:
    case = problem(80, 2, capacity=60)
    assert vrptw.solve(case, max_iterations=6000).cost < vrptw.solve(case, max_iterations=20).cost


def test_a_customer_who_cannot_be_reached_in_time_is_named() -> None:
    case = problem(10, 1)
    case.due[4] = case.ready[4] = int(case.distance[0, 4]) - 1
    found = vrptw.solve(case, max_iterations=500)
    assert unreachable(case) == [4]
    assert not found.feasible
    assert 4 in found.left_out
    assert_lawful(case, found)


def test_a_demand_above_the_capacity_is_not_feasible() -> None:
    case = problem(10, 1)
    case.demand[7] = case.capacity + 1
    found = vrptw.solve(case, max_iterations=500)
    assert not found.feasible
    assert 7 in found.left_out


def test_too_small_a_fleet_is_not_feasible() -> None:
    case = problem(10, 1, vehicles=1, capacity=12)
    found = vrptw.solve(case, max_iterations=500)
    assert not found.feasible
    assert_lawful(case, found)


def test_one_customer_and_none() -> None:
    one = vrptw.solve(problem(1, 2), max_iterations=50)
    assert one.routes == ((1,),)
    assert vrptw.solve(problem(0, 2), max_iterations=50) == Routes((), 0, True, (), 0)


def test_a_search_that_is_stopped_returns_its_best() -> None:
    case = problem(30, 6)
    stopped = vrptw.solve(case, max_iterations=10**9, should_stop=lambda: True)
    assert stopped.feasible
    assert_lawful(case, stopped)


def test_an_interrupted_search_returns_its_best() -> None:
    case = problem(30, 6)
    asked = []

    def interrupt() -> bool:
        asked.append(1)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return False

    found = vrptw.solve(case, max_iterations=10**9, should_stop=interrupt)
    assert len(asked) == 3
    assert found.feasible
    assert_lawful(case, found)


def test_a_limit_is_needed() -> None:
    with pytest.raises(ValueError, match="seconds or max_iterations"):
        vrptw.solve(problem(3, 0))


def test_doubles_are_dropped_where_that_saves_most() -> None:
    distance = truncated_distance(np.array([[1.0, 0.0], [2.0, 0.0], [-50.0, 0.0], [0.0, 0.0]]))
    assert without_doubles([[0, 1], [2, 1]], distance) == [[0, 1], [2]]
    assert without_doubles([[2, 1], [0, 1]], distance) == [[2], [0, 1]]


def test_a_large_problem_goes_through_every_phase() -> None:
    case = problem(260, 1, capacity=100)
    first, again = (vrptw.solve(case, max_iterations=4000, seed=2) for _ in range(2))
    assert_lawful(case, first)
    assert first.feasible
    assert first == again
