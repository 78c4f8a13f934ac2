"""Weeks made again by the real solver: lawful at every point, few changes, frozen and pinned visits hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimisers import weekly
from optimisers.checker import check
from optimisers.model import Moment, Pin, Place, Stop, Technician, Visit
from optimisers.replanning import (
    Cancelled,
    Illness,
    Missed,
    Overrun,
    UrgentVisit,
    apply,
    changes_of,
    replan,
)
from optimisers.replanning.changes import slots_of
from optimisers.replanning.curve import recommended

MONDAY = date(2025, 11, 17)
TUESDAY = MONDAY + timedelta(1)
NOW = Moment(TUESDAY, 10 * 60 + 40)
STOP = Stop(max_iterations=1500)
FEW = Stop(max_iterations=200)


@pytest.fixture(scope="module")
def published(random_week):
    """A week of 4 technicians with its plan."""
    week = random_week(3, visits=50, technicians=4)
    return week, weekly.solve(week, STOP, 1).plan


@pytest.fixture(scope="module")
def urgent(published):
    week, _ = published
    return Visit(9000, week.visits[3].place, 45, urgent=True, due=TUESDAY)


@pytest.fixture(scope="module")
def bad_day(published, urgent):
    """Technician 2 ill until Wednesday, an urgent call, a cancellation on Thursday, an overrun."""
    week, plan = published
    thursday = next(d for d in plan if d.day == MONDAY + timedelta(3))
    running = next(d for d in plan if d.day == TUESDAY and d.technician_id != 2).visits[0]
    events = [
        Illness(2, last_day=TUESDAY + timedelta(1)),
        UrgentVisit(urgent),
        Cancelled(thursday.visits[0].visit_id),
        Overrun(running.visit_id, 50),
    ]
    return apply(week, plan, events, NOW)


@pytest.fixture(scope="module")
def answer(bad_day):
    return replan(bad_day, STOP, 1, worth=1.0)


def test_every_point_is_lawful_and_says_what_the_checker_finds(bad_day, answer):
    assert answer.curve[0] is answer.base
    assert answer.recommended in answer.curve
    for point in answer.curve:
        report = check(bad_day, point.result.plan, point.result.unassigned)
        assert report.violations == ()
        assert report.costs.total == pytest.approx(point.objective)
        assert report.km == pytest.approx(point.km)
        assert point.result.lower_bound <= point.objective
        assert point.changed == changes_of(bad_day, point.result.plan)


def test_more_changes_are_only_offered_when_they_pay(answer):
    assert len(answer.curve) > 2
    counts = [point.changes for point in answer.curve]
    assert counts == sorted(set(counts))
    objectives = [point.objective for point in answer.curve]
    assert objectives == sorted(objectives, reverse=True)
    assert answer.base.changes == 0
    assert answer.within(counts[1]) is answer.curve[1]


def test_what_is_forced_is_counted_apart(bad_day, answer):
    assert answer.base.changed == answer.forced
    ill = {
        v.visit_id for v in bad_day.visits if not v.frozen and any(s.technician_id == 2 for s in v.published)
    }
    away = {TUESDAY, TUESDAY + timedelta(1)}
    impossible = {n for n in ill if bad_day.visits[bad_day.visit_number[n]].published[0].day in away}
    assert impossible
    assert impossible <= {change.visit_id for change in answer.forced}


def test_frozen_visits_stay_where_they_are_and_nobody_leaves_before_now(bad_day, answer):
    for point in answer.curve:
        slots = slots_of(point.result.plan)
        for visit in bad_day.visits:
            if visit.frozen:
                assert slots[visit.visit_id] == visit.published
        for day in point.result.plan:
            assert day.day >= TUESDAY or all(_is_frozen(bad_day, s.visit_id) for s in day.visits)
            for stop in day.visits:
                if day.day == TUESDAY and not _is_frozen(bad_day, stop.visit_id):
                    assert stop.arrival_min - stop.travel_min >= NOW.minute


def _is_frozen(problem, visit_id: int) -> bool:
    return problem.visits[problem.visit_number[visit_id]].frozen


def test_at_most_so_many_changes(bad_day, answer):
    few = replan(bad_day, STOP, 1, max_changes=1, worth=1.0)
    assert max(point.changes for point in few.curve) <= 1
    assert few.base.objective == answer.base.objective
    with pytest.raises(ValueError, match="max_changes is -1"):
        replan(bad_day, STOP, 1, max_changes=-1)


def test_same_seed_same_answer(bad_day, answer):
    again = replan(bad_day, STOP, 1, worth=1.0)
    assert [p.result.plan for p in again.curve] == [p.result.plan for p in answer.curve]
    assert again.recommended.changes == answer.recommended.changes


def test_nothing_happened_nothing_changes(published):
    week, plan = published
    quiet = apply(week, plan, [], NOW)
    calm = replan(quiet, STOP, 1)
    assert calm.forced == ()
    assert calm.base.changed == ()
    assert slots_of(calm.base.result.plan).keys() >= slots_of(plan).keys()


def test_a_planners_pin_holds_against_what_would_be_cheaper(published):
    week, plan = published
    day = next(d for d in plan if d.day == MONDAY + timedelta(3) and len(d.visits) > 1)
    pinned = day.visits[0].visit_id
    number = week.visit_number[pinned]
    other = next(
        t.technician_id
        for t in week.technicians
        if t.technician_id != day.technician_id and set(week.visits[number].skills) <= set(t.skills)
    )
    visits = list(week.visits)
    visits[number] = replace(visits[number], pin=Pin(technician_id=other), appointment=None)
    at_now = apply(replace(week, visits=tuple(visits)), plan, [], NOW)
    for point in replan(at_now, STOP, 1).curve:
        assert {slot.technician_id for slot in slots_of(point.result.plan)[pinned]} == {other}


def test_a_pin_on_somebody_who_fell_ill_is_a_conflict_named_beside_the_best_plan(published):
    week, plan = published
    day = next(d for d in plan if d.day == MONDAY + timedelta(3))
    number = week.visit_number[day.visits[0].visit_id]
    visits = list(week.visits)
    visits[number] = replace(visits[number], pin=Pin(day.technician_id, day.day), appointment=None)
    ill = Illness(day.technician_id, last_day=day.day)
    at_now = apply(replace(week, visits=tuple(visits)), plan, [ill], NOW)
    result = replan(at_now, STOP, 1).recommended.result
    assert result.status == "infeasible"
    assert str(visits[number].visit_id) in " ".join(result.conflicts)
    report = check(at_now, result.plan, result.unassigned)
    assert {violation.kind for violation in report.violations} == {"pin_left_out"}


def test_stopped_at_once_it_still_gives_a_lawful_plan(bad_day):
    stopped = replan(bad_day, STOP, 1, should_stop=lambda: True)
    assert stopped.interrupted
    assert stopped.recommended.result.interrupted
    result = stopped.recommended.result
    assert check(bad_day, result.plan, result.unassigned).lawful


def test_stopped_in_the_middle_the_points_found_so_far_are_given(bad_day):
    def later(done: float, points: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt

    stopped = replan(bad_day, STOP, 1, progress=later)
    assert stopped.interrupted
    assert stopped.base.changes == 0


def test_a_point_is_recommended_while_a_change_brings_in_its_worth(answer):
    gains = {p.changes: answer.base.objective - p.objective for p in answer.curve}
    for worth in (0.0, 1.0, 5.0, 1e6):
        chosen = recommended(answer.curve, worth)
        value = gains[chosen.changes] - worth * chosen.changes
        assert all(value >= gains[k] - worth * k - 1e-5 for k in gains)
    assert recommended(answer.curve, 1e6) is answer.base
    assert recommended(answer.curve, 0.0) is answer.curve[-1]


def test_a_crew_and_its_follower_are_planned_again_together(problem_of):
    technicians = [Technician(n, f"T{n}", Place(45.9, 6.1 + n / 100), {"VMC": 1}) for n in (1, 2, 3)]
    visits = [Visit(n, Place(45.92, 6.1 + n / 200), 60, {"VMC": 1}) for n in range(1, 7)]
    visits += [
        Visit(7, Place(45.91, 6.12), 90, crew=2),
        Visit(8, Place(45.91, 6.13), 30, after=frozenset({7})),
    ]
    week = problem_of(technicians, visits, days=2)
    plan = weekly.solve(week, FEW, 1).plan
    first = min(d.day for d in plan)
    at_now = apply(week, plan, [Illness(slots_of(plan)[7][0].technician_id)], Moment(first, 480))
    made_again = replan(at_now, FEW, 1)
    for point in made_again.curve:
        assert check(at_now, point.result.plan, point.result.unassigned).lawful
        slots = slots_of(point.result.plan)
        assert len(slots[7]) == 2
        assert 8 in slots


def test_a_visit_missed_is_placed_again(published):
    week, plan = published
    missed = plan[0].visits[0].visit_id
    at_now = apply(week, plan, [Missed(missed)], NOW)
    again = replan(at_now, STOP, 1)
    slots = slots_of(again.recommended.result.plan).get(missed, ())
    assert all(slot.day >= TUESDAY for slot in slots)
    assert missed in {change.visit_id for change in again.forced}
