"""A plan made again in the middle of a day: facts stay, nothing new lies before now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimisers.checker import check
from optimisers.model import Moment, Pin, Place, Slot, Technician, Unassigned, Visit

MONDAY = date(2025, 11, 17)
TUESDAY = MONDAY + timedelta(1)
HERE = Place(45.9, 6.1)
ANNE, BORIS = Technician(1, "Anne", HERE), Technician(2, "Boris", HERE)


def _kinds(problem, plan, unassigned=()) -> set[str]:
    return {violation.kind for violation in check(problem, plan, unassigned).violations}


@pytest.fixture(scope="module")
def replanned(flat, flat_day):
    """Monday 10:40: visit 1 is under way since 09:00, visits 2 and 3 are still to be made."""
    visits = [
        Visit(1, HERE, 120, pin=Pin(1, MONDAY, 540), frozen=True),
        Visit(2, HERE, 60),
        Visit(3, HERE, 60),
    ]
    problem = flat([ANNE, BORIS], visits, days=2, now=Moment(MONDAY, 640))
    plan = (
        flat_day(problem, 1, MONDAY, {1: 540, 2: 800}, lunch=700),
        flat_day(problem, 2, MONDAY, {3: 650}),
    )
    assert check(problem, plan, ()).violations == ()
    return problem, plan


def test_facts_stay_where_they_are(replanned, flat_day):
    problem, plan = replanned
    late = flat_day(problem, 1, MONDAY, {1: 541, 2: 800}, lunch=700)
    assert _kinds(problem, (late, plan[1])) == {"fact_changed"}
    other = (
        flat_day(problem, 2, MONDAY, {1: 540, 3: 800}, lunch=700),
        flat_day(problem, 1, MONDAY, {2: 650}),
    )
    assert _kinds(problem, other) == {"fact_changed"}
    left = (flat_day(problem, 1, MONDAY, {2: 650}), plan[1])
    assert _kinds(problem, left) == {"visit_forgotten", "fact_changed"}
    longer = replace(plan[0].visits[0], end_min=661)
    changed = (replace(plan[0], visits=(longer, plan[0].visits[1])), plan[1])
    assert _kinds(problem, changed) == {"fact_changed"}


def test_facts_are_not_judged(replanned, flat, flat_day):
    problem, plan = replanned
    spoilt = replace(problem.visits[0], skills={"IRVE": 3}, windows=(), tools=frozenset({"nacelle"}))
    boris_away = replace(BORIS, absent_on=frozenset({MONDAY}))
    problem = replace(problem, visits=(spoilt, *problem.visits[1:]), technicians=(ANNE, boris_away))
    assert _kinds(problem, plan) == {"technician_absent"}
    endless = Visit(1, HERE, 900, pin=Pin(1, MONDAY, 300), frozen=True)
    alone = flat([ANNE], [endless], days=2, now=Moment(MONDAY, 640))
    assert _kinds(alone, [flat_day(alone, 1, MONDAY, {1: 300})]) == set()


def test_what_facts_used_is_gone(flat, flat_day):
    visits = [
        Visit(1, HERE, 60, pin=Pin(1, MONDAY, 540), frozen=True, parts={"filtre": 2}),
        Visit(2, HERE, 60, parts={"filtre": 1}),
    ]
    for stock, expected in [(3, set()), (2, {"part_missing"}), (0, {"part_missing"})]:
        anne = replace(ANNE, stock={"filtre": stock})
        problem = flat([anne], visits, days=2, now=Moment(MONDAY, 570))
        assert _kinds(problem, [flat_day(problem, 1, MONDAY, {1: 540, 2: 610})]) == expected


def test_nobody_leaves_before_now(replanned, flat_day):
    problem, plan = replanned
    assert _kinds(problem, (plan[0], flat_day(problem, 2, MONDAY, {3: 649}))) == {"before_now"}
    tuesday = replace(problem, now=Moment(TUESDAY, 0))
    assert _kinds(tuesday, plan) == {"before_now"}
    moved = (flat_day(problem, 1, MONDAY, {1: 540}), flat_day(problem, 2, TUESDAY, {3: 500, 2: 570}))
    assert _kinds(tuesday, moved) == set()


def test_a_lunch_that_facts_made_impossible_is_not_missed(flat, flat_day):
    visits = [Visit(1, HERE, 300, pin=Pin(1, MONDAY, 520), frozen=True), Visit(2, HERE, 60)]
    problem = flat([ANNE], visits, days=2, now=Moment(MONDAY, 600))
    assert _kinds(problem, [flat_day(problem, 1, MONDAY, {1: 520, 2: 840})]) == set()
    shorter = replace(problem, visits=(replace(visits[0], duration_min=260), visits[1]))
    kinds = _kinds(shorter, [flat_day(shorter, 1, MONDAY, {1: 520, 2: 840})])
    assert kinds == {"lunch_missing", "law_pause_missing"}


def test_sequences_go_on_from_facts(replanned, flat_day):
    problem, plan = replanned
    follows = replace(problem.visits[2], after=frozenset({1}))
    problem = replace(problem, visits=(*problem.visits[:2], follows))
    assert _kinds(problem, plan) == {"predecessor_later"}
    assert _kinds(problem, (plan[0], flat_day(problem, 2, MONDAY, {3: 660}))) == set()


def test_a_frozen_crew_keeps_all_its_members(flat, flat_day):
    slots = (Slot(1, MONDAY, 540), Slot(2, MONDAY, 540))
    visit = Visit(1, HERE, 60, crew=2, pin=Pin(1, MONDAY, 540), frozen=True, published=slots)
    problem = flat([ANNE, BORIS], [visit], days=2, now=Moment(MONDAY, 560))
    both = [flat_day(problem, who, MONDAY, {1: 540}) for who in (1, 2)]
    assert _kinds(problem, both) == set()
    assert _kinds(problem, both[1:]) == {"crew_incomplete", "fact_changed"}
    assert _kinds(problem, [], [Unassigned(1, "capacite", "plus de place")]) == {"fact_changed"}
