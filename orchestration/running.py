"""Run a job in this process, showing its steps as they pass."""

import logging
import sys
import time
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta

import dagster as dg
import psutil
from rich.console import Console
from rich.text import Text

from core.settings import get_settings

_PROCESS_TAG = "fieldhouse/process"
# The real standard output: libraries' own chatter is sent to a file meanwhile.
_console = Console(file=sys.__stdout__, highlight=False)
_status = _console.status("starting…")


class _StepPrinter(logging.Handler):
    """A line a step: its name and seconds when it ends, the reason when it fails."""

    def __init__(self) -> None:
        super().__init__()
        self._began: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        event = record.__dict__.get("dagster_meta", {}).get("dagster_event")
        if event is None:
            if record.levelno >= logging.WARNING:
                _console.print(
                    Text(f"    {_first_line(record.__dict__.get('dagster_meta', {}), record)}", "yellow")
                )
            return
        step = event.step_key
        if event.event_type_value == "STEP_START":
            self._began[step] = time.monotonic()
            _status.update(f"{step}…")
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE"):
            took = timedelta(seconds=round(time.monotonic() - self._began.get(step, time.monotonic())))
            mark, style = ("✓", "green") if event.event_type_value == "STEP_SUCCESS" else ("✗", "red")
            _console.print(Text(f"  {mark} ", style).append(f"{step} ", "default").append(str(took), "dim"))
        if event.is_failure and event.is_step_event:
            error = getattr(event.event_specific_data, "error", None)
            if error is not None:
                _console.print(Text(_innermost(error)[-3000:], "red"))


@dg.logger(description="One line a step, for people at a terminal")
def step_lines(_context: dg.InitLoggerContext) -> logging.Logger:
    """Dagster logger that prints steps as they end."""
    logger = logging.Logger("fieldhouse.steps", level=logging.DEBUG)
    logger.addHandler(_StepPrinter())
    return logger


def execute(job_name: str, *, instance: dg.DagsterInstance | None = None) -> list[str]:
    """Run a job in this process; returns the names of the steps that failed (empty: success).

    What dbt, MLflow and others print goes to ``logs/<job>.log``.
    """
    log = get_settings().home / "logs" / f"{job_name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as chatter, redirect_stdout(chatter), redirect_stderr(chatter), _status:
        return _execute(job_name, instance)


def _execute(job_name: str, instance: dg.DagsterInstance | None) -> list[str]:
    from orchestration.definitions import defs

    job = defs.resolve_job_def(job_name)
    with instance or dg.DagsterInstance.get() as store:
        forget_killed_runs(store)
        result = job.execute_in_process(
            instance=store,
            run_config={"loggers": {"step_lines": {}}},
            raise_on_error=False,
            tags={_PROCESS_TAG: _mark_of(psutil.Process())},
        )
    return [event.step_key for event in result.all_events if event.is_step_failure]


def forget_killed_runs(instance: dg.DagsterInstance) -> list[str]:
    """End runs whose process was killed: they would hold the warehouse's pool and the run queue for ever.

    Only runs of this module are looked at, by the process named in their tag; returns their ids.
    """
    unfinished = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
    killed = [
        run
        for run in instance.get_runs(filters=unfinished)
        if _PROCESS_TAG in run.tags and not _lives(run.tags[_PROCESS_TAG])
    ]
    for run in killed:
        instance.report_run_failed(run, "The process that ran it was killed.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in killed]


def _mark_of(process: psutil.Process) -> str:
    """Number and birth of a process: the number alone is used again."""
    return f"{process.pid}@{process.create_time():.2f}"


def _lives(mark: str) -> bool:
    pid, born = mark.split("@")
    try:
        # A few seconds of tolerance: the birth is computed from the boot time, which clocks correct.
        return abs(psutil.Process(int(pid)).create_time() - float(born)) < 5
    except psutil.NoSuchProcess:
        return False


def _innermost(error) -> str:
    while error.cause is not None:
        error = error.cause
    return error.message


def _first_line(meta: dict, record: logging.LogRecord) -> str:
    return str(meta.get("orig_message") or record.getMessage()).splitlines()[0]
