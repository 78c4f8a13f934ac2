"""The two databases of a test: a small ERP and a warehouse with an empty landing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

NOW = datetime(2025, 11, 14, 19, tzinfo=UTC)
CONTENT = "client_id, nom, prenom, adresse, latitude, ouverture, accepte_contact, updated_at"
CLIENTS = """
create table clients (
    client_id integer primary key, nom varchar(100), prenom varchar(100), adresse varchar(255),
    latitude numeric(9,6), ouverture time, accepte_contact boolean, updated_at timestamptz(6) not null);
create table interventions (
    intervention_id integer primary key, client_id integer, statut varchar(20),
    updated_at timestamptz(6) not null);
"""
FILL = """
insert into clients
select i, 'Client ' || i, case when i % 3 = 0 then null when i % 7 = 0 then '' else 'Zoé, "la" \\N' end,
    E'1 rue\\nde la Gare\\t', 45.9 + i / 100000.0, '08:00', i % 2 = 0,
    timestamptz '2025-01-01 08:00:00.123456+01' + i * interval '1 second'
from generate_series(1, {rows}) i;
insert into interventions
select i, i, 'Planifiee', timestamptz '2025-01-01 08:00:00.123456+01' + i * interval '1 second'
from generate_series(1, {rows}) i;
"""


@dataclass(frozen=True)
class Systems:
    """Addresses of the two databases of a test, with ways to ask them."""

    erp: str
    warehouse: str
    folder: Path

    def in_erp(self, statements: str) -> list[Any]:
        """Run SQL in the ERP; rows of the last statement."""
        return run_sql(self.erp, statements)

    def landed(self, query: str) -> list[Any]:
        """Rows of a query in the warehouse."""
        return run_sql(self.warehouse, query)

    def load(self, *, batch: str = "lot-1", **options: Any) -> dict[str, Any]:
        """Load clients and interventions; summaries by landing table."""
        from warehouse.sources.erp import load_erp

        tables = options.pop("tables", ["clients", "interventions"])
        summaries = load_erp(
            self.erp, self.warehouse, tables=tables, state_dir=self.folder, batch=batch, now=NOW, **options
        )
        return {summary.table: summary for summary in summaries}


def run_sql(url: str, statements: str) -> list[Any]:
    """Run statements outside a transaction; rows of the last one."""
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.NullPool,
        execution_options={"no_parameters": True, "isolation_level": "AUTOCOMMIT"},
    )
    with engine.connect() as connection:
        result = connection.exec_driver_sql(statements)
        return [tuple(row) for row in result] if result.returns_rows else []
