"""Plan one week, from marts to tables and files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from core.errors import InvalidInput
from optimisers import weekly
from optimisers.model import Stop
from services.planning.calendar import working_days
from services.planning.frames import read_week
from services.planning.problem import prepare
from services.planning.progress import shown
from services.planning.remedies import explained
from services.planning.report import PlanReport, plan_report
from services.planning.store import write
from services.travel import travel_provider

# About ten seconds for the demo company (5 technicians, 180 candidates); the same plan on any machine.
WEEK_STOP = Stop(max_iterations=100_000)


def plan_week(
    engine: sa.Engine,
    week_start: date,
    *,
    seed: int = 1,
    stop: Stop = WEEK_STOP,
    out_dir: Path | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> PlanReport:
    """Plan the week of a Monday: solve, check, write as 'Propose', export below `out_dir` if given.

    `should_stop` ends the search early with its best plan so far.
    Raises InvalidInput when `week_start` is not a Monday, when every day is closed or nobody is employed.
    """
    if week_start.weekday() != 0:
        monday = week_start - timedelta(days=week_start.weekday())
        raise InvalidInput(
            f"{week_start} is a {week_start:%A}.",
            expected="a Monday",
            remedy=f"plan the week of {monday} instead",
        )
    days = working_days(week_start)
    last = week_start + timedelta(days=6)
    frames = read_week(engine, week_start, last)
    if not days or frames.technicians.empty:
        raise InvalidInput(
            f"The week of {week_start} has {len(days)} working days, {len(frames.technicians)} technicians.",
            expected="at least one of each",
            remedy="choose another week, or load the technicians first (fieldhouse run daily)",
        )
    prepared = prepare(frames, days, week=(week_start, last), travel=travel_provider())
    with shown("Planification de la semaine") as step:
        result = weekly.solve(prepared.problem, stop, seed, progress=step, should_stop=should_stop)
    result = explained(prepared.problem, result, stop, seed)
    plan_id = write(
        engine,
        nature="semaine",
        first_day=week_start,
        problem=prepared.problem,
        result=result,
        rejected=prepared.rejected,
        seed=seed,
        stop=stop,
    )
    files: tuple[Path, ...] = ()
    if out_dir is not None:
        from services.schedule_files import export_plan

        files = export_plan(engine, plan_id, out_dir)
    return plan_report(
        prepared.problem,
        result,
        plan_id=plan_id,
        first_day=week_start,
        rejected=prepared.rejected,
        files=files,
    )
