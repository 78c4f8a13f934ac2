"""Alembic environment: runs as the owner role inside one transaction."""

from __future__ import annotations

from alembic import context

from core.vocabulary import Schema
from warehouse.connection import owner_engine
from warehouse.tables import metadata

_OWN_SCHEMAS = {Schema.ML.value, Schema.PLANNING.value, Schema.OPS.value}


def _is_ours(name: str | None, kind: str, parents: dict) -> bool:
    if kind == "schema":
        return name in _OWN_SCHEMAS
    return name != "alembic_version"


with owner_engine().connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=_is_ours,
        version_table_schema=Schema.OPS.value,
    )
    with context.begin_transaction():
        context.run_migrations()
