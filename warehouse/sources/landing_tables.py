"""Tables of ``landing``: what they look like, how they grow, how many rows each batch brought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from core.errors import InvalidInput
from core.vocabulary import Schema

TECHNICAL_COLUMNS = {
    "_source": "text not null",
    "_lot": "text not null",
    "_charge_at": "timestamptz not null",
    "_supprime": "boolean not null",
}

_LEDGERS = f"""
create table if not exists {Schema.LANDING}.chargements (
    table_landing text not null, lot text not null, borne_haute timestamptz,
    lignes bigint not null, suppressions bigint not null, tardives bigint not null,
    avertissements text[] not null, charge_at timestamptz not null,
    primary key (table_landing, lot));
create table if not exists {Schema.LANDING}.fichiers (
    rang bigint generated always as identity, flux text not null, fichier text not null,
    taille bigint not null, marque text not null, empreinte text not null,
    octets_complets bigint not null, empreinte_complete text not null,
    lignes integer not null, lignes_completes integer not null, lignes_chargees integer not null,
    lot text not null, charge_at timestamptz not null,
    primary key (flux, fichier, rang));
"""


@dataclass(frozen=True)
class Column:
    """A source column as landing keeps it: ``ddl`` is a PostgreSQL type wide enough for later changes."""

    name: str
    ddl: str


@dataclass(frozen=True)
class LoadSummary:
    """What one load brought into one landing table.

    Attributes:
        table: landing table.
        batch: value of ``_lot``.
        rows: source rows appended (new or changed).
        tombstones: rows appended for keys that left the source.
        late_rows: among ``rows``, those committed after the cursor had passed their change time.
        high_water: change time up to which the source is known, None for files.
        warnings: accepted surprises, in French (new column…).
        files: files read, 0 for tables.
    """

    table: str
    batch: str
    rows: int
    tombstones: int = 0
    late_rows: int = 0
    high_water: datetime | None = None
    warnings: list[str] = field(default_factory=list)
    files: int = 0


def quoted(name: str) -> str:
    """An identifier that can stand in SQL whatever it contains."""
    return '"' + name.replace('"', '""') + '"'


def landing_name(table: str) -> str:
    """Qualified, quoted name of a landing table."""
    return f"{Schema.LANDING}.{quoted(table)}"


def columns_of(table: sa.Table) -> list[Column]:
    """Columns of a reflected source table with the types landing gives them.

    Lengths and precisions are dropped: when the source widens varchar(100) or numeric(10,2), landing follows.
    """
    return [Column(column.name, _landing_type(column.type)) for column in table.columns]


def _landing_type(source: sa.types.TypeEngine) -> str:
    if isinstance(source, sa.String):
        return "text"
    if isinstance(source, sa.Integer):
        return "bigint"
    if isinstance(source, sa.Numeric) and source.asdecimal:
        return "numeric"
    if isinstance(source, sa.DateTime):
        return "timestamp with time zone" if source.timezone else "timestamp without time zone"
    from sqlalchemy.dialects import postgresql

    return source.as_generic(allow_nulltype=True).compile(dialect=postgresql.dialect()).lower()


def ensure_ledgers(connection: sa.Connection) -> None:
    """Create the two ledgers: loads of tables, files landed."""
    # "if not exists" alone fails when two loads create a table at the same moment.
    connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('landing:ledgers'))")
    connection.exec_driver_sql(_LEDGERS)


def high_water(connection: sa.Connection, table: str) -> datetime | None:
    """Change time up to which earlier loads know the source of ``table``."""
    return connection.scalar(
        sa.text(f"select max(borne_haute) from {Schema.LANDING}.chargements where table_landing = :name"),
        {"name": table},
    )


def record_load(connection: sa.Connection, summary: LoadSummary, now: datetime) -> None:
    """Write the ledger row that holds the table's cursor; same transaction as the rows it speaks of."""
    connection.execute(
        sa.text(
            f"insert into {Schema.LANDING}.chargements (table_landing, lot, borne_haute, lignes, "
            "suppressions, tardives, avertissements, charge_at) "
            "values (:table, :batch, :high, :rows, :gone, :late, :warnings, :now) "
            "on conflict (table_landing, lot) do update set borne_haute = excluded.borne_haute, "
            "lignes = chargements.lignes + excluded.lignes, "
            "suppressions = chargements.suppressions + excluded.suppressions, "
            "tardives = chargements.tardives + excluded.tardives, "
            "avertissements = chargements.avertissements || excluded.avertissements, "
            "charge_at = excluded.charge_at"
        ),
        {
            "table": summary.table,
            "batch": summary.batch,
            "high": summary.high_water,
            "rows": summary.rows,
            "gone": summary.tombstones,
            "late": summary.late_rows,
            "warnings": summary.warnings,
            "now": now,
        },
    )


def ensure_table(connection: sa.Connection, table: str, columns: list[Column]) -> list[str]:
    """Create or widen a landing table. Returns warnings about columns that came or went.

    Raises:
        InvalidInput: a column changed its type in the source.
    """
    known = known_columns(connection, table)
    if not known:
        wanted = [f"{quoted(column.name)} {column.ddl}" for column in columns]
        technical = [f"{name} {ddl}" for name, ddl in TECHNICAL_COLUMNS.items()]
        connection.exec_driver_sql(f"create table {landing_name(table)} ({', '.join([*wanted, *technical])})")
        return []
    warnings = []
    for column in columns:
        if column.name not in known:
            connection.exec_driver_sql(
                f"alter table {landing_name(table)} add column {quoted(column.name)} {column.ddl}"
            )
            warnings.append(f"nouvelle colonne {column.name} ({column.ddl}) acceptee dans {table}")
        elif known[column.name] != _canonical(connection, column.ddl):
            raise InvalidInput(
                f"column {table}.{column.name} is now {column.ddl} in the source",
                expected=known[column.name],
                remedy=f"rename {landing_name(table)}.{column.name} to keep its history, then load again",
            )
    gone = set(known) - {column.name for column in columns} - set(TECHNICAL_COLUMNS)
    warnings += [f"colonne {name} absente de la source pour {table}" for name in sorted(gone)]
    return warnings


def known_columns(connection: sa.Connection, table: str) -> dict[str, str]:
    """Column -> type of a landing table; empty when the table does not exist."""
    rows = connection.execute(
        sa.text(
            "select attname, format_type(atttypid, atttypmod) from pg_attribute "
            "where attrelid = to_regclass(:name) and attnum > 0 and not attisdropped order by attnum"
        ),
        {"name": landing_name(table)},
    )
    return {name: kind for name, kind in rows}


def _canonical(connection: sa.Connection, ddl: str) -> str:
    return connection.scalar(sa.text("select format_type(to_regtype(:ddl), null)"), {"ddl": ddl}) or ddl


def ensure_feed_table(connection: sa.Connection, feed: str) -> None:
    """Create the landing table of a feed of files."""
    technical = ", ".join(f"{name} {ddl}" for name, ddl in TECHNICAL_COLUMNS.items() if name != "_supprime")
    connection.exec_driver_sql(
        f"create table if not exists {landing_name(feed)} "
        "(fichier text not null, ligne integer not null, payload text not null, encodage text not null, "
        f"{technical})"
    )


def rows_by_batch(connection: sa.Connection, table: str) -> dict[str, int]:
    """Batch -> number of rows landed in ``table``, counted in the table itself."""
    rows = connection.exec_driver_sql(
        f"select _lot, count(*) from {landing_name(table)} group by 1 order by 1"
    )
    return {batch: count for batch, count in rows}
