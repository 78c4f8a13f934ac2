"""Row changes into the ERP: all at once by COPY for a new company, one transaction a day afterwards."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_batch
from sqlalchemy.engine import make_url

from simulator.erp_schema import BUSINESS_TABLES, COLUMNS
from simulator.journal import Change

COPY_CHUNK_ROWS = 50_000


@contextmanager
def connect(erp_url: str) -> Iterator[Connection]:
    """A connection whose transaction commits at the end, or rolls back on an error. Times are read in UTC."""
    dsn = make_url(erp_url).set(drivername="postgresql").render_as_string(hide_password=False)
    link = psycopg2.connect(dsn)
    try:
        with link:
            yield link
    finally:
        link.close()


def _text(value: Any) -> str:
    """A value in COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def _copy(link: Connection, table: str, columns: list[str], rows: Iterator[list[Any]]) -> None:
    with link.cursor() as cursor:
        statement = f"copy {table} ({', '.join(columns)}) from stdin"
        buffer = io.StringIO()
        for count, row in enumerate(rows, start=1):
            buffer.write("\t".join(map(_text, row)) + "\n")
            if count % COPY_CHUNK_ROWS == 0:
                buffer.seek(0)
                cursor.copy_expert(statement, buffer)
                buffer = io.StringIO()
        buffer.seek(0)
        cursor.copy_expert(statement, buffer)


def _add_columns(link: Connection, columns: list[tuple[str, str, str]]) -> None:
    with link.cursor() as cursor:
        for table, column, sql_type in columns:
            cursor.execute(f"alter table {table} add column if not exists {column} {sql_type}")


def mark_day(link: Connection, day: date, fingerprint: str) -> None:
    """Note that a day is wholly lived, with the fingerprint of the state that follows it."""
    with link.cursor() as cursor:
        cursor.execute("insert into jours_vecus (jour, empreinte_etat) values (%s, %s)", (day, fingerprint))


class MemoryErp:
    """The ERP of a company being created: the last version of every row, written at the end at once."""

    def __init__(self) -> None:
        self._columns = {name: list(COLUMNS[name]) for name in BUSINESS_TABLES}
        self._rows: dict[str, dict[int, list[Any]]] = {name: {} for name in BUSINESS_TABLES}
        self._added: list[tuple[str, str, str]] = []

    def add_columns(self, columns: list[tuple[str, str, str]]) -> None:
        """A table gets a column; earlier rows hold nothing in it."""
        for table, column, _sql_type in columns:
            self._columns[table].append(column)
        self._added += columns

    def apply(self, changes: list[tuple[Change, datetime]]) -> None:
        """Apply a day's changes."""
        for change, when in changes:
            rows = self._rows[change.table]
            if change.action == "insert":
                rows[change.key] = [when, *map(change.values.get, self._columns[change.table])]
            elif change.action == "delete":
                del rows[change.key]
            else:
                row, columns = rows[change.key], self._columns[change.table]
                row += [None] * (len(columns) + 1 - len(row))
                row[0] = when
                for column, value in change.values.items():
                    row[columns.index(column) + 1] = value

    def count(self, table: str) -> int:
        """Rows of a table."""
        return len(self._rows[table])

    def write(self, link: Connection) -> None:
        """Write every table, parents first, rows by key."""
        _add_columns(link, self._added)
        for table in BUSINESS_TABLES:
            columns = self._columns[table]
            rows = (
                [*row[1:], *[None] * (len(columns) + 1 - len(row)), row[0]]
                for _key, row in sorted(self._rows[table].items())
            )
            _copy(link, table, [*columns, "updated_at"], rows)


def _grouped_updates(changes: list[tuple[Change, datetime]]) -> dict[str, list[tuple[Any, ...]]]:
    """One update a row, the last change winning, grouped by statement."""
    merged: dict[tuple[str, int], tuple[dict[str, Any], datetime]] = {}
    for change, when in changes:
        if change.action == "update":
            before = merged.get((change.table, change.key), ({}, when))[0]
            merged[change.table, change.key] = ({**before, **change.values}, when)
    statements: dict[str, list[tuple[Any, ...]]] = {}
    for (table, key), (values, when) in merged.items():
        sets = ", ".join(f"{column} = %s" for column in values)
        statement = f"update {table} set {sets}, updated_at = %s where {COLUMNS[table][0]} = %s"
        statements.setdefault(statement, []).append((*values.values(), when, key))
    return statements


def write_day(
    link: Connection, changes: list[tuple[Change, datetime]], added: list[tuple[str, str, str]]
) -> None:
    """One more day in the database: inserts (parents first), updates, then deletes (children first)."""
    _add_columns(link, added)
    for table in BUSINESS_TABLES:
        inserts = [(c, when) for c, when in changes if c.table == table and c.action == "insert"]
        if inserts:
            extra = sorted({name for c, _ in inserts for name in c.values} - set(COLUMNS[table]))
            columns = [*COLUMNS[table], *extra]
            rows = ([*map(c.values.get, columns), when] for c, when in inserts)
            _copy(link, table, [*columns, "updated_at"], iter(rows))
    with link.cursor() as cursor:
        for statement, values in _grouped_updates(changes).items():
            execute_batch(cursor, statement, values, page_size=500)
        for table in reversed(BUSINESS_TABLES):
            keys = [(c.key,) for c, _ in changes if c.table == table and c.action == "delete"]
            execute_batch(cursor, f"delete from {table} where {COLUMNS[table][0]} = %s", keys)
