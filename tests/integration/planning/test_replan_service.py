"""A published week made again on a real PostgreSQL: facts, absences and calls found, the curve written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from core.clock import PARIS
from core.errors import InvalidInput
from optimisers.model import InvalidProblem, Stop
from services.planning import Happenings, plan_week, publish_plan, replan_week
from services.planning.in_force import plan_in_force, read_days
from tests.integration.planning.small_company import MONDAY, company

QUICK = Stop(max_iterations=300)
AT = datetime(2025, 11, 18, 10, 40, tzinfo=PARIS)


@pytest.fixture(autouse=True)
def _the_day_of_the_replanning(monkeypatch: pytest.MonkeyPatch) -> None:
    """The warehouse has seen everything up to AT, whatever house other tests have built."""
    today = SimpleNamespace(today=AT.date)
    monkeypatch.setattr("services.planning.replan.read_clock", lambda home: today)


@pytest.fixture
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    with company(postgres_url, "test_replanning") as made:
        yield made


@pytest.fixture
def week(engine: sa.Engine) -> str:
    """plan_id of the published week."""
    plan_id = plan_week(engine, MONDAY, stop=QUICK).plan_id
    assert publish_plan(engine, plan_id)
    return plan_id


def _rows(engine: sa.Engine, query: str, **chosen) -> list:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(query), chosen))


def _arrive(engine: sa.Engine, *made: tuple[int, int, datetime]) -> None:
    with engine.begin() as connection:
        for visit, technician, at in made:
            connection.execute(
                sa.text("insert into staging.stg_app__evenements values (:v, :t, 'arrivee', :at)"),
                {"v": visit, "t": technician, "at": at},
            )


def test_a_plan_is_read_back_as_it_was_written(engine, week):
    days = read_days(engine, week)
    rows = _rows(engine, "select count(*) from planning.visites where plan_id = :p", p=week)
    assert sum(len(day.visits) for day in days) == rows[0][0]
    for day in days:
        assert day.depart_min < day.visits[0].arrival_min <= day.visits[0].start_min < day.return_min
        assert day.return_m > 0


def test_an_illness_and_a_call_give_a_curve_that_is_written_but_not_published(engine, week, tmp_path):
    days = read_days(engine, week)
    done = [(s.visit_id, d.technician_id, d.day, s) for d in days if d.day == MONDAY for s in d.visits]
    first, *rest = done
    begins = datetime.combine(MONDAY, time(), PARIS) + timedelta(minutes=first[3].start_min)
    _arrive(engine, (first[0], first[1], begins))
    ill = next(d.technician_id for d in days if d.day == AT.date())
    report = replan_week(
        engine,
        AT,
        Happenings(ill=(ill,), cancelled=(days[-1].visits[-1].visit_id,)),
        stop=QUICK,
        out_dir=tmp_path,
    )
    plan_id = report.plan.plan_id
    (plan,) = _rows(engine, "select * from planning.plans where plan_id = :p", p=plan_id)
    assert (plan.nature, plan.statut) == ("replanification", "Propose")
    assert plan_in_force(engine, MONDAY) == week
    (head,) = _rows(engine, "select * from planning.replanifications where plan_id = :p", p=plan_id)
    assert str(head.plan_remplace_id) == week
    assert head.moment_at == AT
    assert "absence" in head.evenements
    assert "annulée" in head.evenements
    curve = _rows(
        engine,
        "select * from planning.courbe_replanification where plan_id = :p order by changements",
        p=plan_id,
    )
    assert [row.changements for row in curve] == [p.changes for p in report.replan.curve]
    assert sum(row.recommande for row in curve) == 1
    # Of Monday only what a technician reported is made; the rest is to be placed again.
    frozen = {v.visit_id for v in report.problem.visits if v.frozen and v.pin.day == MONDAY}
    assert frozen == {first[0]}
    again = _rows(engine, "select intervention_id, jour from planning.visites where plan_id = :p", p=plan_id)
    assert all(row.jour >= AT.date() for row in again if row.intervention_id in {r[0] for r in rest})
    changed = _rows(
        engine, "select * from planning.changements_replanification where plan_id = :p", p=plan_id
    )
    assert {row.nature for row in changed} <= {"force", "choisi", "horaire"}
    assert {path.suffix for path in report.plan.files} >= {".xlsx", ".csv", ".pdf", ".ics"}
    assert "recommandé" in report.summary()
    # The same happenings at the same moment give the same plan, once.
    once_more = replan_week(
        engine, AT, Happenings(ill=(ill,), cancelled=(days[-1].visits[-1].visit_id,)), stop=QUICK
    )
    assert once_more.plan.plan_id == plan_id


def test_publishing_a_replanning_makes_it_the_plan_in_force(engine, week):
    made = replan_week(engine, AT, Happenings(), stop=QUICK)
    with engine.begin() as connection:
        connection.execute(sa.text("update ops.drapeaux set limite_jour = 9"))
    assert publish_plan(engine, made.plan.plan_id)
    assert plan_in_force(engine, MONDAY) == made.plan.plan_id
    states = dict(_rows(engine, "select plan_id::text, statut from planning.plans"))
    assert states[week] == "Remplace"
    further = replan_week(engine, AT + timedelta(hours=2), Happenings(), stop=QUICK)
    (head,) = _rows(
        engine,
        "select plan_remplace_id from planning.replanifications where plan_id = :p",
        p=further.plan.plan_id,
    )
    assert str(head.plan_remplace_id) == made.plan.plan_id


def test_finished_visits_absences_and_urgent_calls_are_found_in_the_warehouse(engine, week):
    days = read_days(engine, week)
    done = next(d for d in days if d.day == MONDAY)
    visit = done.visits[0].visit_id
    arrival = datetime.combine(MONDAY, time(9), PARIS)
    absent = next(d.technician_id for d in days if d.day == AT.date())
    planned = {s.visit_id for d in days for s in d.visits}
    with engine.begin() as connection:
        for statement in (
            "insert into marts.fact_interventions (intervention_id, technicien_id, client_id, heure_arrivee,"
            " heure_depart, duree_min, duree_prevue_min, type_intervention_id, zone_id, urgence)"
            " select intervention_id, :t, client_id, cast(:at as timestamptz),"
            " cast(:at as timestamptz) + interval '50 min', 50, 60, 1, 1, 'Normale'"
            " from marts.fact_interventions_a_planifier where intervention_id = :v",
            "delete from marts.fact_interventions_a_planifier where intervention_id = :v",
            "insert into staging.stg_erp__absences values (:absent, '2025-11-18', '2025-11-19')",
            "insert into marts.fact_interventions_a_planifier (intervention_id, client_id, zone_id,"
            " type_intervention_id, statut, urgence, date_due, duree_prevue_min, latitude, longitude,"
            " ouverture, fermeture) select 7777, client_id, 1, 1, 'A planifier', 'Urgente', '2025-11-18', 45,"
            " latitude, longitude, ouverture, fermeture from marts.fact_interventions_a_planifier limit 1",
        ):
            connection.execute(
                sa.text(statement), {"v": visit, "t": done.technician_id, "at": arrival, "absent": absent}
            )
    report = replan_week(engine, AT, Happenings(), stop=QUICK)
    numbers = report.problem.visit_number
    made = report.problem.visits[numbers[visit]]
    assert made.frozen
    assert (made.pin.start_min, made.duration_min) == (9 * 60, 50)
    assert 7777 in numbers
    assert 7777 not in planned
    assert "absence" in report.happened
    for day in report.replan.recommended.result.plan:
        if day.technician_id == absent:
            assert day.day not in (AT.date(), AT.date() + timedelta(days=1))


def test_what_cannot_be_replanned_is_refused(engine, week):
    with pytest.raises(InvalidInput, match="no plan"):
        replan_week(engine, AT + timedelta(weeks=3), Happenings(), stop=QUICK)
    with pytest.raises(InvalidInput, match="not worked"):
        replan_week(engine, AT + timedelta(days=4), Happenings(), stop=QUICK)
    with pytest.raises(InvalidInput, match="424242"):
        replan_week(engine, AT, Happenings(urgent=(424242,)), stop=QUICK)
    with pytest.raises(InvalidProblem, match="technician 88"):
        replan_week(engine, AT, Happenings(ill=(88,), cancelled=(5,)), stop=QUICK)
