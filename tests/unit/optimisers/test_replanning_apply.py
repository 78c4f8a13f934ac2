"""What is frozen, marked and added when a published week meets what happened since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from optimisers.model import (
    Absence,
    Appointment,
    Depot,
    InvalidProblem,
    Moment,
    Pin,
    Place,
    PlannedVisit,
    Slot,
    Technician,
    TechnicianDay,
    TravelMatrix,
    Visit,
)
from optimisers.replanning import (
    Cancelled,
    Illness,
    Made,
    Missed,
    Overrun,
    UrgentVisit,
    apply,
    changes_of,
    shifts_of,
)

MONDAY = date(2025, 11, 17)
TUESDAY = MONDAY + timedelta(1)
WEDNESDAY = MONDAY + timedelta(2)
NOW = Moment(TUESDAY, 10 * 60 + 40)


def _place(number: int) -> Place:
    return Place(45.9, 6.1 + number / 100)


def _visit(number: int, **options) -> Visit:
    return Visit(number, _place(number), 60, **options)


def _day(technician: int, day: date, starts: dict[int, int], lunch: int | None = None) -> TechnicianDay:
    """Visits of an hour at these minutes, ten minutes of driving before each."""
    stops = tuple(PlannedVisit(v, at, at, at + 60, 5000, 10) for v, at in starts.items())
    last = stops[-1].end_min
    return TechnicianDay(technician, day, stops[0].start_min - 10, last + 10, lunch, stops, 5000, 10)


@pytest.fixture
def week(problem_of):
    """Two technicians; 1 to 4 on Tuesday, 5 on Monday, 6 on Wednesday; 7 is in no plan."""
    technicians = [Technician(1, "Élodie", _place(0)), Technician(2, "Luc", _place(9))]
    visits = [_visit(n) for n in range(1, 8)]
    visits[2] = _visit(3, appointment=Appointment(TUESDAY, 840, 900))
    visits[4] = _visit(5, appointment=Appointment(MONDAY, 480, 600))
    return problem_of(technicians, visits, depot=Depot(_place(20)))


PLAN = (
    _day(2, MONDAY, {5: 540}),
    _day(1, TUESDAY, {1: 540, 2: 645, 3: 840}, lunch=720),
    _day(2, TUESDAY, {4: 660}),
    _day(1, WEDNESDAY, {6: 600}),
)


def _frozen(problem) -> set[int]:
    return {visit.visit_id for visit in problem.visits if visit.frozen}


def _of(problem, number: int) -> Visit:
    return problem.visits[problem.visit_number[number]]


def test_done_under_way_and_driven_to_are_frozen_the_rest_is_published(week):
    at_now = apply(week, PLAN, [], NOW)
    # 2 begins at 10:45 and its technician left at 10:35; 4 is left for at 10:50.
    assert _frozen(at_now) == {1, 2, 5}
    assert _of(at_now, 2).pin.start_min == 645
    assert _of(at_now, 4).published == (Slot(2, TUESDAY, 660),)
    assert _of(at_now, 7).published == ()
    assert at_now.now == NOW


def test_leaving_at_this_very_minute_can_still_be_changed(week):
    assert 4 not in _frozen(apply(week, PLAN, [], Moment(TUESDAY, 650)))
    assert 4 in _frozen(apply(week, PLAN, [], Moment(TUESDAY, 651)))


def test_promises_become_movable_pins_and_past_ones_do_not_bind(week):
    at_now = apply(week, PLAN, [Missed(5)], NOW)
    assert _of(at_now, 3).appointment == Appointment(TUESDAY, 840, 900, movable=True)
    assert _of(at_now, 5).appointment is None
    assert not _of(at_now, 5).frozen


def test_an_overrun_holds_up_what_comes_after_it_and_lunch_is_still_taken(week):
    # Visit 1 ends at 10:45 instead of 10:00: 2 has not been left for at 10:40.
    late = apply(week, PLAN, [Overrun(1, 45)], NOW)
    assert _frozen(late) == {1, 5}
    assert _of(late, 1).duration_min == 105
    # At 14:00 it has: 2 from 10:55 to 11:55, lunch after it, and 3 is left for when planned.
    assert _of(apply(week, PLAN, [Overrun(1, 45)], Moment(TUESDAY, 14 * 60)), 2).pin.start_min == 655
    # Ended at 13:05 instead of 12:00 by two overruns, 45 minutes of lunch: left for 3 at 13:55.
    slow = [Overrun(2, 80)]
    assert 3 not in _frozen(apply(week, PLAN, slow, Moment(TUESDAY, 14 * 60)))


def test_an_ill_technician_is_away_and_what_he_has_not_finished_is_to_be_made_anew(week):
    ill = apply(week, PLAN, [Illness(1)], NOW)
    assert _frozen(ill) == {1, 5}
    assert ill.technicians[0].absences[0].from_min == NOW.minute
    assert ill.technicians[0].absent_on == frozenset()
    longer = apply(week, PLAN, [Illness(1, from_min=550, last_day=WEDNESDAY)], NOW)
    assert _frozen(longer) == {5}
    assert longer.technicians[0].absent_on == {WEDNESDAY}


def test_a_pin_on_a_day_of_illness_is_a_conflict_of_the_plan_not_a_fault(week):
    pinned = replace(_of(week, 6), pin=Pin(1, WEDNESDAY))
    week = replace(week, visits=tuple(pinned if v.visit_id == 6 else v for v in week.visits))
    ill = apply(week, PLAN, [Illness(1, last_day=WEDNESDAY)], NOW)
    assert ill.technicians[0].absences[1] == Absence(WEDNESDAY)
    assert _of(ill, 6).pin == Pin(1, WEDNESDAY)


@pytest.mark.parametrize(("events", "frozen"), [([], True), ([Illness(2)], False)])
def test_one_of_a_crew_on_the_way_is_the_crew_under_way(problem_of, events, frozen):
    technicians = [Technician(1, "Élodie", _place(0)), Technician(2, "Luc", _place(9))]
    week = problem_of(technicians, [_visit(1, crew=2)])
    far = PlannedVisit(1, 660, 660, 720, 30_000, 40)
    near = PlannedVisit(1, 660, 660, 720, 5_000, 10)
    plan = tuple(
        TechnicianDay(n, TUESDAY, 600, 800, None, (stop,), 0, 10) for n, stop in ((1, far), (2, near))
    )
    (visit,) = apply(week, plan, events, NOW).visits
    assert visit.frozen is frozen
    assert visit.published == (Slot(1, TUESDAY, 660), Slot(2, TUESDAY, 660))
    reported = apply(week, plan, [Made(1, (1,), TUESDAY, 630)], NOW).visits[0]
    assert [slot.start_min for slot in reported.published] == [630, 630]


def test_reported_facts_replace_the_plan(week):
    facts = [Made(1, (2,), TUESDAY, 500, 530), Made(4, (2,), TUESDAY, 630)]
    at_now = apply(week, PLAN, facts, NOW)
    assert (_of(at_now, 1).pin.technician_id, _of(at_now, 1).duration_min) == (2, 30)
    assert _of(at_now, 4).frozen
    # Nobody reported on 2: its technician left as planned.
    assert _frozen(at_now) == {1, 2, 4, 5}


def test_urgent_visits_enter_cancelled_ones_leave_and_known_legs_stay(week):
    odd = TravelMatrix(week.travel.metres.copy(), week.travel.minutes.copy())
    home, three, depot = 0, week.visit_at(2), week.depot_at
    odd.metres[home, three], odd.metres[depot, three] = 77, 88
    week = replace(week, travel=odd)
    call = _visit(50, urgent=True)
    at_now = apply(week, PLAN, [UrgentVisit(call), Cancelled(4), Cancelled(6)], NOW)
    assert [v.visit_id for v in at_now.visits] == [1, 2, 3, 5, 7, 50]
    three = at_now.visit_at(at_now.visit_number[3])
    assert at_now.travel.metres[0, three] == 77
    assert at_now.travel.metres[at_now.depot_at, three] == 88
    new = at_now.visit_at(at_now.visit_number[50])
    assert at_now.travel.metres[new, new] == 0
    assert (np.delete(at_now.travel.metres[new], new) > 0).all()
    assert at_now.travel.metres[new, three] == at_now.travel.metres[three, new] > 30_000


def test_a_day_off_the_plan_and_events_that_cannot_be_are_refused_all_at_once(week):
    events = [
        Illness(77),
        Illness(2, from_min=-5, last_day=MONDAY),
        Cancelled(1),
        Cancelled(99),
        Overrun(2, 0),
        UrgentVisit(_visit(3)),
        UrgentVisit(Visit(60, Place(200.0, 6.1), -4)),
        Made(6, (1, 55), WEDNESDAY, 600),
        Missed(7),
        Missed(7),
    ]
    with pytest.raises(InvalidProblem) as caught:
        apply(week, PLAN, events, NOW)
    told = str(caught.value)
    for part in (
        "technician 77",
        "minute -5",
        "until 2025-11-17",
        "cancelled visit 1",
        "cancelled visit 99",
        "0 min longer",
        "urgent visit 3",
        "visit 60",
        "latitude 200.0",
        "begun on 2025-11-19",
        "technician 55",
        "not in the published plan",
        "given 2 times",
    ):
        assert part in told, part
    with pytest.raises(InvalidProblem, match="a day of the problem"):
        apply(week, PLAN, [], Moment(date(2025, 12, 1), 600))


def test_cancelling_a_visit_that_another_waits_for_is_refused_unless_both_go(problem_of):
    visits = [_visit(1), _visit(2, after=frozenset({1}))]
    week = problem_of([Technician(1, "Élodie", _place(0))], visits)
    plan = (_day(1, WEDNESDAY, {1: 600, 2: 700}),)
    with pytest.raises(InvalidProblem, match="visit 2 comes after it"):
        apply(week, plan, [Cancelled(1)], NOW)
    assert apply(week, plan, [Cancelled(1), Cancelled(2)], NOW).visits == ()


def test_changes_are_another_technician_another_day_or_dropped_not_another_hour(week):
    at_now = apply(week, PLAN, [], NOW)
    new = (
        _day(2, MONDAY, {5: 540}),
        _day(1, TUESDAY, {1: 540, 2: 645, 3: 880, 7: 960}),
        _day(1, WEDNESDAY, {4: 600}),
    )
    found = {change.visit_id: change for change in changes_of(at_now, new)}
    assert set(found) == {4, 6}
    assert found[6].dropped
    assert found[4].planned == (Slot(1, WEDNESDAY, 600),)
    assert [(s.visit_id, s.minutes) for s in shifts_of(at_now, new)] == [(3, 40)]
    assert shifts_of(at_now, new, threshold_min=40) == ()
