"""Runs dbt on a database of a test, in this process: the project is parsed once, a run then costs seconds."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions
import psycopg2.extras
from dbt.cli.main import dbtRunner, dbtRunnerResult

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"


@dataclass
class Warehouse:
    """A warehouse of its own: a connection to look at it, and dbt to build it."""

    connection: psycopg2.extensions.connection
    work_dir: Path
    _manifest: Any = field(default=None)

    def dbt(self, *arguments: str, day: date, check: bool = True) -> dbtRunnerResult:
        """One dbt invocation, as of a business date. With ``check``, a failure is raised with its reasons."""
        host = self.connection.info
        os.environ.update(
            FIELDHOUSE_PG_HOST=host.host,
            FIELDHOUSE_PG_PORT=str(host.port),
            FIELDHOUSE_PG_DB=host.dbname,
            FIELDHOUSE_PG_USER=host.user,
            FIELDHOUSE_PG_PASSWORD=host.password,
        )
        places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        places += ["--target-path", str(self.work_dir / "target"), "--log-path", str(self.work_dir / "logs")]
        variables = ["--vars", json.dumps({"date_metier": day.isoformat()})]
        result = dbtRunner().invoke(["--quiet", *arguments, *places, *variables])
        if check and not result.success:
            raise AssertionError(f"dbt {' '.join(arguments)} failed: {result.exception or _failures(result)}")
        return result

    def rows(self, sql: str) -> list[dict]:
        """Rows of a query, as dictionaries."""
        with self.connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(sql)
            found = [dict(row) for row in cursor.fetchall()]
        self.connection.commit()
        return found

    def value(self, sql: str) -> Any:
        """First column of the first row."""
        return next(iter(self.rows(sql)[0].values()))

    def execute(self, sql: str) -> None:
        """A statement, committed."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
        self.connection.commit()


def _failures(result: dbtRunnerResult) -> str:
    return "; ".join(f"{r.node.name}: {r.message}" for r in result.result if r.status in ("error", "fail"))
