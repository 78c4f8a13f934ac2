"""Crews that meet and visits that follow others, alone and together, also around facts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_weekly import days_of, solved, technician, visit

from optimisers import weekly
from optimisers.model import Depot, Moment, Pin, Place, Slot, Stop
from optimisers.routing.search import search
from optimisers.weekly import couplings
from optimisers.weekly.couplings import groups_of, taken_from

MONDAY = date(2025, 11, 17)
QUICK = Stop(max_iterations=100)


def test_a_crew_meets_and_each_member_is_another_technician(problem_of):
    crew = [technician(n) for n in (1, 2, 3)]
    result = solved(problem_of(crew, [visit(1, 90, crew=2), *[visit(n) for n in range(2, 8)]]), stop=QUICK)
    found = days_of(result)[1]
    assert len({who for _, who, _ in found}) == 2
    assert len({(day, start) for day, _, start in found}) == 1


def test_a_crew_that_can_never_meet_is_left_out_whole(problem_of):
    monday, others = frozenset({MONDAY}), frozenset(MONDAY + timedelta(n) for n in range(1, 5))
    crew = [technician(1, absent_on=monday), technician(2, absent_on=others)]
    result = solved(problem_of(crew, [visit(1, crew=2), visit(2)]), stop=QUICK)
    assert [left.visit_id for left in result.unassigned] == [1]
    assert 1 not in days_of(result)


def test_the_technician_of_a_pin_is_one_of_the_crew(problem_of):
    crew = [technician(n) for n in (1, 2, 3)]
    pinned = visit(1, crew=2, pin=Pin(3, MONDAY + timedelta(2)))
    found = days_of(solved(problem_of(crew, [pinned]), stop=QUICK))[1]
    assert {day for day, _, _ in found} == {MONDAY + timedelta(2)}
    assert 3 in {who for _, who, _ in found}


def test_a_follower_begins_after_its_predecessors_wherever_they_are(problem_of):
    crew = [technician(1), technician(2)]
    chain = [visit(1, 120), visit(2, 120, after=frozenset({1})), visit(3, 60, after=frozenset({1, 2}))]
    found = days_of(solved(problem_of(crew, chain, days=2), stop=QUICK))
    moments = [(found[n][0][0], found[n][0][2]) for n in (1, 2, 3)]
    assert moments == sorted(moments)
    assert len(found) == 3


def test_a_follower_stays_out_with_its_predecessor(problem_of):
    chain = [visit(1, skills={"IRVE": 1}), visit(2, after=frozenset({1})), visit(3)]
    result = solved(problem_of([technician()], chain), stop=QUICK)
    assert {left.visit_id for left in result.unassigned} == {1, 2}


def test_a_follower_of_a_frozen_visit_waits_for_its_end(problem_of):
    fact = visit(1, 60, frozen=True, pin=Pin(1, MONDAY, 600))
    problem = problem_of(
        [technician(1), technician(2)],
        [fact, visit(2, after=frozenset({1}))],
        days=1,
        now=Moment(MONDAY, 610),
    )
    assert days_of(solved(problem, stop=QUICK))[2][0][2] >= 660


def coupled(problem, seed: int):
    """A few crews and chains in a random week."""
    chance = random.Random(seed)
    visits = list(problem.visits)
    for number in chance.sample(range(len(visits)), 3):
        visits[number] = replace(visits[number], crew=2, appointment=None)
    first, second, third = chance.sample(range(len(visits)), 3)
    visits[second] = replace(visits[second], after=frozenset({visits[first].visit_id}))
    visits[third] = replace(visits[third], after=frozenset({visits[second].visit_id}))
    return replace(problem, visits=tuple(visits))


@pytest.mark.parametrize("seed", range(3))
def test_random_coupled_weeks_are_lawful_and_repeat_themselves(random_week, seed):
    problem = coupled(random_week(seed, visits=14, days=3), seed)
    first = solved(problem, seed, QUICK)
    assert weekly.solve(problem, QUICK, seed).plan == first.plan


def test_an_earlier_plan_keeps_its_couplings(random_week):
    problem = coupled(random_week(1, visits=14, days=3), 1)
    good = solved(problem, 1, Stop(max_iterations=300))
    decisions = taken_from(problem, good.plan, groups_of(problem))
    planned = {problem.visits[n].visit_id for n in (*decisions.meetings, *decisions.spans)}
    assert planned <= set(days_of(good))
    again = solved(problem, 1, Stop(max_iterations=1), start=good.plan)
    assert again.objective <= good.objective + 1e-6


def test_days_go_on_from_where_facts_end(problem_of):
    now = Moment(MONDAY, 640)
    facts = [
        visit(n, 60, frozen=True, pin=Pin(1, MONDAY, start), published=(Slot(1, MONDAY, start),))
        for n, start in ((1, 500), (2, 600))
    ]
    others = [visit(n, 60, published=(Slot(1, MONDAY, 800),)) for n in (3, 4)]
    result = solved(
        problem_of([technician(1), technician(2)], [*facts, *others], days=2, now=now), stop=QUICK
    )
    found = days_of(result)
    assert found[1] == [(MONDAY, 1, 500)]
    assert found[2] == [(MONDAY, 1, 600)]
    for number in (3, 4):
        day, _, start = found[number][0]
        assert (day, start) > (MONDAY, now.minute)


@pytest.mark.parametrize("minute", [500, 700, 770, 840, 1000])
def test_facts_of_any_hour_leave_a_lawful_day(random_week, minute):
    problem = random_week(5, visits=20, technicians=2)
    plan = weekly.solve(problem, QUICK, 1).plan
    begun = {
        stop.visit_id: Slot(day.technician_id, day.day, stop.start_min)
        for day in plan
        for stop in day.visits
        if (day.day, stop.start_min) <= (MONDAY + timedelta(1), minute)
    }
    visits = tuple(
        replace(v, frozen=True, pin=Pin(s.technician_id, s.day, s.start_min), published=(s,))
        if (s := begun.get(v.visit_id))
        else v
        for v in problem.visits
    )
    again = solved(replace(problem, visits=visits, now=Moment(MONDAY + timedelta(1), minute)), stop=QUICK)
    assert set(begun) <= set(days_of(again))


def test_a_search_by_the_clock_keeps_couplings_and_is_not_taken_for_interrupted(random_week):
    problem = coupled(random_week(2, visits=15), 2)
    assert not solved(problem, 2, Stop(seconds=0.5)).interrupted


def test_a_coupled_week_that_is_stopped_at_once_is_lawful(random_week):
    result = solved(coupled(random_week(2, visits=15), 2), 2, Stop(seconds=30), should_stop=lambda: True)
    assert result.interrupted


def test_a_follower_that_needs_the_depot_is_planned_by_way_of_it(problem_of):
    chain = [visit(1, parts={"f": 1}), visit(2, after=frozenset({1}))]
    problem = problem_of([technician()], chain, days=2, depot=Depot(Place(45.9, 6.1)))
    result = solved(problem, stop=QUICK)
    assert not result.unassigned
    assert [stop.via_depot for day in result.plan for stop in day.visits if stop.visit_id == 1] == [True]


@pytest.mark.parametrize("calls", [0, 3, 30])
def test_an_interruption_of_the_first_decisions_leaves_a_lawful_plan(random_week, monkeypatch, calls):
    problem = coupled(random_week(2, visits=15), 2)
    left = iter(range(calls))

    def tired(*args, **kwargs):
        if next(left, None) is None:
            monkeypatch.undo()
            raise KeyboardInterrupt
        return search(*args, **kwargs)

    monkeypatch.setattr(couplings, "search", tired)
    result = solved(problem, 2, QUICK)
    assert result.interrupted
    alone = {v.visit_id for n, v in enumerate(problem.visits) if all(n not in g for g in groups_of(problem))}
    assert alone & set(days_of(result))
    assert all(left.reason for left in result.unassigned)


def test_a_pinned_visit_that_has_no_room_makes_the_week_infeasible(problem_of):
    pins = [visit(1, 240, skills={"IRVE": 1}), visit(2, 60, after=frozenset({1}), pin=Pin(1, MONDAY))]
    result = weekly.solve(problem_of([technician()], pins, days=1), QUICK, 0)
    assert result.status == "infeasible"
    assert any("visite 2" in conflict for conflict in result.conflicts)
