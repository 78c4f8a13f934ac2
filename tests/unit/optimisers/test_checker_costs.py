"""Every term of the cost, recomputed by hand from the weights' own sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimisers.checker import check, score
from optimisers.model import (
    Appointment,
    Costs,
    Moment,
    Pin,
    Place,
    PlannedVisit,
    Slot,
    Technician,
    TechnicianDay,
    Unassigned,
    Visit,
    Weights,
)

MONDAY = date(2025, 11, 17)
TUESDAY, FRIDAY = MONDAY + timedelta(1), MONDAY + timedelta(4)
HERE = Place(45.9, 6.1)
ANNE = Technician(1, "Anne", HERE, preferred_zone=1)
BORIS = Technician(2, "Boris", HERE, preferred_zone=2)


def _costs(problem, plan, *left) -> Costs:
    return score(problem, plan, [Unassigned(number, "capacite", "plus de place") for number in left])[0]


@pytest.fixture(scope="module")
def two(flat):
    """`two(visit, weights=..., now=...)`: Anne and Boris, one visit, Monday to Friday."""
    return lambda visit, **options: flat([ANNE, BORIS], [visit], **options)


def test_kilometres_and_balance_of_a_crew(two, flat_day):
    problem = two(Visit(1, HERE, 100, crew=2), weights=Weights(per_km=2.0, balance_per_hour2=3.0))
    alone = [flat_day(problem, 1, MONDAY, {1: 600})]
    assert _costs(problem, alone) == Costs(km=20.0, balance=3.0 * (1.0 + 1.0))
    both = [flat_day(problem, who, MONDAY, {1: 600}) for who in (1, 2)]
    assert _costs(problem, both) == Costs(km=40.0)


def test_fair_shares_follow_the_hours_available(two, flat_day):
    problem = two(Visit(1, HERE, 100))
    part_time = replace(BORIS, hours_per_day=4.0, absent_on=frozenset({MONDAY, TUESDAY, FRIDAY}))
    problem = replace(problem, technicians=(ANNE, part_time))
    # 40 hours against 8, for the two hours worked by Anne.
    own = 2 - 2 * 40 / 48
    assert _costs(problem, [flat_day(problem, 1, MONDAY, {1: 600})]).balance == pytest.approx(own**2)


def test_lateness_wait_and_zone(two, flat_day):
    visit = Visit(1, HERE, 60, zone=1, urgent=True, due=MONDAY, crew=2)
    problem = two(visit, weights=Weights(lateness_per_day=2, urgent_factor=4, urgent_wait_per_day=5))
    plan = [flat_day(problem, who, FRIDAY, {1: 600}) for who in (1, 2)]
    found = _costs(problem, plan)
    # Late and waited for once, though two technicians come; only Boris is outside his zone.
    assert (found.lateness, found.urgent_wait, found.zone) == (2 * 4 * 4, 5 * 4, 4.0)
    calm = replace(problem, visits=(replace(visit, urgent=False, zone=None),))
    found = _costs(calm, plan)
    assert (found.lateness, found.urgent_wait, found.zone) == (2 * 4, 0.0, 0.0)


def test_published_visits_that_move(two, flat_day):
    visit = Visit(1, HERE, 60, crew=2, published=(Slot(1, MONDAY, 600), Slot(2, MONDAY, 600)))
    problem = two(visit, weights=Weights(moved=7.0))

    def changes(first, second, start=600):
        plan = [flat_day(problem, 1, first, {1: start}), flat_day(problem, 2, second, {1: start})]
        return _costs(problem, plan).changes

    assert changes(MONDAY, MONDAY) == 0.0
    assert changes(MONDAY, MONDAY, 700) == 0.0
    assert changes(TUESDAY, TUESDAY) == 14.0
    single = two(replace(visit, crew=1, published=(Slot(1, MONDAY, 600),)), weights=Weights(moved=7.0))
    assert _costs(single, [flat_day(single, 2, MONDAY, {1: 600})]).changes == 7.0
    assert _costs(single, [], 1).changes == 0.0


@pytest.mark.parametrize(
    ("now", "points"), [(None, 200 / 5), (Moment(TUESDAY, 0), 200 / 4), (Moment(FRIDAY, 0), 200)]
)
def test_a_broken_promise_costs_by_the_notice_given(two, flat_day, now, points):
    promise = Appointment(FRIDAY, 480, 600, movable=True)
    problem = two(Visit(1, HERE, 60, crew=2, appointment=promise), now=now)
    plan = [flat_day(problem, who, MONDAY, {1: 600}) for who in (1, 2)]
    assert _costs(problem, plan).changes == pytest.approx(points)
    kept = [flat_day(problem, who, FRIDAY, {1: 600}) for who in (1, 2)]
    assert _costs(problem, kept).changes == 0.0


@pytest.mark.parametrize(
    ("options", "points"),
    [
        ({}, 150.0),
        ({"priority": 2.0}, 300.0),
        ({"urgent": True}, 550.0 + 5 * 7),
        ({"appointment": Appointment(MONDAY, 480, 600), "priority": 0.5}, 475.0),
        ({"due": FRIDAY}, 150.0 + 2 * 3),
        ({"due": FRIDAY + timedelta(3)}, 5.0),
        ({"due": FRIDAY + timedelta(3), "pin": Pin(1)}, 150.0),
        ({"due": FRIDAY + timedelta(3), "published": (Slot(1, MONDAY, 500),)}, 150.0),
    ],
)
def test_visits_left_out(two, options, points):
    problem = two(Visit(1, HERE, 60, **options))
    assert _costs(problem, [], 1).unassigned == pytest.approx(points)


def test_nonsense_is_scored_and_named_but_never_raises(two):
    problem = two(Visit(1, HERE, 60))
    stops = (PlannedVisit(77, -5, 3000, 2, 0, 0, True), PlannedVisit(1, 9, 9, 9, 0, 0, True))
    days = [
        TechnicianDay(1, MONDAY, 900, 30, 2000, stops * 2, 0, 0),
        TechnicianDay(1, MONDAY - timedelta(400), 0, 0, None, (), 0, 0),
        TechnicianDay(5, MONDAY, 0, 0, None, stops, 0, 0),
    ]
    report = check(problem, days, [Unassigned(66, "", "")])
    assert not report.lawful
    assert {"visit_unknown", "technician_unknown", "travel_too_short", "day_not_worked"} <= {
        violation.kind for violation in report.violations
    }
    assert all(violation.subject and violation.detail for violation in report.violations)
