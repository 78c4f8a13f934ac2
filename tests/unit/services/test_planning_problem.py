"""From marts to a planning problem: what enters the week, what does not, and in which local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
import pytest

from optimisers.model import WAITS, Stop, Unassigned
from services.planning.calendar import instant, minute_of, working_days
from services.planning.driven import driven_days
from services.planning.frames import DrivenFrames, WeekFrames
from services.planning.problem import candidates, prepare
from services.planning.store import NOT_PROVED, PlanRejected, unassigned_rows, verify, visit_rows

MONDAY = date(2025, 11, 17)
WEEK = (MONDAY, MONDAY + timedelta(6))
DAYS = tuple(MONDAY + timedelta(n) for n in range(5))


def _row(number: int, **changes) -> dict:
    return {
        "intervention_id": number,
        "client_id": number,
        "technicien_id": None,
        "zone_id": 1,
        "statut": "A planifier",
        "urgence": "Normale",
        "date_due": date(2025, 11, 20),
        "date_planifiee": None,
        "duree_prevue_min": 60,
        "rdv_debut": pd.NaT,
        "rdv_fin": pd.NaT,
        "latitude": 45.9,
        "longitude": 6.1 + number / 1000,
        "est_position_estimee": False,
        "ouverture": time(8),
        "fermeture": time(18),
        "competence": "VMC",
        "type_intervention": "Entretien préventif VMC",
        "duree_standard_min": 45,
        **changes,
    }


def _frames(*rows: dict, absences=()) -> WeekFrames:
    crew = {
        "technicien_id": [1, 2, 3],
        "nom_complet": ["Élodie Martin", "Luc Favre", "Parti Avant"],
        "specialites": [["VMC", "IRVE"], ["VMC"], []],
        "zone_principale_id": [1, None, 2],
        "domicile_latitude": [45.90, 45.92, 45.9],
        "domicile_longitude": [6.10, 6.12, 6.1],
        "heures_jour": [8.0, 7.0, 8.0],
        "date_embauche": [date(2020, 1, 1), date(2025, 11, 19), date(2019, 1, 1)],
        "date_sortie": [None, None, date(2025, 10, 31)],
        "niveaux": [{"VMC": 3}, None, None],
    }
    away = pd.DataFrame(list(absences), columns=["technicien_id", "date_debut", "date_fin"])
    return WeekFrames(pd.DataFrame(list(rows)), pd.DataFrame(crew), away)


def _at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="Europe/Paris").tz_convert("UTC")


@pytest.mark.parametrize(
    ("changes", "enters"),
    [
        ({}, True),
        ({"date_due": date(2025, 11, 30)}, True),
        ({"date_due": date(2025, 12, 31)}, False),
        ({"date_due": date(2025, 12, 31), "urgence": "Urgente"}, True),
        ({"date_due": date(2025, 12, 31), "rdv_debut": _at("2025-11-18 10:00")}, True),
        ({"rdv_debut": _at("2025-11-25 10:00")}, False),
        ({"date_planifiee": date(2025, 11, 26)}, False),
        ({"date_due": date(2025, 12, 31), "date_planifiee": date(2025, 11, 12)}, True),
    ],
)
def test_what_the_week_considers(changes, enters):
    frame = _frames(_row(1), _row(2, **changes)).interventions
    assert (2 in set(candidates(frame, *WEEK)["intervention_id"])) is enters


def test_promises_are_pins_in_local_time_and_missed_ones_no_longer_bind():
    frames = _frames(
        _row(1, rdv_debut=_at("2025-11-18 10:00"), rdv_fin=_at("2025-11-18 12:00")),
        _row(2, rdv_debut=_at("2025-11-12 10:00"), rdv_fin=_at("2025-11-12 12:00")),
    )
    pinned, missed = prepare(frames, DAYS, week=WEEK).problem.visits
    assert (pinned.appointment.day, pinned.appointment.start_min, pinned.appointment.end_min) == (
        DAYS[1],
        600,
        720,
    )
    assert missed.appointment is None


def test_absences_and_contract_dates_close_days():
    frames = _frames(_row(1), absences=[(1, date(2025, 11, 14), date(2025, 11, 18))])
    first, second = prepare(frames, DAYS, week=WEEK).problem.technicians
    assert first.absent_on == {DAYS[0], DAYS[1]}
    # The ERP's level where it has one.
    assert first.skills == {"VMC": 3, "IRVE": 1}
    # Hired on Wednesday; the one who left in October is not in the problem at all.
    assert second.absent_on == {DAYS[0], DAYS[1]}
    assert second.preferred_zone is None
    assert second.hours_per_day == 7.0


def test_unusable_rows_are_set_aside_with_the_reason_and_do_not_stop_the_week():
    frames = _frames(
        _row(1),
        _row(2, latitude=None),
        _row(3, duree_prevue_min=None, duree_standard_min=None),
        _row(4, rdv_debut=_at("2025-11-18 12:00"), rdv_fin=_at("2025-11-18 10:00")),
        _row(5, duree_prevue_min=None),
    )
    prepared = prepare(frames, DAYS, week=WEEK)
    assert [v.visit_id for v in prepared.problem.visits] == [1, 5]
    assert prepared.problem.visits[1].duration_min == 45
    assert [left.visit_id for left in prepared.rejected] == [2, 3, 4]
    assert all("donnée inutilisable" in left.reason for left in prepared.rejected)


def test_public_holidays_and_summer_time():
    assert working_days(date(2025, 11, 10)) == tuple(date(2025, 11, n) for n in (10, 12, 13, 14))
    assert working_days(date(2026, 5, 11))[3:] == (date(2026, 5, 15),)
    before, after = instant(date(2025, 10, 24), 540), instant(date(2025, 10, 27), 540)
    assert before.astimezone(UTC).hour == 7
    assert after.astimezone(UTC).hour == 8
    assert minute_of(after.astimezone(UTC)) == 540


def test_a_plan_is_verified_then_turned_into_rows_with_local_instants():
    from dataclasses import replace

    from optimisers import weekly

    problem = prepare(_frames(_row(1), _row(2)), DAYS, week=WEEK).problem
    result = weekly.solve(problem, Stop(max_iterations=50), 1)
    verify(problem, result)
    rows = visit_rows("p", result.plan)
    assert {row["intervention_id"] for row in rows} == {1, 2}
    assert all(row["debut_at"].utcoffset() == timedelta(hours=1) for row in rows)
    late = replace(result.plan[0], return_min=result.plan[0].return_min + 600)
    with pytest.raises(PlanRejected, match="day_too_long|outside_working_day"):  # noqa: RUF043
        verify(problem, replace(result, plan=(late, *result.plan[1:])))
    with pytest.raises(PlanRejected, match="cost"):
        verify(problem, replace(result, objective=result.objective + 1))


def test_only_proved_remedies_are_written_and_waiting_visits_are_not_failures():
    left = [
        Unassigned(1, "capacite", "plus de place", "Luc : +20 min mardi 18/11", proved=True),
        Unassigned(2, "capacite", "plus de place", "peut-être", proved=False),
        Unassigned(3, WAITS, "peut attendre"),
    ]
    rows = unassigned_rows("p", left)
    assert [row["remede"] for row in rows] == ["Luc : +20 min mardi 18/11", NOT_PROVED]


def _driven(**changes) -> pd.DataFrame:
    visits = [
        {
            "intervention_id": number,
            "technicien_id": 1,
            "heure_arrivee": _at(f"2025-11-12 {9 + number}:00"),
            "duree_min": 50,
            "duree_prevue_min": 45,
            "latitude": 45.9,
            "longitude": 6.1 + number / 100,
            "ouverture": time(8),
            "fermeture": time(18),
            "demande_at": _at("2025-11-01 10:00"),
            "rdv_debut": pd.NaT,
            "rdv_fin": pd.NaT,
        }
        for number in range(3)
    ]
    visits[1].update(changes)
    return pd.DataFrame(visits)


def _odometer(visits: int) -> pd.DataFrame:
    return pd.DataFrame(
        [{"technicien_id": 1, "jour": date(2025, 11, 12), "nb_visites": visits, "km_total": 31.5}]
    )


def test_driven_days_keep_the_order_of_arrival_and_what_bound_it():
    frames = DrivenFrames(
        _driven(demande_at=_at("2025-11-12 09:40")), _frames(_row(1)).technicians, _odometer(3)
    )
    (day,), left_out = driven_days(frames)
    assert (left_out, day.odometer_km) == (0, 31.5)
    assert [stop.visit_id for stop in day.stops] == [0, 1, 2]
    assert day.stops[0].window == (480, 1035)
    # Called at 9:40 that very morning: nobody could have gone there earlier.
    assert day.stops[1].window == (580, 1035)


@pytest.mark.parametrize(("changes", "counted"), [({"latitude": None}, 3), ({"duree_min": None}, 3), ({}, 4)])
def test_days_with_a_hole_are_left_out_and_counted(changes, counted):
    frames = DrivenFrames(_driven(**changes), _frames(_row(1)).technicians, _odometer(counted))
    assert driven_days(frames) == ([], 1)


def test_instants_are_aware():
    assert instant(MONDAY, 485) == datetime(2025, 11, 17, 7, 5, tzinfo=UTC)
