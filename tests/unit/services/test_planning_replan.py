"""Re-planning on warehouse frames: facts found, what is assumed, what is written and said."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from core.clock import PARIS
from optimisers.model import (
    Moment,
    Place,
    PlannedVisit,
    Problem,
    Stop,
    Technician,
    TechnicianDay,
    Visit,
    places_of,
)
from optimisers.replanning import Cancelled, Illness, Made, Missed, Overrun, UrgentVisit, apply, replan
from optimisers.travel import DetourTravel
from services.planning.frames import UnderWayFrames
from services.planning.replan import Happenings, curve_rows, detail_rows
from services.planning.replan_report import ReplanReport, change_lines, happened
from services.planning.report import plan_report
from services.planning.under_way import assumed, events_found, known_part, moment_of
from warehouse.tables import changements_replanification, courbe_replanification, replanifications

MONDAY = date(2025, 11, 17)
TUESDAY, WEDNESDAY = MONDAY + timedelta(1), MONDAY + timedelta(2)
NOW = Moment(TUESDAY, 640)


def _day(who: int, day: date, starts: dict[int, int]) -> TechnicianDay:
    stops = tuple(PlannedVisit(v, at, at, at + 60, 2000, 10) for v, at in starts.items())
    return TechnicianDay(who, day, stops[0].start_min - 10, stops[-1].end_min + 10, None, stops, 2000, 10)


PLAN = (
    _day(1, MONDAY, {1: 540, 2: 660}),
    _day(1, TUESDAY, {3: 540, 4: 660, 5: 900}),
    _day(2, TUESDAY, {6: 600}),
    _day(2, WEDNESDAY, {7: 600}),
)


def _problem(absent: dict[int, set[date]] | None = None) -> Problem:
    away = absent or {}
    technicians = [
        Technician(n, name, Place(45.9, 6.1 + n / 50), absent_on=frozenset(away.get(n, ())))
        for n, name in ((1, "Élodie"), (2, "Luc"))
    ]
    visits = [Visit(n, Place(45.92, 6.1 + n / 100), 60) for n in range(1, 8)]
    days = tuple(MONDAY + timedelta(n) for n in range(5))
    travel = DetourTravel().matrix(places_of(technicians, visits))
    return Problem(days, tuple(technicians), tuple(visits), travel)


def _at(day: date, minute: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), PARIS) + timedelta(minutes=minute)


def _frames(*made: tuple[int, int, datetime, datetime | None], begun=()) -> UnderWayFrames:
    columns = ["intervention_id", "technicien_id", "heure_arrivee"]
    return UnderWayFrames(
        pd.DataFrame(list(made), columns=[*columns, "heure_depart"]),
        pd.DataFrame(list(begun), columns=columns),
    )


def test_what_is_made_is_a_fact_what_is_begun_runs_and_what_nobody_made_is_placed_again():
    frames = _frames(
        (1, 1, _at(MONDAY, 545), _at(MONDAY, 600)),
        (99, 1, _at(MONDAY, 700), _at(MONDAY, 760)),
        begun=[(1, 1, _at(MONDAY, 545)), (3, 1, _at(TUESDAY, 550))],
    )
    events = events_found(frames, _problem(), PLAN, NOW, TUESDAY)
    assert events == [Made(1, (1,), MONDAY, 545, 600), Made(3, (1,), TUESDAY, 550), Missed(2)]


def test_what_the_warehouse_has_not_seen_is_taken_as_planned_and_counted():
    problem = _problem()
    events = events_found(_frames(), problem, PLAN, NOW, MONDAY - timedelta(3))
    assert events == []
    at_now = apply(problem, PLAN, events, NOW)
    # 1, 2, 3 and 6 by the plan; for 4, at 11:00, its technician left at 10:50: not yet.
    assert assumed(PLAN, events, at_now) == 4


@pytest.mark.parametrize(("arrived", "from_min"), [(True, None), (False, 0)])
def test_an_absence_of_today_begins_now_for_who_has_worked_and_was_always_so_for_who_has_not(
    arrived, from_min
):
    begun = [(3, 1, _at(TUESDAY, 550))] if arrived else []
    events = events_found(_frames(begun=begun), _problem({1: {TUESDAY}}), PLAN, NOW, TUESDAY)
    assert Illness(1, from_min) in events
    frozen = {v.visit_id for v in apply(_problem({1: {TUESDAY}}), PLAN, events, NOW).visits if v.frozen}
    assert (3 in frozen) is False or arrived


def test_visits_and_people_that_left_the_warehouse_leave_the_plan():
    problem = _problem()
    plan = (*PLAN, _day(55, TUESDAY, {3: 600}), _day(2, MONDAY + timedelta(3), {1234: 600}))
    assert known_part(plan, problem) == PLAN


def test_the_moment_is_local():
    assert moment_of(datetime.fromisoformat("2025-11-18T09:40:00+00:00")) == NOW
    assert moment_of(datetime.fromisoformat("2025-07-18T08:40:00+00:00")).minute == 640


@pytest.fixture(scope="module")
def answer():
    problem = apply(_problem(), PLAN, [Illness(1, last_day=WEDNESDAY)], NOW)
    return problem, replan(problem, Stop(max_iterations=300), 1)


def test_rows_hold_the_curve_the_changes_and_what_happened(answer):
    _, made = answer
    tables = dict(detail_rows(made, "base", NOW, "absence d’Élodie"))
    (head,) = tables[replanifications]
    assert head["plan_remplace_id"] == "base"
    assert head["moment_at"] == _at(TUESDAY, 640)
    assert head["changements_forces"] == len(made.forced) == 2
    assert sum(row["recommande"] for row in tables[courbe_replanification]) == 1
    assert [row["changements"] for row in curve_rows(made)] == [p.changes for p in made.curve]
    changed = {row["intervention_id"]: row for row in tables[changements_replanification]}
    assert changed[5]["nature"] == "force"
    assert changed[5]["technicien_avant_id"] == 1
    assert changed[5]["technicien_apres_id"] == 2


def test_the_summary_names_who_is_to_be_told(answer):
    problem, made = answer
    report = ReplanReport(problem, made, plan_report(problem, made.recommended.result), "absence", 3)
    told = report.summary()
    assert "Replanification du mardi 18/11 à 10:40" in told
    assert "supposées faites comme prévu : 3" in told
    assert "Changements imposés : 2" in told
    assert "← recommandé" in told
    lines = list(change_lines(problem, made))
    assert any("visite 5 : Élodie mardi 18/11 15:00 → Luc" in line and "(imposé)" in line for line in lines)


def test_what_happened_is_one_sentence():
    problem = _problem()
    call = Visit(900, Place(45.9, 6.1), 30)
    events = [
        Illness(2, last_day=WEDNESDAY), UrgentVisit(call), Cancelled(7), Overrun(3, 20),
        Made(1, (1,), MONDAY, 540), Missed(2),
    ]  # fmt: skip
    assert happened(events, problem) == (
        "absence : Luc jusqu’au mercredi 19/11, urgence 900, visite 7 annulée, "
        "visite 3 plus longue de 20 min, visites pointées : 1, non faites, à replacer : 1"
    )
    assert happened([], problem) == "rien de nouveau"


def test_what_the_dispatcher_reports_becomes_events_but_ids_enter_with_their_rows():
    call = Visit(900, Place(45.9, 6.1), 30)
    reported = Happenings(ill=(2,), urgent=(12,), calls=(call,), cancelled=(7,), overruns=((3, 20),))
    assert reported.events() == [Illness(2), UrgentVisit(call), Cancelled(7), Overrun(3, 20)]
