"""Day tours against brute force, and against the order really driven."""

from __future__ import annotations

import itertools
import random
from datetime import date

import pytest

from optimisers import tours
from optimisers.checker import check
from optimisers.model import Place, Stop
from optimisers.search.bound import assignment_bound
from optimisers.search.compiled import CompiledProblem
from optimisers.search.draft import Draft
from optimisers.search.exact import best_tour
from optimisers.search.timing import best_timing
from optimisers.tours.replay import DrivenDay, DrivenStop, _problem, compare_day, reduction
from optimisers.travel import DetourTravel

MONDAY = date(2025, 11, 17)

QUICK = Stop(max_iterations=300)


def _brute_force(problem) -> float:
    """Least cost over every order of every subset of visits."""
    compiled = CompiledProblem(problem)
    shift = compiled.shifts[0]
    best = sum(compiled.skip_cost)
    for size in range(1, len(problem.visits) + 1):
        for order in itertools.permutations(range(len(problem.visits)), size):
            if any(compiled.choice_cost[0][v] == float("inf") for v in order):
                continue
            if best_timing(compiled, shift, order) is not None:
                left = sum(cost for v, cost in enumerate(compiled.skip_cost) if v not in order)
                best = min(best, Draft(compiled, {}).route_cost(0, order) + left)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_exact_tour_equals_brute_force_and_the_bound_holds(random_week, seed):
    problem = random_week(seed, visits=6, technicians=1, days=1)
    result = tours.solve(problem, QUICK, 1)
    assert result.objective == pytest.approx(_brute_force(problem))
    assert assignment_bound(CompiledProblem(problem)) <= result.objective + 1e-6
    assert check(problem, result.plan, result.unassigned).lawful


def test_longer_tours_go_through_the_search_and_stay_lawful(random_week):
    problem = random_week(3, visits=14, technicians=1, days=1)
    result = tours.solve(problem, QUICK, 1)
    report = check(problem, result.plan, result.unassigned)
    assert report.lawful
    assert report.costs.total == pytest.approx(result.objective)


def test_a_week_is_refused_as_a_day_tour(random_week):
    with pytest.raises(ValueError, match="weekly"):
        tours.solve(random_week(1), QUICK, 1)


def _driven(seed: int, stops: int = 5) -> DrivenDay:
    chance = random.Random(seed)
    made = []
    for number in range(stops):
        place = Place(45.9 + chance.gauss(0, 0.03), 6.12 + chance.gauss(0, 0.03))
        window = chance.choice([None, (480, 600), (840, 960)])
        made.append(DrivenStop(number, place, chance.choice([30, 60, 90]), window))
    return DrivenDay(1, MONDAY, Place(45.9, 6.12), tuple(made), 40.0)


@pytest.mark.parametrize("seed", range(20))
def test_the_driven_order_is_always_allowed_to_the_optimiser(seed):
    day = _driven(seed)
    matrix = DetourTravel().matrix([day.home, *[s.place for s in day.stops]])
    compiled = CompiledProblem(_problem(day, matrix))
    assert best_timing(compiled, compiled.shifts[0], range(len(day.stops))) is not None
    assert best_tour(compiled, compiled.shifts[0], range(len(day.stops)), all_visits=True) is not None
    compared = compare_day(day)
    assert 0 < compared.optimised_km <= compared.driven_km


def test_reduction_is_paired_and_holds_its_mean():
    days = [compare_day(_driven(seed)) for seed in range(30)]
    found = reduction(days, seed=1)
    assert found.low_pct <= found.mean_pct <= found.high_pct
    assert found.mean_pct == pytest.approx(100 * (1 - found.optimised_km / found.driven_km))
    assert reduction(days, seed=1) == found


def test_a_day_that_never_ends_is_refused():
    stops = tuple(DrivenStop(n, Place(45.9, 6.1 + n / 100), 600) for n in range(3))
    with pytest.raises(ValueError, match="at minute"):
        compare_day(DrivenDay(1, MONDAY, Place(45.9, 6.12), stops))
