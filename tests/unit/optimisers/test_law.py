"""Dated limits, holidays, articles; the solvers' reading of derogations against the checker's."""

from __future__ import annotations

import itertools
import random
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from optimisers.checker.ground import instant_min
from optimisers.checker.week import _week_limit, monday_of
from optimisers.checker.working_time import limit_on
from optimisers.law import (
    PACKS,
    article_of,
    limit_for,
    pack_on,
    public_holidays,
    rest_between,
    week_limit_for,
)
from optimisers.model import Derogation, LawPack, Place, Rules, Technician
from optimisers.model.rule_faults import LIMITS

MONDAY = date(2026, 3, 23)
WEEKLY = ("max_week_min", "max_average_week_min", "weekly_rest_min", "max_days_a_week")
DOCS = Path(__file__).resolve().parents[3] / "docs"


def test_packs_follow_each_other_without_gap():
    assert pack_on(date(2016, 8, 9)).version == "FR-2008"
    assert pack_on(date(2016, 8, 10)).version == "FR-2016"
    assert pack_on(date(2026, 1, 1)) == LawPack() == Rules().law
    for earlier, later in itertools.pairwise(PACKS):
        assert earlier.in_force_until == later.in_force_from - timedelta(days=1)
    with pytest.raises(ValueError, match="2008"):
        pack_on(date(2008, 4, 30))


def test_public_holidays_of_france():
    year = public_holidays([2026])
    assert len(year) == 11
    assert {date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)} <= year
    assert public_holidays([2026], alsace_moselle=True) - year == {date(2026, 4, 3), date(2026, 12, 26)}
    assert public_holidays([2025, 2026]) > year


def test_every_limit_has_its_article_in_the_code_and_in_the_documentation():
    page = (DOCS / "labour-law.md").read_text(encoding="utf-8")
    for limit in LIMITS:
        now, before = article_of(limit), article_of(limit, "FR-2008")
        assert now.number.startswith("L31")
        assert now.line.endswith(".")
        assert now.number in page
        assert before.number in page
    renumbered = {
        limit for limit in LIMITS if article_of(limit).number != article_of(limit, "FR-2008").number
    }
    assert renumbered == {"max_day_min", "max_week_min", "max_average_week_min", "longest_stretch_min"}
    with pytest.raises(KeyError):
        article_of("max_month_min")


def test_figures_are_those_of_the_articles():
    hours = {item.name: getattr(LawPack(), item.name) / 60 for item in fields(LawPack) if "_min" in item.name}
    assert hours == {
        "max_day_min": 10,
        "max_week_min": 48,
        "max_average_week_min": 44,
        "daily_rest_min": 11,
        "weekly_rest_min": 35,
        "longest_stretch_min": 6,
        "short_pause_min": pytest.approx(1 / 3),
    }
    assert (LawPack().average_weeks, LawPack().max_days_a_week) == (12, 6)


@pytest.mark.parametrize("seed", range(30))
def test_solvers_and_checker_read_derogations_alike(flat, seed):
    chance = random.Random(seed)
    days = [MONDAY + timedelta(n) for n in range(14)]
    derogations = []
    for _ in range(5):
        limit = chance.choice(LIMITS)
        first, last = sorted(chance.choices(days, k=2))
        value = chance.randrange(2) if limit.endswith("_off") else chance.randrange(5000)
        who = chance.choice([None, 1, 2])
        derogations.append(Derogation(limit, value, first, last, "accord", who))
    rules = Rules(derogations=tuple(derogations))
    home = Place(45.9, 6.1)
    problem = flat([Technician(n, "T", home) for n in (1, 2)], [], 12, first=MONDAY, rules=rules)
    for limit in LIMITS:
        for who in (1, 2):
            for day in problem.days:
                assert limit_for(rules, limit, who, day) == limit_on(problem, limit, who, day)
            own = [day for day in problem.days if monday_of(day) == MONDAY]
            if limit in WEEKLY:
                assert week_limit_for(rules, limit, who, own) == _week_limit(problem, limit, who, MONDAY)


@pytest.mark.parametrize(
    ("evening", "hours"),
    [(date(2026, 3, 27), 12), (date(2026, 3, 28), 11), (date(2026, 10, 24), 13), (date(2026, 10, 25), 12)],
)
def test_nights_are_measured_in_real_time(evening, hours):
    morning = evening + timedelta(1)
    assert rest_between(evening, 1200, morning, 480) == hours * 60
    assert instant_min(morning, 480) - instant_min(evening, 1200) == hours * 60
