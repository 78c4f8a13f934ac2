"""COPY as the way in and out of PostgreSQL: streamed, so memory does not grow with the table."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import psycopg2.errors
import sqlalchemy as sa
from dlt.sources.sql_database.helpers import BaseTableLoader

from warehouse.sources.retry import SourceGone

_CHUNK_BYTES = 1 << 18


def copy_between(source: Any, query: str, target: Any, into: str, *, layout: str = "binary") -> None:
    """Stream ``query`` of one psycopg2 connection into ``into`` (table and columns) of another.

    ``layout`` binary needs equal column types on both sides; text converts.
    """
    read_end, write_end = os.pipe()
    failure: list[BaseException] = []

    def pump() -> None:
        with os.fdopen(write_end, "wb", _CHUNK_BYTES) as out, source.cursor() as cursor:
            try:
                cursor.copy_expert(f"copy ({query}) to stdout (format {layout})", out, _CHUNK_BYTES)
            except BrokenPipeError:
                pass  # the writing side stopped first, and its own error says why
            except BaseException as error:  # handed to the caller's thread below, never swallowed
                failure.append(error)

    reader = threading.Thread(target=pump, daemon=True)
    reader.start()
    try:
        with os.fdopen(read_end, "rb", _CHUNK_BYTES) as incoming, target.cursor() as cursor:
            cursor.copy_expert(f"copy {into} from stdin (format {layout})", incoming, _CHUNK_BYTES)
    except Exception:
        reader.join()
        if failure:
            raise failure[0] from None
        raise
    reader.join()
    if failure:
        raise failure[0]


def copy_rows_in(target: Any, into: str, rows: BinaryIO) -> int:
    """COPY text-format ``rows`` into ``into``; returns the number of rows written."""
    with target.cursor() as cursor:
        cursor.copy_expert(f"copy {into} from stdin", rows, _CHUNK_BYTES)
        return cursor.rowcount


def _at_snapshot(cursor: Any, snapshot: str) -> None:
    """Read what the load's main connection reads; the snapshot goes with that connection."""
    try:
        cursor.execute("set transaction snapshot %s", (snapshot,))
    except (psycopg2.errors.UndefinedObject, psycopg2.errors.InvalidParameterValue) as error:
        raise SourceGone(f"the source dropped the connection that held snapshot {snapshot}") from error


class CopyTableLoader(BaseTableLoader):
    """A dlt table loader that asks PostgreSQL for CSV and hands the file to dlt as it is.

    dlt's own loaders turn every row into Python objects and back, which is most of their time (ADR 0010).
    ``backend_kwargs``: ``folder`` (Path) for the file, ``snapshot`` (exported, all tables are read at
    it), ``counts`` (dict filled with rows per table).
    """

    def load_rows(self, backend_kwargs: dict[str, Any]) -> Iterator[Any]:
        """Write one CSV file and yield it as a file to import."""
        import dlt

        options = backend_kwargs
        path = Path(options["folder"]) / f"{self.table.name}.csv"
        connection = self.engine.raw_connection()
        try:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
                _at_snapshot(cursor, options["snapshot"])
                cursor.execute("set local timezone = 'UTC'")
                with path.open("wb", _CHUNK_BYTES) as out:
                    cursor.copy_expert(f"copy ({self._literal(cursor)}) to stdout (format csv, header)", out)
                count = cursor.rowcount
        finally:
            connection.close()
        options["counts"][self.table.name] = count
        if count:
            # An empty list, because dlt drops items that are None before it looks at their file.
            yield dlt.mark.with_file_import(str(path), "csv", count, hints=[])

    def _literal(self, cursor: Any) -> str:
        compiled = sa.select(self.make_query().subquery()).compile(self.engine)
        return cursor.mogrify(str(compiled), compiled.params).decode()
