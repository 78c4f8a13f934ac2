"""Calendars over several publications, read back from the gate's journal and `planning.*`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pandas as pd
import pytest
import sqlalchemy as sa

from core.clock import PARIS
from services.planning import publish_plan
from services.schedule_files import export_plan
from warehouse.tables import drapeaux, journal_actions, journees, metadata, plans, visites

# The last Monday of summer time: the visit of the 27th lies behind the change of clocks.
MONDAY = date(2025, 10, 20)
DATABASE = "test_calendars"
MARTS = """
create table marts.dim_techniciens as
    select n as technicien_id, 'Technicien ' || n as nom_complet, 1 as zone_principale_id,
        45.9 as domicile_latitude, 6.1 as domicile_longitude
    from generate_series(1, 2) as n;
create table marts.dim_types_intervention as
    select 1 as type_intervention_id, 'Entretien VMC' as libelle;
create table marts.dim_clients as
    select n as client_id, 'Façade ' || n as nom, null::text as prenom, 'Professionnel' as type,
        '04 50 00 00 00' as telephone, n || ' rue de l’Été' as adresse, '74000' as code_postal,
        'Annecy' as ville
    from generate_series(501, 506) as n;
create table marts.fact_interventions_a_planifier as
    select client_id as intervention_id, client_id, 1 as type_intervention_id, 'Normale' as urgence,
        date '2025-10-30' as date_due, null::timestamptz as rdv_debut, null::timestamptz as rdv_fin,
        false as est_position_estimee, 2 as zone_id, 45.91 as latitude, 6.12 as longitude,
        time '08:00' as ouverture, time '18:00' as fermeture, 60 as duree_prevue_min
    from marts.dim_clients;
create table marts.fact_interventions (intervention_id integer);
"""


@pytest.fixture
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database if exists {DATABASE} with (force)"))
        connection.execute(sa.text(f"create database {DATABASE}"))
    made = sa.create_engine(sa.make_url(postgres_url).set(database=DATABASE))
    with made.begin() as connection:
        for schema in ("marts", "planning", "ops", "ml"):
            connection.execute(sa.text(f"create schema {schema}"))
        metadata.create_all(connection)
        connection.execute(sa.text(MARTS))
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database {DATABASE} with (force)"))
    server.dispose()


class Planner:
    """Writes and publishes plans, an hour apart, as the store, the gate and publishing do."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.moment = datetime(2025, 10, 17, 9, tzinfo=UTC)

    def propose(self, events: dict[int, tuple[int, datetime]], nature: str = "semaine") -> str:
        """`events`: technician and beginning of each visit."""
        self.moment += timedelta(hours=1)
        plan_id = str(uuid.uuid4())
        shared = {"plan_id": plan_id, "arrivee_at": self.moment, "trajet_km": 2.0, "trajet_min": 5}
        rows = [
            shared
            | {"intervention_id": visit, "technicien_id": technician, "jour": start.date(), "ordre": rank}
            | {"debut_at": start, "fin_at": start + timedelta(hours=1)}
            for rank, (visit, (technician, start)) in enumerate(events.items(), start=1)
        ]
        days = {(row["technicien_id"], row["jour"]) for row in rows}
        with self.engine.begin() as connection:
            connection.execute(
                plans.insert().values(
                    plan_id=plan_id,
                    semaine_debut=MONDAY,
                    nature=nature,
                    statut="Propose",
                    objectif=1,
                    km_total=4,
                    cree_at=self.moment,
                    graine=1,
                    empreinte_entrees="x",
                )
            )
            connection.execute(visites.insert(), rows)
            for technician, day in sorted(days):
                connection.execute(
                    journees.insert().values(
                        plan_id=plan_id,
                        technicien_id=technician,
                        jour=day,
                        nb_visites=1,
                        km=4,
                        travail_min=90,
                        depart_at=self.moment,
                        retour_at=self.moment,
                    )
                )
        return plan_id

    def publish(self, plan_id: str) -> str:
        self.moment += timedelta(hours=1)
        with self.engine.begin() as connection:
            connection.execute(
                journal_actions.insert().values(
                    action_id=str(uuid.uuid4()),
                    action="publier_plan",
                    sujet=plan_id,
                    decision="execute",
                    raison="test",
                    empreinte_entrees="x",
                    jour_metier=MONDAY,
                    fait_at=self.moment,
                    fait_par="test",
                )
            )
            connection.execute(plans.update().where(plans.c.statut == "Publie").values(statut="Remplace"))
            connection.execute(plans.update().where(plans.c.plan_id == plan_id).values(statut="Publie"))
        return plan_id


def _calendar(folder: Path, technician: int) -> dict[int, tuple[str, int]]:
    """Status and SEQUENCE of each event by intervention."""
    (path,) = folder.rglob(f"technicien-{technician}-{technician}.ics")
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {int(str(e["UID"]).split("-")[1]): (str(e["STATUS"]), int(e["SEQUENCE"])) for e in events}


def _at(day: int, hour: int) -> datetime:
    return datetime(2025, 10, day, hour, tzinfo=PARIS)


def test_calendars_follow_moves_cancellations_and_the_change_of_clocks(engine, tmp_path):
    planner = Planner(engine)
    first = planner.propose({501: (1, _at(20, 9)), 502: (1, _at(20, 11)), 503: (1, _at(27, 9))})
    export_plan(engine, first, tmp_path)
    assert _calendar(tmp_path, 1) == dict.fromkeys((501, 502, 503), ("TENTATIVE", 1))
    planner.publish(first)
    export_plan(engine, first, tmp_path)
    assert _calendar(tmp_path, 1) == dict.fromkeys((501, 502, 503), ("CONFIRMED", 2))

    # 501 moves, 502 goes to a colleague, 503 stays; a re-planning is a version like another.
    events = {501: (1, _at(21, 9)), 502: (2, _at(20, 11)), 503: (1, _at(27, 9))}
    second = planner.propose(events, "replanification")
    export_plan(engine, second, tmp_path)
    assert _calendar(tmp_path, 1) == {501: ("TENTATIVE", 3), 503: ("CONFIRMED", 2)}
    planner.publish(second)
    files = {path.name: path.read_bytes() for path in export_plan(engine, second, tmp_path)}
    assert _calendar(tmp_path, 1) == {501: ("CONFIRMED", 4), 502: ("CANCELLED", 4), 503: ("CONFIRMED", 2)}
    assert _calendar(tmp_path, 2) == {502: ("CONFIRMED", 2)}
    assert "technicien-1-1-annulations.ics" in files
    event = icalendar.Calendar.from_ical(files["technicien-1-1.ics"]).walk("VEVENT")[1]
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2025, 10, 27, 8, tzinfo=UTC)
    assert event["SUMMARY"] == "Entretien VMC – Façade 503"

    assert {path.name: path.read_bytes() for path in export_plan(engine, second, tmp_path)} == files
    # The former version, exported once more, is what it was.
    export_plan(engine, first, tmp_path / "ancien")
    assert _calendar(tmp_path / "ancien", 1) == dict.fromkeys((501, 502, 503), ("CONFIRMED", 2))


def test_a_visit_done_in_the_meantime_is_not_cancelled(engine, tmp_path):
    planner = Planner(engine)
    planner.publish(planner.propose({501: (1, _at(20, 9)), 502: (1, _at(20, 11)), 503: (2, _at(20, 9))}))
    pd.DataFrame({"intervention_id": [501]}).to_sql(
        "fact_interventions", engine, schema="marts", index=False, if_exists="append"
    )
    second = planner.publish(planner.propose({503: (2, _at(20, 9))}))
    export_plan(engine, second, tmp_path)
    assert _calendar(tmp_path, 1) == {502: ("CANCELLED", 4)}
    assert _calendar(tmp_path, 2) == {503: ("CONFIRMED", 2)}


def test_publishing_writes_the_files_anew(engine, tmp_path):
    with engine.begin() as connection:
        connection.execute(
            drapeaux.insert().values(nom="publier_plan", actif=True, limite_jour=9, description="x")
        )
    plan = Planner(engine).propose({501: (1, _at(20, 9))})
    export_plan(engine, plan, tmp_path)
    assert _calendar(tmp_path, 1) == {501: ("TENTATIVE", 1)}
    assert publish_plan(engine, plan, out_dir=tmp_path)
    assert _calendar(tmp_path, 1) == {501: ("CONFIRMED", 2)}
