"""Bulk loading of interventions: our load against a bare COPY | COPY of the same rows, in the same run.

``python -m benchmarks.bulk_load --server URL --out DIR`` makes two databases of its own on the server,
measures at growing sizes, writes ``bulk_load.json`` and ``.md``. Only ratios hold on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

_SOURCE, _TARGET = "bench_erp", "bench_entrepot"
_TABLE = "interventions"
_NOW = datetime(2025, 11, 14, 19, tzinfo=UTC)
_METHODS = ("copie_nue", "chargement", "dlt_par_defaut", "increment", "rien_de_neuf")

_INTERVENTIONS = """
create table interventions (
    intervention_id integer primary key, client_id integer not null, contrat_id integer,
    installation_id integer, type_intervention_id integer not null, technicien_id integer,
    demande_at timestamptz not null,
    date_due date not null, date_planifiee date, heure_prevue time, duree_prevue_min integer not null,
    urgence varchar(20) not null, statut varchar(20) not null, rdv_debut timestamptz, rdv_fin timestamptz,
    taux_horaire_eur numeric(8,2) not null, intervention_origine_id integer,
    updated_at timestamptz(6) not null);
insert into interventions
select i, i % 1200 + 1, nullif(i % 3, 0), nullif(i % 7, 0), i % 20 + 1, nullif(i % 6, 0),
    timestamptz '2023-11-01 08:00+01' + i * interval '57 seconds', date '2023-11-10' + i / 2000,
    date '2023-11-12' + i / 2000, time '08:00' + (i % 36) * interval '15 minutes', 30 + i % 90,
    case when i % 10 = 0 then 'Urgente' else 'Normale' end, 'Terminee', null, null, 60 + (i % 15), null,
    timestamptz '2023-11-01 08:00:00.123456+01' + i * interval '58 seconds'
from generate_series(1, {rows}) i;
create index on interventions (updated_at);
analyze interventions;
"""


@dataclass(frozen=True)
class Measure:
    """One timed load. ``seconds`` wall time without imports, ``peak_mb`` memory of the loading process."""

    rows: int
    method: str
    seconds: float
    peak_mb: float


def run(server: sa.URL, sizes: list[int], repeats: int) -> list[Measure]:
    """Measure every method at every size, methods alternating so that a busy moment hits all alike."""
    from rich.progress import track

    measures = []
    for rows in track(sizes, description="bulk load"):
        _fresh(server, _SOURCE)
        _execute(server.set(database=_SOURCE), _INTERVENTIONS.format(rows=rows))
        for _ in range(repeats):
            measures += [_measured(server, rows, "copie_nue"), *_our_loads(server, rows)]
        measures.append(_measured(server, rows, "dlt_par_defaut"))
    for name in (_SOURCE, _TARGET):
        _execute(server, f"drop database if exists {name} with (force)")
    return measures


def _our_loads(server: sa.URL, rows: int) -> list[Measure]:
    first = _measured(server, rows, "chargement")
    _execute(
        server.set(database=_SOURCE),
        "update interventions set statut = 'Annulee', updated_at = "
        "(select max(updated_at) from interventions) + intervention_id * interval '1 microsecond' "
        "where intervention_id % 100 = 0",
    )
    increment = _measured(server, rows, "increment", fresh=False)
    return [first, increment, _measured(server, rows, "rien_de_neuf", fresh=False)]


def _measured(server: sa.URL, rows: int, method: str, *, fresh: bool = True) -> Measure:
    """Time one load in a process of its own, so that memory is its own as well."""
    if fresh:
        _fresh(server, _TARGET)
        _execute(server.set(database=_TARGET), "create schema landing")
    _execute(server, "checkpoint")
    source, target = (server.set(database=name).render_as_string(False) for name in (_SOURCE, _TARGET))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        seconds, peak = pool.apply(_timed, (method, source, target))
    return Measure(rows, method, round(seconds, 3), round(peak, 1))


def _timed(method: str, source: str, target: str) -> tuple[float, float]:
    import dlt  # noqa: F401  imported before the clock starts: loads run in a process that is already up

    load = {"copie_nue": _bare_copy, "dlt_par_defaut": _default_dlt}.get(method, _our_load)
    start = time.perf_counter()
    load(source, target)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bare_copy(source: str, target: str) -> None:
    """The reference: COPY out, COPY in, default text format, same columns, no index."""
    from warehouse.sources.postgres_copy import copy_between

    _execute(sa.make_url(target), _INTERVENTIONS.split(");")[0].replace(" primary key", "") + ")")
    reading, writing = (sa.create_engine(url).raw_connection() for url in (source, target))
    copy_between(reading, f"select * from {_TABLE}", writing, _TABLE, layout="text")
    writing.commit()


def _our_load(source: str, target: str) -> None:
    from warehouse.sources.erp import load_erp

    with tempfile.TemporaryDirectory() as folder:
        load_erp(source, target, tables=[_TABLE], state_dir=Path(folder), batch="banc", now=_NOW)


def _default_dlt(source: str, target: str) -> None:
    """dlt as its documentation shows it: sql_table, pyarrow backend, nothing tuned."""
    import dlt
    from dlt.sources.sql_database import sql_table

    dlt.config["runtime.dlthub_telemetry"] = False
    dlt.config["runtime.log_level"] = "ERROR"
    with tempfile.TemporaryDirectory() as folder:
        destination = dlt.destinations.postgres(
            sa.make_url(target).set(drivername="postgresql").render_as_string(False)
        )
        pipeline = dlt.pipeline("banc", pipelines_dir=folder, destination=destination, dataset_name="landing")
        pipeline.run(
            sql_table(
                credentials=source,
                table=_TABLE,
                backend="pyarrow",
                incremental=dlt.sources.incremental("updated_at"),
            )
        )


def _fresh(server: sa.URL, name: str) -> None:
    _execute(server, f"drop database if exists {name} with (force)")
    _execute(server, f"create database {name} template template0")


def _execute(url: sa.URL, statements: str) -> None:
    options = {"no_parameters": True, "isolation_level": "AUTOCOMMIT"}
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, execution_options=options)
    with engine.connect() as connection:
        connection.exec_driver_sql(statements)


def summarised(measures: list[Measure]) -> list[dict[str, Any]]:
    """Medians per size and method, with the ratio to the bare copy of the same size."""
    found = []
    for rows in sorted({measure.rows for measure in measures}):
        for method in _METHODS:
            same = [measure for measure in measures if (measure.rows, measure.method) == (rows, method)]
            if same:
                seconds = statistics.median(measure.seconds for measure in same)
                peak = max(measure.peak_mb for measure in same)
                found.append({"rows": rows, "method": method, "seconds": seconds, "peak_mb": peak})
    reference = {row["rows"]: row["seconds"] for row in found if row["method"] == "copie_nue"}
    for row in found:
        row["ratio"] = round(row["seconds"] / reference[row["rows"]], 2)
        row["rows_per_s"] = round(row["rows"] / row["seconds"])
    return found


def as_markdown(summary: list[dict[str, Any]]) -> str:
    """The section of docs/benchmarks.md."""
    lines = [
        "## Bulk load of ERP interventions",
        "",
        "Ratio to a bare `COPY | COPY` of the same rows in the same run (18 columns, medians).",
        "`chargement` is a first load into landing; `increment` follows a change of 1 % of the rows;",
        "`rien_de_neuf` compares all keys and finds nothing; `dlt_par_defaut` is dlt untuned, once, for",
        "comparison. Target for `chargement`: at most 8.",
        "",
        "| rows | method | seconds | ratio | rows/s | peak MB |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    row = "| {rows:,} | {method} | {seconds:.2f} | {ratio:.2f} | {rows_per_s:,} | {peak_mb:.0f} |"
    return "\n".join([*lines, *(row.format(**values) for values in summary), ""])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--server", required=True, help="PostgreSQL address, a role that may create databases"
    )
    parser.add_argument("--rows", default="10000,100000,1000000", help="sizes, comma-separated")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sizes = [int(size) for size in options.rows.split(",")]
    measures = run(sa.make_url(options.server), sizes, options.repeats)
    summary = summarised(measures)
    options.out.mkdir(parents=True, exist_ok=True)
    report = {"summary": summary, "measures": [asdict(measure) for measure in measures]}
    (options.out / "bulk_load.json").write_text(json.dumps(report, indent=1) + "\n")
    (options.out / "bulk_load.md").write_text(as_markdown(summary))


if __name__ == "__main__":
    main()
