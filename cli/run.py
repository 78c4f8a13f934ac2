"""``fieldhouse run JOB``: one Dagster job in this process."""

from __future__ import annotations

from core.errors import FieldhouseError
from core.settings import export, get_settings
from core.vocabulary import JOBS


def run_job(name: str) -> None:
    """Run a job and wait for it.

    Raises:
        FieldhouseError: unknown job, or a step failed; the message names the steps.
    """
    if name not in JOBS:
        raise FieldhouseError(f"There is no job {name!r}.", expected=", ".join(JOBS))
    from cli.platform.dagster_home import dagster_environment, write_dagster_home

    settings = get_settings()
    write_dagster_home(settings)
    environment = dagster_environment(settings)
    export(
        DAGSTER_HOME=environment["DAGSTER_HOME"],
        FIELDHOUSE_DAGSTER_DATABASE=environment["FIELDHOUSE_DAGSTER_DATABASE"],
    )
    from orchestration.running import execute

    failed = execute(name)
    if failed:
        raise FieldhouseError(
            f"Job {name} failed in: {', '.join(failed)}.",
            remedy="the reason is above; Dagster keeps it under Runs",
        )
