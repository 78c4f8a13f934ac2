"""Building the star with dbt against the same compiled SQL run by hand, in the same run.

``python -m benchmarks.star_build --server URL --rows 10000 1000000 --out DIR`` makes a database of its own
on the server and writes ``star_build.json`` and ``.md``. By hand means: one connection, each compiled model
in order as ``create table as`` or ``create view``, then its statistics; no contracts, no indexes, no keys.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import sqlalchemy as sa

from core.settings import PROJECT_ROOT

_DATABASE = "bench_etoile"
_DAY = {"date_metier": "2025-11-14"}
_SELECTION = [
    "--select",
    "+fact_interventions",
    "+fact_satisfaction",
    "+fact_factures",
    "+dim_clients",
    "+dim_techniciens",
]


@dataclass(frozen=True)
class StarMeasure:
    """One size. Seconds of wall time; ``dbt_s`` without ``dbt_start_s``, its imports and parsing."""

    rows: int
    dbt_start_s: float
    dbt_s: float
    again_s: float
    by_hand_s: float

    @property
    def ratio(self) -> float:
        """dbt's time over the time by hand; the target is 1.5."""
        return self.dbt_s / self.by_hand_s


def run(server: sa.URL, sizes: list[int]) -> list[StarMeasure]:
    """Measure each size in a fresh database."""
    from rich.progress import track

    return [_measured(server, rows) for rows in track(sizes, description="star build")]


def _measured(server: sa.URL, rows: int) -> StarMeasure:
    _execute(server, f"drop database if exists {_DATABASE} with (force)", f"create database {_DATABASE}")
    url = server.set(database=_DATABASE)
    landing = (Path(__file__).parent / "star_landing.sql").read_text().format(rows=rows)
    _execute(url, landing)
    with tempfile.TemporaryDirectory() as folder:
        start, first = _dbt(url, Path(folder))
        _, again = _dbt(url, Path(folder))
        by_hand = _by_hand(url, Path(folder))
    _execute(server, f"drop database if exists {_DATABASE} with (force)")
    return StarMeasure(rows, round(start, 1), round(first, 1), round(again, 1), round(by_hand, 1))


def _dbt(url: sa.URL, target: Path) -> tuple[float, float]:
    """(start, build) in seconds: what dbt needs before its first model, and from there to the end."""
    project = PROJECT_ROOT / "dbt_project"
    settings = {
        "HOST": url.host,
        "PORT": url.port,
        "DB": url.database,
        "USER": url.username,
        "PASSWORD": url.password,
    }
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "--quiet",
        "run",
        *_SELECTION,
        "--vars",
        json.dumps(_DAY),
    ]
    begin = time.perf_counter()
    subprocess.run(
        [
            *command,
            "--project-dir",
            project,
            "--profiles-dir",
            project,
            "--target-path",
            target,
            "--log-path",
            target,
        ],
        env=os.environ | {f"FIELDHOUSE_PG_{name}": str(value) for name, value in settings.items()},
        check=True,
    )
    wall = time.perf_counter() - begin
    build = json.loads((target / "run_results.json").read_text())["elapsed_time"]
    return wall - build, build


def _by_hand(url: sa.URL, target: Path) -> float:
    """Seconds to run the models' compiled SQL, nothing else."""
    manifest = json.loads((target / "manifest.json").read_text())
    built = {r["unique_id"] for r in json.loads((target / "run_results.json").read_text())["results"]}
    order = TopologicalSorter({n: set(manifest["nodes"][n]["depends_on"]["nodes"]) & built for n in built})
    schemas = {manifest["nodes"][n]["schema"] for n in built}
    _execute(url, *(f"drop schema {s} cascade" for s in schemas), *(f"create schema {s}" for s in schemas))
    statements = ["set work_mem = '64MB'"]
    for name in order.static_order():
        node = manifest["nodes"][name]
        # The incremental fact was compiled against itself on the second run: by hand it is built whole.
        text = (target / "compiled" / "fieldhouse" / node["original_file_path"]).read_text()
        text = text.split("left join " + node["relation_name"])[0]
        kind = "view" if node["config"]["materialized"] == "view" else "table"
        statements.append(f"create {kind} {node['relation_name']} as {text}")
        if kind == "table":
            statements.append(f"analyze {node['relation_name']}")
    begin = time.perf_counter()
    _execute(url, *statements)
    return time.perf_counter() - begin


def _execute(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.connection.cursor().execute(statement)


def _report(measures: list[StarMeasure]) -> str:
    lines = [
        "| visits | dbt starts (s) | dbt builds (s) | builds again (s) | by hand (s) | ratio |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {m.rows:,} | {m.dbt_start_s} | {m.dbt_s} | {m.again_s} | {m.by_hand_s} | {m.ratio:.2f} |"
        for m in measures
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, type=sa.make_url, help="a PostgreSQL superuser's address")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args()
    measures = run(options.server, options.rows)
    options.out.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(m), "ratio": round(m.ratio, 3)} for m in measures]
    (options.out / "star_build.json").write_text(json.dumps(rows, indent=1) + "\n")
    (options.out / "star_build.md").write_text(_report(measures))
    print(_report(measures))


if __name__ == "__main__":
    main()
