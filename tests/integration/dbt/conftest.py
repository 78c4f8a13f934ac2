"""A database with an empty landing zone for each module."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
import sqlalchemy as sa

from tests.integration.dbt.dbt_build import Warehouse
from tests.integration.dbt.landing_by_hand import Landing

_DATABASE = "essai_dbt"


@pytest.fixture(scope="module")
def warehouse(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse of its own, dropped afterwards."""
    url = sa.make_url(postgres_url).set(drivername="postgresql")
    admin = psycopg2.connect(url.render_as_string(hide_password=False))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"drop database if exists {_DATABASE} with (force)")
        cursor.execute(f"create database {_DATABASE} template template0 encoding 'UTF8'")
    connection = psycopg2.connect(url.set(database=_DATABASE).render_as_string(hide_password=False))
    yield Warehouse(connection, tmp_path_factory.mktemp("dbt"))
    connection.close()
    with admin.cursor() as cursor:
        cursor.execute(f"drop database if exists {_DATABASE} with (force)")
    admin.close()


@pytest.fixture(scope="module")
def landing(warehouse: Warehouse) -> Landing:
    """The landing zone of the module's warehouse, empty."""
    landing = Landing(warehouse.connection)
    landing.create()
    return landing
