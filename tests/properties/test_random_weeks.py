"""Random weeks, kind and cruel: never a violation, costs recomputed = reported, same seed same plan."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimisers import tours, weekly
from optimisers.checker import check
from optimisers.model import Appointment, Place, Problem, Rules, Stop, Technician, Visit, Weights
from optimisers.search.bound import assignment_bound
from optimisers.search.compiled import CompiledProblem
from optimisers.travel import DetourTravel

# Plain, after the end of summer time, before and after its beginning, with a public holiday (11 November).
MONDAYS = [date(2025, 11, 17), date(2025, 10, 27), date(2026, 3, 30), date(2026, 3, 23), date(2025, 11, 10)]
SKILLS = ["VMC", "IRVE", "Tableau"]
QUICK = Stop(max_iterations=60)

places = st.builds(Place, st.floats(45.80, 46.00), st.floats(6.00, 6.35))


@st.composite
def weeks(draw, most_technicians: int = 3, most_visits: int = 14, most_days: int = 5) -> Problem:
    """Weeks with holidays, absences, nobody skilled, windows too short, promises on closed days."""
    monday = draw(st.sampled_from(MONDAYS))
    offsets = draw(st.sets(st.integers(0, 4), min_size=1, max_size=most_days))
    days = tuple(monday + timedelta(offset) for offset in sorted(offsets))
    crew = tuple(
        Technician(
            number + 1,
            f"T{number + 1}",
            draw(places),
            frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
            draw(st.sampled_from([4.0, 7.0, 7.8, 8.0])),
            draw(st.sampled_from([None, 1, 2])),
            frozenset(draw(st.sets(st.sampled_from(days), max_size=2))),
        )
        for number in range(draw(st.integers(1, most_technicians)))
    )
    visits = tuple(draw(_visits(number, days, crew)) for number in range(draw(st.integers(0, most_visits))))
    rules = Rules(lunch_min=draw(st.sampled_from([0, 45, 60])))
    weights = Weights(
        per_km=draw(st.sampled_from([0.0, 1.0, 2.5])), balance_per_hour2=draw(st.sampled_from([0, 0.5, 5]))
    )
    travel = DetourTravel().matrix([t.home for t in crew] + [v.place for v in visits])
    return Problem(days, crew, visits, travel, rules, weights)


@st.composite
def _visits(draw, number: int, days: tuple[date, ...], crew: tuple[Technician, ...]) -> Visit:
    opening = draw(st.sampled_from([0, 480, 540, 840]))
    promise = None
    if draw(st.integers(0, 4)) == 0:
        start = draw(st.sampled_from([450, 600, 760, 1020]))
        day = draw(st.sampled_from([*days, days[-1] + timedelta(1)]))
        promise = Appointment(day, start, start + draw(st.sampled_from([0, 60, 120])))
    return Visit(
        number + 1,
        draw(places),
        draw(st.sampled_from([5, 30, 60, 90, 240, 500])),
        draw(st.sampled_from([None, *SKILLS, "Alarme"])),
        draw(st.sampled_from([None, 1, 2, 3])),
        opening,
        opening + draw(st.sampled_from([20, 120, 300, 600])),
        promise,
        draw(st.booleans()),
        draw(st.sampled_from([None, days[0], days[-1] - timedelta(9), days[-1] + timedelta(20)])),
        draw(st.sampled_from([None, None, None, crew[0].technician_id])),
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(weeks(), st.integers(0, 1000))
def test_every_week_is_lawful_and_its_cost_is_what_it_says(problem, seed):
    result = weekly.solve(problem, QUICK, seed)
    report = check(problem, result.plan, result.unassigned)
    assert report.violations == ()
    assert report.costs.total == pytest.approx(result.objective)
    for term in ("km", "balance", "lateness", "urgent_wait", "zone", "unassigned"):
        assert getattr(report.costs, term) == pytest.approx(getattr(result.costs, term)), term
    assert assignment_bound(CompiledProblem(problem)) <= result.objective + 1e-6
    assert all(left.reason and (left.proved == (left.remedy is not None)) for left in result.unassigned)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(weeks(), st.integers(0, 1000))
def test_same_seed_same_plan(problem, seed):
    first, second = weekly.solve(problem, QUICK, seed), weekly.solve(problem, QUICK, seed)
    assert (first.plan, first.unassigned) == (second.plan, second.unassigned)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(weeks(most_technicians=1, most_visits=7, most_days=1), st.integers(0, 1000))
def test_day_tours_are_lawful_and_no_search_beats_the_exact_one(problem, seed):
    exact = tours.solve(problem, QUICK, seed)
    report = check(problem, exact.plan, exact.unassigned)
    assert report.violations == ()
    assert report.costs.total == pytest.approx(exact.objective)
    assert weekly.solve(problem, QUICK, seed).objective >= exact.objective - 1e-6
