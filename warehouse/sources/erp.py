"""The ERP into ``landing.erp_*``: rows that changed, rows that went, columns that appeared.

One load is one snapshot of the source and one transaction of the warehouse. dlt extracts what changed into
unlogged buffer tables; one transaction then moves the buffers into landing, appends tombstones and writes the
ledger that holds the cursors. A load killed anywhere leaves nothing behind but buffers, which the next drops.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from core.errors import FieldhouseError, InvalidInput
from core.vocabulary import Schema
from warehouse.sources import landing_tables as landing
from warehouse.sources.catalogue import ERP_SCHEMA, ERP_SOURCE, ERP_TABLES, SourceTable
from warehouse.sources.erp_extract import extract_into_buffers, reading_source
from warehouse.sources.landing_tables import Column, LoadSummary, landing_name, quoted
from warehouse.sources.postgres_copy import copy_between
from warehouse.sources.retry import SourceGone, with_patience

_LOCK = "landing:erp"

_GONE = """
create temp table {gone} as
select k, c from (
    select {key} as k,
           max({cursor}) filter (where not _supprime) as c,
           max({cursor}) filter (where _supprime) as d
    from {landed} group by 1
) live
where (d is null or c > d) and not exists (select from {keys} source where source.k = live.k)
"""

_LATE = """
select k from {keys} source
where c <= :low and not exists (
    select from {landed} landed
    where landed.{key} = source.k and landed.{cursor} = source.c and not landed._supprime)
"""


@dataclass(frozen=True)
class Stamp:
    """What a load writes next to its rows: batch, load time, change time of tombstones."""

    batch: str
    now: datetime
    deleted_at: datetime


@dataclass
class TableLoad:
    """One table on its way in. ``low`` is the cursor reached by earlier loads, ``high`` the snapshot's."""

    table: SourceTable
    reflected: sa.Table
    columns: list[Column]
    low: datetime | None = None
    high: datetime | None = None
    late_keys: list[int | str] = field(default_factory=list)
    deleted: int = 0
    warnings: list[str] = field(default_factory=list)

    @property
    def buffer(self) -> str:
        """Table dlt fills: unlogged, dropped after the load."""
        return f"tampon_{self.table.landed}"

    @property
    def gone(self) -> str:
        """Temporary table of the keys that left the source."""
        return f"disparu_{self.table.name}"

    @property
    def has_changes(self) -> bool:
        """True when the source holds rows landing lacks."""
        grown = self.high is not None and (self.low is None or self.high > self.low)
        return grown or bool(self.late_keys)


def load_erp(
    erp_url: str | sa.URL,
    warehouse_url: str | sa.URL,
    *,
    state_dir: Path,
    batch: str,
    now: datetime,
    deleted_at: datetime | None = None,
    tables: list[str] | None = None,
    attempts: int = 4,
) -> list[LoadSummary]:
    """Bring landing up to date with the ERP.

    Args:
        erp_url, warehouse_url: addresses (PostgreSQL).
        state_dir: folder for working files; nothing in it needs to survive.
        batch: written to ``_lot``.
        now: written to ``_charge_at``.
        deleted_at: written to ``updated_at`` of tombstones, ``now`` by default. In the demo the business
            clock's time, since the source's change times are business times too.
        tables: source tables, all of the catalogue by default.

    Returns:
        One summary a table, in the order of ``tables``.

    Raises:
        SourceUnavailable: the ERP does not answer, after ``attempts`` attempts.
        InvalidInput: an unknown table, a missing one, or a column whose type changed.
    """
    wanted = [_known(name) for name in (tables or list(ERP_TABLES))]
    source = sa.create_engine(erp_url, poolclass=sa.pool.NullPool)
    warehouse = sa.create_engine(warehouse_url, poolclass=sa.pool.NullPool)

    def attempt() -> list[LoadSummary]:
        with warehouse.connect() as writing, _connected(source) as reading:
            stamp = Stamp(batch, now, deleted_at or now)
            return _load(reading, writing, wanted, state_dir / "erp", stamp)

    return with_patience(
        attempt,
        source=ERP_SOURCE,
        address=source.url.render_as_string(hide_password=True),
        errors=(SourceGone,),
        attempts=attempts,
    )


@contextmanager
def _connected(source: sa.Engine) -> Iterator[sa.Connection]:
    with reading_source():
        connection = source.connect()
    try:
        yield connection
    finally:
        # Nothing was written: dropping the connection cannot fail on a dead source as a rollback would.
        connection.invalidate()
        connection.close()


def _known(name: str) -> SourceTable:
    if name not in ERP_TABLES:
        raise InvalidInput(
            f"unknown ERP table {name!r}",
            expected=", ".join(ERP_TABLES),
            remedy="add it to warehouse/sources/catalogue.py",
        )
    return ERP_TABLES[name]


def _load(
    source: sa.Connection,
    warehouse: sa.Connection,
    tables: list[SourceTable],
    folder: Path,
    stamp: Stamp,
) -> list[LoadSummary]:
    # One load at a time: the session lock goes with its connection, also when the process is killed.
    warehouse.execute(sa.text("select pg_advisory_lock(hashtext(:name))"), {"name": _LOCK})
    landing.ensure_ledgers(warehouse)
    with reading_source():
        source.exec_driver_sql("set transaction isolation level repeatable read, read only")
        snapshot = source.scalar(sa.text("select pg_export_snapshot()"))
    loads = [_prepare(source, warehouse, table) for table in tables]
    changed = [load for load in loads if load.has_changes]
    _make_buffers(warehouse, changed)
    warehouse.commit()
    shutil.rmtree(folder, ignore_errors=True)
    counts: dict[str, int] = {}
    if changed:
        counts = extract_into_buffers(source.engine, warehouse.engine.url, changed, folder, snapshot)
    summaries = [_land(warehouse, load, stamp) for load in loads]
    for load, summary in zip(loads, summaries, strict=True):
        read = counts.get(load.table.name, 0)
        if summary.rows != read:
            raise FieldhouseError(
                f"{summary.rows} rows of {summary.table} reached landing",
                expected=f"{read}, as many as were read",
                remedy="run the load again; nothing of this one was kept",
            )
    warehouse.commit()
    shutil.rmtree(folder, ignore_errors=True)
    return summaries


def _prepare(source: sa.Connection, warehouse: sa.Connection, table: SourceTable) -> TableLoad:
    """Compare source and landing: cursor window, keys gone, keys the cursor missed."""
    reflected = sa.Table(table.name, sa.MetaData(), schema=ERP_SCHEMA)
    try:
        with reading_source():
            sa.inspect(source).reflect_table(reflected, None, resolve_fks=False)
    except sa.exc.NoSuchTableError as error:
        raise InvalidInput(
            f"table {ERP_SCHEMA}.{table.name} does not exist in {ERP_SOURCE}",
            remedy="correct the ERP's address or warehouse/sources/catalogue.py",
        ) from error
    load = TableLoad(table, reflected, landing.columns_of(reflected))
    for column in (table.key, table.cursor):
        if column not in reflected.columns:
            raise InvalidInput(
                f"table {table.name} has no column {column}",
                expected=", ".join(reflected.columns.keys()),
                remedy="correct key or cursor in warehouse/sources/catalogue.py",
            )
    with reading_source():
        load.high = source.scalar(sa.select(sa.func.max(reflected.c[table.cursor])))
    if landing.known_columns(warehouse, table.landed):
        load.low = landing.high_water(warehouse, table.landed)
    if load.low is not None:
        _compare_keys(source, warehouse, load)
    return load


def _compare_keys(source: sa.Connection, warehouse: sa.Connection, load: TableLoad) -> None:
    """Compare (key, change time) of both sides: deletions and changes committed late leave no other trace."""
    key, cursor = quoted(load.table.key), quoted(load.table.cursor)
    names = {
        "keys": quoted(f"cles_{load.table.name}"),
        "gone": quoted(load.gone),
        "landed": landing_name(load.table.landed),
        "key": key,
        "cursor": cursor,
    }
    kind = next(column.ddl for column in load.columns if column.name == load.table.key)
    warehouse.exec_driver_sql("create temp table {keys} (k {kind}, c timestamptz)".format(**names, kind=kind))
    pairs = f"select {key}::{kind}, {cursor}::timestamptz from {ERP_SCHEMA}.{quoted(load.table.name)}"
    with reading_source():
        copy_between(
            source.connection.dbapi_connection, pairs, warehouse.connection.dbapi_connection, names["keys"]
        )
    warehouse.exec_driver_sql(_GONE.format(**names))
    load.deleted = warehouse.exec_driver_sql("select count(*) from {gone}".format(**names)).scalar_one()
    load.late_keys = list(warehouse.execute(sa.text(_LATE.format(**names)), {"low": load.low}).scalars())


def _make_buffers(warehouse: sa.Connection, loads: list[TableLoad]) -> None:
    """Empty buffers with landing's types; those of a killed load go."""
    leftovers = warehouse.execute(
        sa.text("select tablename from pg_tables where schemaname = :schema and tablename like 'tampon\\_%'"),
        {"schema": Schema.LANDING},
    ).scalars()
    for name in leftovers:
        warehouse.exec_driver_sql(f"drop table {landing_name(name)}")
    for load in loads:
        columns = ", ".join(f"{quoted(column.name)} {column.ddl}" for column in load.columns)
        warehouse.exec_driver_sql(f"create unlogged table {landing_name(load.buffer)} ({columns})")


def _land(warehouse: sa.Connection, load: TableLoad, stamp: Stamp) -> LoadSummary:
    """Buffer -> landing, tombstones, ledger row: part of the one transaction of the load."""
    table = load.table
    load.warnings = landing.ensure_table(warehouse, table.landed, load.columns)
    values = {"source": ERP_SOURCE, "lot": stamp.batch, "now": stamp.now}
    landed, rows = landing_name(table.landed), 0
    if load.has_changes:
        columns = ", ".join(quoted(column.name) for column in load.columns)
        rows = warehouse.execute(
            sa.text(
                f"insert into {landed} ({columns}, _source, _lot, _charge_at, _supprime) "
                f"select {columns}, :source, :lot, :now, false from {landing_name(load.buffer)}"
            ),
            values,
        ).rowcount
        warehouse.exec_driver_sql(f"drop table {landing_name(load.buffer)}")
    if load.deleted:
        warehouse.execute(
            sa.text(
                f"insert into {landed} ({quoted(table.key)}, {quoted(table.cursor)}, "
                "_source, _lot, _charge_at, _supprime) "
                "select k, greatest(:deleted_at, c + interval '1 microsecond'), :source, :lot, :now, true "
                f"from {quoted(load.gone)}"
            ),
            {**values, "deleted_at": stamp.deleted_at},
        )
    summary = LoadSummary(
        table.landed,
        stamp.batch,
        rows,
        load.deleted,
        len(load.late_keys),
        load.high or load.low,
        load.warnings,
    )
    if rows or load.deleted or load.low is None or load.warnings:
        landing.record_load(warehouse, summary, stamp.now)
    return summary
