"""Lawful plans spoilt at random: the checker agrees with a second judge, who goes minute by minute."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from optimisers.checker import check
from tests.properties.cruel_weeks import dense, weeks
from tests.properties.minute_by_minute import Judge
from tests.properties.mutators import MUTATORS, rewritten, tightened
from tests.properties.naive_scheduler import Naive


def _lawful_start(problem, seed):
    """The problem without the pins that the naive planner cannot keep, and its plan."""
    plan, left = Naive(problem, seed).plan()
    out = {item.visit_id for item in left}
    visits = tuple(replace(v, pin=None) if v.visit_id in out else v for v in problem.visits)
    return replace(problem, visits=visits), plan, left


def _agree(problem, plan, left) -> bool:
    report = check(problem, plan, left)
    assert report.lawful == Judge(problem, plan, left).lawful(), report.violations
    return report.lawful


@pytest.mark.parametrize("mutator", MUTATORS, ids=lambda mutator: mutator.__name__)
def test_each_way_of_spoiling_a_full_week_is_caught(mutator):
    verdicts = Counter()
    for seed in range(8):
        problem, plan, left = _lawful_start(dense(seed), seed)
        assert _agree(problem, plan, left)
        chance = random.Random(seed)
        for _ in range(2):
            mutant, still_left = mutator(chance, problem, plan, left)
            verdicts[_agree(problem, mutant, still_left)] += 1
            _agree(problem, rewritten(problem, mutant), still_left)
    assert verdicts[False] > 0, "this mutator never broke a rule"


def test_the_same_work_under_stricter_rules_is_caught():
    verdicts, kinds = Counter(), set()
    for seed in range(40):
        problem, plan, left = _lawful_start(dense(seed), seed)
        chance = random.Random(seed)
        for _ in range(3):
            stricter = tightened(chance, problem)
            verdicts[_agree(stricter, plan, left)] += 1
            kinds |= {violation.kind for violation in check(stricter, plan, left).violations}
    assert verdicts[True] > 5
    assert verdicts[False] > 20
    assert {"law_week_too_long", "law_pause_missing", "law_days_a_week", "part_missing"} <= kinds


@settings(
    max_examples=max(1, settings.default.max_examples // 2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(weeks(facts=False), st.integers(0, 10_000))
def test_both_judges_agree_on_cruel_weeks_and_their_mutants(problem, seed):
    problem, plan, left = _lawful_start(problem, seed)
    assert _agree(problem, plan, left)
    chance = random.Random(seed)
    for mutator in chance.sample(MUTATORS, 5):
        if plan:
            _agree(problem, *mutator(chance, problem, plan, left))
    _agree(tightened(chance, problem), plan, left)


@settings(
    max_examples=max(1, settings.default.max_examples // 2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(weeks(), st.integers(0, 10_000))
def test_a_plan_that_keeps_every_rule_is_accepted_facts_included(problem, seed):
    problem, plan, left = _lawful_start(problem, seed)
    assert check(problem, plan, left).violations == ()
