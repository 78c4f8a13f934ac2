"""A small company's marts for planning tests: three technicians, thirty visits to make, two weeks driven."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pandas as pd
import sqlalchemy as sa

from core.clock import PARIS, read_clock
from core.settings import get_settings
from warehouse.tables import drapeaux, metadata

MONDAY = date(2025, 11, 17)
STAGING = """
create table staging.stg_erp__absences (technicien_id int, date_debut date, date_fin date);
create table staging.stg_erp__competences (competence_id int, libelle text);
create table staging.stg_erp__technicien_competences (technicien_id int, competence_id int, niveau int);
create table staging.stg_app__evenements (
    intervention_id int, technicien_id int, type text, survenu_at timestamptz
);
insert into staging.stg_erp__competences values (1, 'VMC');
insert into staging.stg_erp__technicien_competences values (1, 1, 3), (2, 1, null);
"""


@contextmanager
def company(postgres_url: str, database: str) -> Iterator[sa.Engine]:
    """A warehouse of that name with the tables that planning reads and writes, dropped at the end."""
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database if exists {database} with (force)"))
        connection.execute(sa.text(f"create database {database}"))
    url = sa.make_url(postgres_url).set(database=database)
    made = sa.create_engine(url, connect_args={"options": "-c timezone=Europe/Paris"})
    with made.begin() as connection:
        for schema in ("marts", "staging", "planning", "ops", "ml"):
            connection.execute(sa.text(f"create schema {schema}"))
        metadata.create_all(connection)
        connection.execute(
            drapeaux.insert().values(nom="publier_plan", actif=True, limite_jour=1, description="test")
        )
    fill(made)
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database {database} with (force)"))
    server.dispose()


def business_date() -> date:
    return read_clock(get_settings().home).today()


def fill(engine: sa.Engine) -> None:
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
    today = datetime.combine(business_date(), time(), PARIS)
    done = [
        {
            "intervention_id": 1000 + day * 10 + rank,
            "technicien_id": 1,
            "client_id": chance.randint(1, 30),
            "heure_arrivee": today - timedelta(days=day) + timedelta(hours=8 + rank),
            "heure_depart": today - timedelta(days=day) + timedelta(hours=8 + rank, minutes=40),
            "duree_min": 40,
            "duree_prevue_min": 45,
            "type_intervention_id": 1,
            "zone_id": 1,
            "urgence": "Normale",
            "date_due": MONDAY,
            "date_planifiee": MONDAY,
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
        connection.execute(sa.text(STAGING))
