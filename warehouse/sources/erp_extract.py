"""Extraction of ERP tables with dlt: the changed rows of one snapshot into buffer tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg2
import sqlalchemy as sa

from core.vocabulary import Schema
from warehouse.sources.catalogue import ERP_SCHEMA
from warehouse.sources.retry import SourceGone

if TYPE_CHECKING:
    from warehouse.sources.erp import TableLoad


_CONNECTION_ERRORS = (psycopg2.OperationalError, psycopg2.InterfaceError, SourceGone)


@contextmanager
def reading_source() -> Iterator[None]:
    """Connection errors inside become SourceGone: the warehouse's own are not to be taken for them."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, *_CONNECTION_ERRORS) as error:
        raise SourceGone(str(getattr(error, "orig", error))) from error


def extract_into_buffers(
    source: sa.Engine, warehouse: sa.URL, loads: list[TableLoad], folder: Path, snapshot: str
) -> dict[str, int]:
    """Run one dlt pipeline that fills the buffers of ``loads``; returns the rows read from each source table.

    The pipeline keeps nothing: cursors come from the ledger in the warehouse, its folder is thrown away.

    Raises:
        SourceGone: the source went away while it was read.
    """
    import dlt
    from dlt.pipeline.exceptions import PipelineStepFailed

    _configure(dlt.config)
    files = folder / "files"
    files.mkdir(parents=True)
    pipeline = dlt.pipeline(
        "erp",
        pipelines_dir=str(folder),
        destination=dlt.destinations.postgres(warehouse.set(drivername="postgresql").render_as_string(False)),
        dataset_name=str(Schema.LANDING),
    )
    pipeline.config.restore_from_destination = False
    counts: dict[str, int] = {}
    options = {"folder": files, "snapshot": snapshot, "counts": counts}
    resources = [_resource(source, load, options) for load in loads]
    try:
        pipeline.run(resources, loader_file_format="csv")
    except PipelineStepFailed as failed:
        lost = _connection_error(failed)
        if failed.step == "extract" and lost is not None:
            raise SourceGone(str(lost)) from failed
        raise
    return counts


def _configure(config: Any) -> None:
    config["runtime.dlthub_telemetry"] = False
    config["runtime.log_level"] = "ERROR"
    config["normalize.workers"] = 1
    config["load.workers"] = 2
    # Nothing is normalised into child tables and nobody reads dlt's files: keep them plain.
    config["data_writer.disable_compression"] = True


def _resource(source: sa.Engine, load: TableLoad, options: dict[str, Any]) -> Any:
    import dlt
    from dlt.sources.sql_database import sql_table

    from warehouse.sources.postgres_copy import CopyTableLoader

    window = None
    if load.low is not None:
        window = dlt.sources.incremental(
            load.table.cursor,
            initial_value=load.low,
            end_value=max(load.high, load.low),
            range_start="open",
            range_end="closed",
        )
    resource = sql_table(
        credentials=source,
        table=load.table.name,
        schema=ERP_SCHEMA,
        incremental=window,
        backend="pyarrow",
        query_adapter_callback=_with_late_rows(load),
        backend_kwargs=options,
        table_loader_class=CopyTableLoader,
    )
    # Not nullable for dlt, so that its COPY keeps '' and NULL apart; the buffers themselves accept NULL.
    columns = {column.name: {"nullable": False} for column in load.columns}
    return resource.apply_hints(table_name=load.buffer, write_disposition="append", columns=columns)


def _with_late_rows(load: TableLoad) -> Callable[[sa.Select, sa.Table], sa.Select]:
    def widen(query: sa.Select, table: sa.Table) -> sa.Select:
        if not load.late_keys:
            return query
        key = table.c[load.table.key]
        # Bound with the type that landing gave the key: the keys come from there.
        kind = sa.Text() if isinstance(key.type, sa.String) else sa.BigInteger()
        late = key == sa.any_(sa.literal(load.late_keys, sa.ARRAY(kind)))
        return table.select().where(sa.or_(query.whereclause, late))

    return widen


def _connection_error(error: BaseException | None) -> BaseException | None:
    """The psycopg2 connection error in a chain of causes, or None."""
    while error is not None:
        if isinstance(error, _CONNECTION_ERRORS):
            return error
        error = error.__cause__ or error.__context__
    return None
