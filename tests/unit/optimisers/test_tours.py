"""Day tours against brute force, and against the order really driven."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date

import pytest

from optimisers import tours
from optimisers.checker import check
from optimisers.model import Depot, Place, Rules, Stop
from optimisers.routing.schedule import objective_of
from optimisers.tours.replay import DrivenDay, DrivenStop, compare_day, driven_problem, reduction
from optimisers.travel import DetourTravel
from optimisers.weekly.compile import compile_problem

MONDAY = date(2025, 11, 17)
QUICK = Stop(max_iterations=300)


def _brute_force(problem) -> float:
    """Least cost over every order of every subset of visits."""
    instance = compile_problem(problem).instance
    return min(
        objective_of(instance, [order], [-1])
        for size in range(len(problem.visits) + 1)
        for order in itertools.permutations(range(len(problem.visits)), size)
    )


@pytest.mark.parametrize("seed", range(8))
def test_a_short_tour_is_proved_and_equals_brute_force(random_week, seed):
    problem = random_week(seed, visits=5, technicians=1, days=1)
    result = tours.solve(problem, QUICK, 1)
    assert result.objective == pytest.approx(_brute_force(problem))
    assert result.lower_bound == pytest.approx(result.objective)
    assert check(problem, result.plan, result.unassigned).lawful


def test_a_day_that_ends_anywhere_is_proved_and_shorter(random_week):
    home = random_week(4, visits=6, technicians=1, days=1)
    anywhere = replace(home, technicians=(replace(home.technicians[0], open_end=True),))
    result = tours.solve(anywhere, QUICK, 1)
    assert result.objective == pytest.approx(_brute_force(anywhere))
    assert result.objective < tours.solve(home, QUICK, 1).objective
    assert check(anywhere, result.plan, result.unassigned).lawful


def test_fifteen_visits_are_proved_and_longer_tours_are_lawful(random_week):
    fifteen = tours.solve(random_week(0, visits=15, technicians=1, days=1), QUICK, 1)
    assert fifteen.status == "optimal"
    problem = random_week(3, visits=22, technicians=1, days=1)
    result = tours.solve(problem, QUICK, 1)
    report = check(problem, result.plan, result.unassigned)
    assert report.lawful
    assert report.costs.total == pytest.approx(result.objective)
    assert result.lower_bound <= result.objective


@pytest.mark.parametrize("commute_counts", [True, False])
def test_tours_by_the_depot_are_lawful_whatever_counts_as_work(random_week, commute_counts):
    def needing(week):
        return tuple(replace(v, tools=frozenset({"nacelle"} if n % 2 else ())) for n, v in enumerate(week))

    rules = Rules(commute_counts=commute_counts)
    depot = Depot(Place(45.9, 6.1), 10, 510, 1020)
    problem = random_week(4, visits=8, technicians=1, days=1, rules=rules, depot=depot)
    problem = replace(problem, visits=needing(problem.visits))
    result = tours.solve(problem, QUICK, 1)
    report = check(problem, result.plan, result.unassigned)
    assert report.violations == ()
    assert report.costs.total == pytest.approx(result.objective)
    assert any(stop.via_depot for day in result.plan for stop in day.visits)


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
    instance = compile_problem(driven_problem(day, matrix)).instance
    driven = compare_day(day)
    order = tuple(range(len(day.stops)))
    assert objective_of(instance, [order], [-1]) == pytest.approx(driven.driven_km)
    assert 0 < driven.optimised_km <= driven.driven_km


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
