"""The planning service on a real PostgreSQL: a small company's marts in, plans, files and publication out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from core.clock import PARIS, read_clock
from core.errors import InvalidInput
from core.settings import get_settings
from optimisers.model import Stop
from services.planning import compare_driven_tours, plan_tour, plan_week, publish_latest, publish_plan
from services.planning.driven import WEEKS_COMPARED
from services.planning.frames import read_driven
from warehouse.tables import drapeaux, metadata

MONDAY = date(2025, 11, 17)
QUICK = Stop(max_iterations=150)
DATABASE = "test_planning"


@pytest.fixture(scope="module")
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    """A warehouse with the tables that planning reads and writes, for five customers a technician."""
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database if exists {DATABASE} with (force)"))
        connection.execute(sa.text(f"create database {DATABASE}"))
    url = sa.make_url(postgres_url).set(database=DATABASE)
    made = sa.create_engine(url, connect_args={"options": "-c timezone=Europe/Paris"})
    with made.begin() as connection:
        for schema in ("marts", "staging", "planning", "ops", "ml"):
            connection.execute(sa.text(f"create schema {schema}"))
        metadata.create_all(connection)
        connection.execute(
            drapeaux.insert().values(nom="publier_plan", actif=True, limite_jour=1, description="test")
        )
    _fill(made)
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database {DATABASE} with (force)"))
    server.dispose()


def _business_date() -> date:
    return read_clock(get_settings().home).today()


def _fill(engine: sa.Engine) -> None:
    chance = random.Random(5)
    clients = pd.DataFrame(
        [
            {
                "client_id": n,
                "nom": f"Façade {n}",
                "prenom": None,
                "type": "Professionnel",
                "telephone": "04 50 00 00 00",
                "adresse": f"{n} rue de l’Été",
                "code_postal": "74000",
                "ville": "Annecy",
                "latitude": 45.9 + chance.gauss(0, 0.02),
                "longitude": 6.12 + chance.gauss(0, 0.02),
                "ouverture": time(8),
                "fermeture": time(18),
            }
            for n in range(1, 31)
        ]
    )
    types = [
        {"type_intervention_id": 1, "libelle": "Entretien VMC", "competence": "VMC", "duree_standard_min": 45}
    ]
    crew = [
        {
            "technicien_id": n,
            "nom_complet": f"Technicien {n}",
            "specialites": ["VMC"] if n < 3 else [],
            "zone_principale_id": 1,
            "domicile_latitude": 45.9,
            "domicile_longitude": 6.1 + n / 50,
            "heures_jour": 8.0,
            "date_embauche": date(2020, 1, 1),
            "date_sortie": None,
        }
        for n in (1, 2, 3)
    ]
    todo = clients[["client_id", "latitude", "longitude", "ouverture", "fermeture"]].assign(
        intervention_id=lambda frame: frame["client_id"] + 100,
        technicien_id=None,
        zone_id=1,
        type_intervention_id=1,
        statut="A planifier",
        urgence=["Urgente"] + ["Normale"] * 29,
        date_due=MONDAY + timedelta(3),
        date_planifiee=None,
        duree_prevue_min=60,
        rdv_debut=[datetime(2025, 11, 18, 10, tzinfo=PARIS)] + [None] * 29,
        rdv_fin=[datetime(2025, 11, 18, 12, tzinfo=PARIS)] + [None] * 29,
        est_position_estimee=False,
    )
    today = datetime.combine(_business_date(), time(), PARIS)
    done = [
        {
            "intervention_id": 1000 + day * 10 + rank,
            "technicien_id": 1,
            "client_id": chance.randint(1, 30),
            "heure_arrivee": today - timedelta(days=day) + timedelta(hours=8 + rank),
            "duree_min": 40,
            "duree_prevue_min": 45,
        }
        for day in range(1, 15)
        for rank in range(4)
    ]
    finished = pd.DataFrame(done)
    asked = finished[["intervention_id"]].assign(
        demande_at=today - timedelta(days=60),
        rdv_debut=pd.Series([pd.NaT] * len(finished), dtype="datetime64[ns, UTC]"),
        rdv_fin=pd.Series([pd.NaT] * len(finished), dtype="datetime64[ns, UTC]"),
    )
    driven = [
        {
            "technicien_id": 1,
            "jour": (today - timedelta(days=day)).date(),
            "nb_visites": 4,
            "km_total": 30.0,
            "est_complete": True,
        }
        for day in range(1, 15)
    ]
    json = {"specialites": sa.dialects.postgresql.JSONB}
    for schema, table, frame, kinds in (
        ("marts", "dim_clients", clients, None),
        ("marts", "dim_types_intervention", pd.DataFrame(types), None),
        ("marts", "dim_techniciens", pd.DataFrame(crew), json),
        (
            "marts",
            "fact_interventions_a_planifier",
            todo,
            {"date_planifiee": sa.Date, "technicien_id": sa.Integer},
        ),
        ("marts", "fact_interventions", finished, None),
        ("marts", "fact_tournees_reelles", pd.DataFrame(driven), None),
        ("staging", "stg_erp__interventions", asked, None),
    ):
        frame.to_sql(table, engine, schema=schema, index=False, dtype=kinds)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "create table staging.stg_erp__absences (technicien_id int, date_debut date, date_fin date)"
            )
        )


def _count(engine: sa.Engine, table: str, plan_id: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(
            sa.text(f"select count(*) from planning.{table} where plan_id = :p"), {"p": plan_id}
        )


def test_a_week_is_written_whole_once_and_exported(engine, tmp_path):
    first = plan_week(engine, MONDAY, seed=1, stop=QUICK, out_dir=tmp_path)
    again = plan_week(engine, MONDAY, seed=1, stop=QUICK, out_dir=tmp_path)
    assert first.plan_id == again.plan_id
    assert first.objective == again.objective
    assert _count(engine, "plans", first.plan_id) == 1
    assert _count(engine, "visites", first.plan_id) + _count(engine, "non_planifiees", first.plan_id) == 30
    assert all(path.stat().st_size > 500 for path in first.files)
    assert {path.suffix for path in first.files} == {".xlsx", ".csv", ".pdf", ".ics", ".geojson"}
    with engine.connect() as connection:
        promised = connection.scalar(
            sa.text("select debut_at from planning.visites where intervention_id = 101 and plan_id = :p"),
            {"p": first.plan_id},
        )
    assert datetime(2025, 11, 18, 10, tzinfo=PARIS) <= promised <= datetime(2025, 11, 18, 12, tzinfo=PARIS)
    assert "30 visites" in first.summary()
    assert first.metadata()["visites"] == 30


def test_publishing_passes_the_gate_and_replaces_the_former_plan(engine):
    first = plan_week(engine, MONDAY, seed=1, stop=QUICK)
    assert publish_latest(engine, MONDAY).published
    assert publish_plan(engine, first.plan_id)  # already published: nothing asked again
    second = plan_week(engine, MONDAY, seed=2, stop=QUICK)
    # The flag allows one publication a day.
    assert not publish_plan(engine, second.plan_id)
    with engine.begin() as connection:
        connection.execute(drapeaux.update().values(limite_jour=5))
    assert publish_plan(engine, second.plan_id)
    with engine.connect() as connection:
        states = dict(connection.execute(sa.text("select plan_id::text, statut from planning.plans")).all())
    assert states == {first.plan_id: "Remplace", second.plan_id: "Publie"}
    with pytest.raises(InvalidInput, match="replaced"):
        publish_plan(engine, first.plan_id)
    assert plan_week(engine, MONDAY, seed=2, stop=QUICK).plan_id == second.plan_id
    assert publish_latest(engine, MONDAY).plan_id is None


def test_a_tour_takes_the_visits_of_the_week_and_is_exact(engine):
    plan_week(engine, MONDAY, seed=1, stop=QUICK)
    with engine.connect() as connection:
        technician, visits = connection.execute(
            sa.text("select technicien_id, nb_visites from planning.journees where jour = :d limit 1"),
            {"d": MONDAY},
        ).one()
    report = plan_tour(engine, technician, MONDAY)
    assert report.visits + report.unassigned + report.waiting == visits
    with pytest.raises(InvalidInput, match="fieldhouse plan week"):
        plan_tour(engine, 3, MONDAY)


def test_driven_tours_are_compared_whatever_the_session_time_zone(engine):
    report = compare_driven_tours(engine)
    assert report.reduction is not None
    assert report.reduction.days == 14
    assert report.reduction.low_pct >= 0
    today = _business_date()
    assert len(read_driven(engine, today - timedelta(weeks=WEEKS_COMPARED), today).visits) == 56
    assert compare_driven_tours(engine).metadata() == report.metadata()


def test_a_week_that_does_not_begin_on_monday_is_refused(engine):
    with pytest.raises(InvalidInput, match="Monday"):
        plan_week(engine, MONDAY + timedelta(1), stop=QUICK)
