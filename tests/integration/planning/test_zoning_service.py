"""Zones on a real PostgreSQL: marts in, three tables out, the declared zones untouched."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from core.clock import read_clock
from core.errors import InvalidInput
from core.settings import get_settings
from optimisers.model import Place
from services.planning.zoning import DECLARED, PROPOSED, REASSIGNED, propose_zones
from services.planning.zoning_company import WEEKS_SAMPLED, company_of, read_frames
from warehouse.tables import metadata

DATABASE = "test_zoning"
TOWNS = [(45.95, 6.05), (45.95, 6.20), (45.85, 6.05)]


@pytest.fixture(scope="module")
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    """Three towns; the zones of two technicians are declared across them, as no planner would."""
    server = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database if exists {DATABASE} with (force)"))
        connection.execute(sa.text(f"create database {DATABASE}"))
    made = sa.create_engine(sa.make_url(postgres_url).set(database=DATABASE))
    with made.begin() as connection:
        for schema in ("marts", "planning", "ops", "ml"):
            connection.execute(sa.text(f"create schema {schema}"))
        metadata.create_all(connection)
    _fill(made)
    yield made
    made.dispose()
    with server.connect() as connection:
        connection.execute(sa.text(f"drop database {DATABASE} with (force)"))
    server.dispose()


def _today() -> date:
    return read_clock(get_settings().home).today()


def _fill(engine: sa.Engine) -> None:
    chance = random.Random(3)
    clients = []
    for number in range(1, 91):
        latitude, longitude = TOWNS[number % 3]
        place = (latitude + chance.gauss(0, 0.005), longitude + chance.gauss(0, 0.005))
        clients.append((number, *(place if number != 90 else (None, None)), chance.choice([1, 2, 3])))
    clients[0] = (*clients[0][:3], None)
    monday = _today() - timedelta(days=_today().weekday())
    done = [
        {
            "intervention_id": n,
            "client_id": chance.randint(1, 90),
            "date_id": int(f"{monday - timedelta(days=chance.randint(1, 200)):%Y%m%d}"),
            "duree_min": chance.choice([30, 60, None]),
            "duree_prevue_min": 45,
        }
        for n in range(900)
    ]
    crew = [
        {
            "technicien_id": 10 + n,
            "domicile_latitude": latitude,
            "domicile_longitude": longitude,
            "date_embauche": date(2015, 1, 1),
            "date_sortie": date(2020, 1, 1) if n == 3 else None,
        }
        for n, (latitude, longitude) in enumerate([*TOWNS, TOWNS[0]])
    ]
    zones = [{"zone_id": n, "technicien_id": 9 + n} for n in (1, 2, 3)]
    columns = ["client_id", "latitude", "longitude", "zone_id"]
    for table, frame in (
        ("dim_clients", pd.DataFrame(clients, columns=columns)),
        ("fact_interventions", pd.DataFrame(done)),
        ("dim_techniciens", pd.DataFrame(crew)),
        ("dim_zones", pd.DataFrame(zones)),
    ):
        frame.to_sql(table, engine, schema="marts", index=False)


def _table(engine: sa.Engine, name: str) -> pd.DataFrame:
    return pd.read_sql(sa.text(f"select * from planning.{name} order by 1, 2"), engine)


def test_zones_are_written_beside_the_declared_ones_and_cost_fewer_kilometres(engine):
    declared = pd.read_sql("select * from marts.dim_clients order by 1", engine)
    report = propose_zones(engine)
    clients, zonings, zones = (_table(engine, n) for n in ("zones_proposees", "zonages", "zonage_zones"))
    assert len(clients) == 89
    assert clients["zone_declaree"].isna().sum() == 1
    assert set(clients["zone_proposee"]) == {1, 2, 3}
    # Each town becomes one zone with the technician who lives there.
    assert clients.groupby(clients["client_id"] % 3)["zone_proposee"].nunique().tolist() == [1, 1, 1]
    assert (clients["technicien_id"] == 10 + clients["client_id"] % 3).all()
    assert not clients["plus_proche_ailleurs"].any()
    by_name = zonings.set_index("zonage")
    assert list(by_name.index[by_name["retenu"]]) == [PROPOSED]
    assert {DECLARED, REASSIGNED, PROPOSED, "proposees_5"} <= set(by_name.index)
    assert by_name.loc[PROPOSED, "ecart_haut"] < 0
    assert by_name.loc[PROPOSED, "ecart_km_an"] == pytest.approx(
        by_name.loc[PROPOSED, "km_an"] - by_name.loc[DECLARED, "km_an"]
    )
    assert pd.isna(by_name.loc[DECLARED, "ecart_km_an"])
    assert by_name.loc[PROPOSED, "decoupage_km_an"] == pytest.approx(
        by_name.loc[PROPOSED, "km_an"] - by_name.loc[REASSIGNED, "km_an"]
    )
    assert (zonings["km_an_bas"] <= zonings["km_an"]).all()
    assert zones.groupby("zonage")["nb_clients"].sum().eq(89).all()
    assert "référence" in report.summary()
    assert "Découpage seul" in report.summary()
    assert report.metadata()["zones"] == 3
    pd.testing.assert_frame_equal(declared, pd.read_sql("select * from marts.dim_clients order by 1", engine))


def test_the_same_seed_gives_the_same_tables_and_another_number_of_zones_replaces_them(engine):
    propose_zones(engine, seed=4)
    first = _table(engine, "zones_proposees"), _table(engine, "zonages").drop(columns="calcule_at")
    propose_zones(engine, seed=4)
    again = _table(engine, "zones_proposees"), _table(engine, "zonages").drop(columns="calcule_at")
    pd.testing.assert_frame_equal(first[0], again[0])
    pd.testing.assert_frame_equal(first[1], again[1])
    propose_zones(engine, zones=2)
    assert _table(engine, "zones_proposees")["zone_proposee"].nunique() == 2


def test_weeks_that_choose_do_not_measure_and_declared_zones_are_completed(engine):
    today = _today()
    company = company_of(read_frames(engine, today), today)
    assert len(company.chosen_on) + len(company.measured_on) == WEEKS_SAMPLED
    assert not {week.clients for week in company.chosen_on} & {week.clients for week in company.measured_on}
    assert [home.technician_id for home in company.homes] == [10, 11, 12]
    assert company.appointed is not None
    missing = next(n for n, client in enumerate(company.clients) if client.declared_zone is None)
    centres = np.array([(c.latitude, c.longitude) for c in company.declared.centres])
    place: Place = company.clients[missing].place
    nearest = ((centres - (place.latitude, place.longitude)) ** 2 @ (1, 0.5)).argmin()
    assert company.declared.labels[missing] == company.declared.zones[nearest]


def test_without_history_there_is_nothing_to_compare(engine):
    long_ago = date(2001, 1, 1)
    with pytest.raises(InvalidInput, match="0 weeks of visits"):
        company_of(read_frames(engine, long_ago), long_ago)
