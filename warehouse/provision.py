"""Databases, roles, schemas and rights. Idempotent: brings any server to the state the platform needs."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import text

from core.errors import PrerequisiteMissing
from core.settings import get_settings
from core.vocabulary import ERP_DATABASE, SERVICE_DATABASES, DatabaseRole, Schema
from warehouse.connection import admin_url, installation_secrets, warehouse_name

_OWNER, _PIPELINE, _READER, _SERVICES, _ERP = DatabaseRole
_OLDEST_POSTGRESQL = 16
_PYTHON_SCHEMAS = (Schema.ML, Schema.PLANNING, Schema.OPS)


def provision() -> None:
    """Create what is missing and set every right, in one pass."""
    server = sa.create_engine(admin_url(), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        _check_version(connection)
        for role in DatabaseRole:
            _ensure_role(connection, role)
        _ensure_database(connection, warehouse_name(), _OWNER)
        for name in SERVICE_DATABASES:
            _ensure_database(connection, name, _SERVICES)
        if get_settings().is_demo:
            _ensure_database(connection, ERP_DATABASE, _ERP)
    server.dispose()
    _run_in(warehouse_name(), list(_warehouse_rights()))
    for name in SERVICE_DATABASES:
        _run_in(name, [f"alter schema public owner to {_SERVICES}"])
    if get_settings().is_demo:
        _run_in(ERP_DATABASE, list(_erp_rights()))


def _check_version(connection: sa.Connection) -> None:
    found = connection.scalar(text("select current_setting('server_version_num')::integer")) // 10_000
    if found < _OLDEST_POSTGRESQL:
        raise PrerequisiteMissing(
            f"The server runs PostgreSQL {found}.",
            expected=f"PostgreSQL {_OLDEST_POSTGRESQL} or newer (staging tests casts with pg_input_is_valid)",
            remedy="use a newer server, or unset FIELDHOUSE_DATABASE_URL for the embedded one",
        )


def _ensure_role(connection: sa.Connection, role: DatabaseRole) -> None:
    exists = connection.scalar(text("select 1 from pg_roles where rolname = :role"), {"role": str(role)})
    verb = "alter" if exists else "create"
    password = installation_secrets().role_password(role)
    connection.exec_driver_sql(f"{verb} role {role} login password '{password}'")
    connection.exec_driver_sql(f"grant {role} to current_user")


def _ensure_database(connection: sa.Connection, name: str, owner: DatabaseRole) -> None:
    exists = connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": name})
    if not exists:
        connection.exec_driver_sql(
            f"create database \"{name}\" owner {owner} template template0 encoding 'UTF8'"
        )
    connection.exec_driver_sql(f'revoke all on database "{name}" from public')
    connection.exec_driver_sql(f'grant connect on database "{name}" to {owner}')


def _warehouse_rights() -> list[str]:
    """Least rights: the owner holds the schemas, the pipeline fills them, the reader sees marts only."""
    name = warehouse_name()
    statements = [
        f'grant connect, temporary on database "{name}" to {_PIPELINE}',
        f'grant connect on database "{name}" to {_READER}',
        f'alter role {_READER} in database "{name}" set default_transaction_read_only = on',
        "revoke all on schema public from public",
    ]
    for schema in Schema:
        statements += [
            f"create schema if not exists {schema} authorization {_OWNER}",
            f"grant usage on schema {schema} to {_PIPELINE}",
        ]
        if schema in _PYTHON_SCHEMAS:
            rights = "select, insert, update, delete"
            statements.append(_grant_on_future_tables(_OWNER, schema, rights, _PIPELINE))
        else:
            statements.append(f"grant create on schema {schema} to {_PIPELINE}")
    return [
        *statements,
        f"grant usage on schema {Schema.MARTS} to {_READER}",
        _grant_on_future_tables(_PIPELINE, Schema.MARTS, "select", _READER),
    ]


def _grant_on_future_tables(maker: DatabaseRole, schema: str, rights: str, user: DatabaseRole) -> str:
    return f"alter default privileges for role {maker} in schema {schema} grant {rights} on tables to {user}"


def _erp_rights() -> list[str]:
    return [
        f"alter schema public owner to {_ERP}",
        f"grant connect on database {ERP_DATABASE} to {_PIPELINE}",
        f"grant usage on schema public to {_PIPELINE}",
        _grant_on_future_tables(_ERP, "public", "select", _PIPELINE),
    ]


def _run_in(database: str, statements: list[str]) -> None:
    engine = sa.create_engine(admin_url(database))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
