"""A small ERP and an empty warehouse for each test, in databases of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.integration.warehouse.systems import CLIENTS, FILL, Systems, run_sql


@pytest.fixture
def systems(postgres_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Systems]:
    """ERP of 300 clients and interventions (another number by indirect parameter), warehouse with landing."""
    rows = getattr(request, "param", 300)
    names = ("essai_erp", "essai_entrepot")
    for name in names:
        run_sql(postgres_url, f"drop database if exists {name} with (force)")
        run_sql(postgres_url, f"create database {name} template template0")
    erp, warehouse = (
        sa.make_url(postgres_url).set(database=name).render_as_string(hide_password=False) for name in names
    )
    run_sql(erp, CLIENTS + FILL.format(rows=rows))
    run_sql(warehouse, "create schema landing")
    yield Systems(erp, warehouse, tmp_path)
    for name in names:
        run_sql(postgres_url, f"drop database if exists {name} with (force)")
