"""Planted faults against the law: each limit, its derogations, the nights when the clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from optimisers.checker import check
from optimisers.model import Derogation, LawPack, Place, Rules, Technician, TravelMatrix, Visit, Window

MONDAY = date(2025, 11, 17)
HERE = Place(45.9, 6.1)
LONG = Rules(day_start_min=0, day_end_min=1440, lunch_min=0, law=LawPack(longest_stretch_min=1440))
ANNE = Technician(1, "Anne", HERE, hours_per_day=24.0)


def _visit(number: int, minutes: int) -> Visit:
    return Visit(number, HERE, minutes, windows=(Window(0, 1440),))


def _violations(problem, plan) -> dict[str, str]:
    return {v.kind: v.detail for v in check(problem, plan, ()).violations}


def _days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(n) for n in range(count)]


def _lifted(problem, *derogations) -> object:
    return replace(problem, rules=replace(problem.rules, derogations=derogations))


def _one(limit: str, value: int, first: date = MONDAY, last: date | None = None, who: int | None = None):
    return Derogation(limit, value, first, last or first, "accord d’entreprise", who)


@pytest.fixture(scope="module")
def spans(flat, flat_day):
    """`spans({day: (start, minutes)}, rules, anne, days)`: one visit a day, and its plan."""

    def build(work, rules=LONG, anne=ANNE, days=None):
        number = {day: n for n, day in enumerate(work, start=1)}
        visits = [_visit(n, work[day][1]) for day, n in number.items()]
        first = min(work)
        days = days or (max(work) - first).days + 1
        problem = flat([anne], visits, days, first=first, rules=rules)
        return problem, [flat_day(problem, 1, day, {n: work[day][0]}) for day, n in number.items()]

    return build


def test_contract_and_ten_hours_a_day(spans):
    at_limit, plan = spans({MONDAY: (480, 580)})
    assert _violations(at_limit, plan) == {}
    problem, plan = spans({MONDAY: (480, 581)})
    found = _violations(problem, plan)
    assert set(found) == {"law_day_too_long"}
    assert "L3121-18" in found["law_day_too_long"]
    part_time = replace(problem, technicians=(replace(ANNE, hours_per_day=10.0),))
    assert set(_violations(part_time, plan)) == {"law_day_too_long", "day_too_long"}
    # A derogation lifts the law's limit, not the contract's.
    lifted = _lifted(part_time, _one("max_day_min", 720))
    assert set(_violations(lifted, plan)) == {"day_too_long"}


@pytest.mark.parametrize(
    ("derogation", "holds"),
    [
        (_one("max_day_min", 660), True),
        (_one("max_day_min", 660, who=1), True),
        (_one("max_day_min", 600), False),
        (_one("max_day_min", 660, who=2), False),
        (_one("max_day_min", 660, MONDAY + timedelta(1), MONDAY + timedelta(9)), False),
        (_one("max_week_min", 6000), False),
    ],
)
def test_a_derogation_lifts_its_limit_its_days_and_its_technician(spans, derogation, holds):
    problem, plan = spans({MONDAY: (480, 600)})
    crew = (*problem.technicians, replace(ANNE, technician_id=2))
    apart = 1 - np.eye(len(crew) + 1, dtype=np.int64)
    travel = TravelMatrix(5000 * apart, 10 * apart)
    problem = _lifted(replace(problem, technicians=crew, travel=travel), derogation)
    assert ("law_day_too_long" not in _violations(problem, plan)) is holds


def test_forty_eight_hours_a_week_with_those_done_before(spans):
    # Four days of 10 h, and one of 8 h.
    work = {day: (480, 580) for day in _days(4)} | {MONDAY + timedelta(4): (480, 460)}
    assert _violations(*spans(work)) == {}
    problem, plan = spans(work, anne=replace(ANNE, hours_done=0.1))
    assert set(_violations(problem, plan)) == {"law_week_too_long"}
    whole_week = _lifted(problem, _one("max_week_min", 3600, MONDAY, MONDAY + timedelta(4)))
    assert _violations(whole_week, plan) == {}
    part_of_it = _lifted(problem, _one("max_week_min", 3600, MONDAY, MONDAY + timedelta(3)))
    assert set(_violations(part_of_it, plan)) == {"law_week_too_long"}


def test_hours_of_a_week_end_on_sunday(spans):
    friday = MONDAY + timedelta(4)
    work = {day: (480, 580) for day in [friday, *_days(4, MONDAY + timedelta(7))]}
    problem, plan = spans(work, anne=replace(ANNE, hours_done=38.0))
    assert _violations(problem, plan) == {}


def test_forty_four_hours_on_average_over_twelve_weeks(spans):
    work = {day: (480, 580) for day in _days(4)}
    full = (44.0,) * 11
    assert _violations(*spans(work, anne=replace(ANNE, hours_before=(44.0,) * 10 + (48.0,)))) == {}
    over, plan = spans(work, anne=replace(ANNE, hours_before=(44.0,) * 10 + (48.1,)))
    assert set(_violations(over, plan)) == {"law_average_too_long"}
    # A thirteenth week no longer counts; a short history proves nothing.
    assert _violations(*spans(work, anne=replace(ANNE, hours_before=(60.0, *full)))) == {}
    assert _violations(*spans(work, anne=replace(ANNE, hours_before=(48.0, 48.0)))) == {}


def test_eleven_hours_between_two_days(spans):
    tuesday = MONDAY + timedelta(1)
    # Back at 20:00, gone at 07:00 or one minute earlier.
    assert _violations(*spans({MONDAY: (690, 500), tuesday: (430, 60)})) == {}
    problem, plan = spans({MONDAY: (690, 500), tuesday: (429, 60)})
    assert set(_violations(problem, plan)) == {"law_daily_rest"}
    # The rest belongs to the day after which it is taken.
    assert _violations(_lifted(problem, _one("daily_rest_min", 540)), plan) == {}
    assert set(_violations(_lifted(problem, _one("daily_rest_min", 540, tuesday)), plan)) == {
        "law_daily_rest"
    }


@pytest.mark.parametrize(
    ("saturday", "gone_at", "lawful"),
    [
        (date(2026, 3, 21), 420, True),
        (date(2026, 3, 28), 479, False),
        (date(2026, 3, 28), 480, True),
        (date(2025, 10, 25), 360, True),
        (date(2025, 10, 25), 359, False),
    ],
    ids=["plain", "an hour lost", "rested all the same", "an hour won", "too early all the same"],
)
def test_rest_is_real_time_when_the_clocks_change(spans, saturday, gone_at, lawful):
    sunday = saturday + timedelta(1)
    problem, plan = spans({saturday: (690, 500), sunday: (gone_at + 10, 60)})
    problem = _lifted(problem, _one("sunday_off", 0, sunday))
    assert set(_violations(problem, plan)) == (set() if lawful else {"law_daily_rest"})


def test_thirty_five_hours_of_weekly_rest(spans):
    saturday, monday = MONDAY + timedelta(5), MONDAY + timedelta(7)
    # Saturday until 21:00; 35 hours end on Monday at 08:00.
    assert _violations(*spans({saturday: (1000, 250), monday: (490, 60)})) == {}
    everyday = {day: (1000, 250) for day in _days(6)} | {monday: (489, 60)}
    problem, plan = spans(everyday)
    found = _violations(problem, plan)
    assert set(found) == {"law_weekly_rest"}
    assert "L3132-2" in found["law_weekly_rest"]
    assert _violations(_lifted(problem, _one("weekly_rest_min", 2000, MONDAY, monday)), plan) == {}


def test_weekly_rest_is_shorter_on_the_sunday_that_lasts_23_hours(spans):
    saturday = date(2026, 3, 28)
    week = {day: (1000, 250) for day in _days(6, saturday - timedelta(5))}
    rested = spans(week | {saturday + timedelta(2): (550, 60)})
    short = spans(week | {saturday + timedelta(2): (549, 60)})
    assert _violations(*rested) == {}
    assert set(_violations(*short)) == {"law_weekly_rest"}


def test_six_days_a_week_and_no_sunday(spans):
    week = {day: (480, 60) for day in _days(7)}
    problem, plan = spans(week)
    assert set(_violations(problem, plan)) == {"law_sunday", "law_days_a_week", "law_weekly_rest"}
    sunday = MONDAY + timedelta(6)
    without_monday = {day: (480, 60) for day in _days(7)[1:]}
    lifted, plan = spans(without_monday)
    assert set(_violations(lifted, plan)) == {"law_sunday"}
    assert _violations(_lifted(lifted, _one("sunday_off", 0, sunday)), plan) == {}


def test_public_holidays_are_off(spans):
    problem, plan = spans({MONDAY: (480, 60)}, rules=replace(LONG, holidays=frozenset({MONDAY})))
    assert set(_violations(problem, plan)) == {"law_holiday"}
    assert _violations(_lifted(problem, _one("holidays_off", 0)), plan) == {}


def test_a_pause_after_six_hours(flat, flat_day):
    rules = Rules(day_start_min=0, day_end_min=1440, lunch_min=20, lunch_from_min=690, lunch_until_min=840)
    # 06:00 to 12:00, lunch, then until 18:20 at the latest.
    problem = flat([ANNE], [_visit(1, 350), _visit(2, 60)], rules=rules)
    day = flat_day(problem, 1, MONDAY, {1: 370, 2: 750}, lunch=720)
    assert _violations(problem, [day]) == {}
    early = replace(day, depart_min=359)
    assert set(_violations(problem, [early])) == {"law_pause_missing"}
    # A lunch that is shorter than the pause of the law is none.
    short = replace(problem, rules=replace(rules, lunch_min=19))
    assert set(_violations(short, [day])) == {"law_pause_missing"}
    assert _violations(_lifted(short, _one("longest_stretch_min", 480)), [day]) == {}


def test_commutes_count_as_the_rules_say(flat, flat_day):
    problem = flat([replace(ANNE, hours_per_day=1.0)], [_visit(1, 60)], rules=replace(LONG))
    day = flat_day(problem, 1, MONDAY, {1: 480})
    assert set(_violations(problem, [day])) == {"day_too_long"}
    unpaid = replace(problem, rules=replace(LONG, commute_counts=False))
    assert _violations(unpaid, [day]) == {}
