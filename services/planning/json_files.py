"""Plans of problems that come as JSON files: no warehouse, the same solvers, the same checker."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from core.errors import InvalidInput
from optimisers import tours, weekly
from optimisers.model import Problem, Stop
from optimisers.readers.problem_json import read_problem, write_plan
from optimisers.readers.replan_json import ReplanInput, read_replan, with_events
from optimisers.replanning import Event, Replan, replan
from services.planning.progress import shown
from services.planning.remedies import explained
from services.planning.replan_report import ReplanReport, happened
from services.planning.report import PlanReport, plan_report
from services.planning.store import verify
from services.planning.under_way import assumed, moment_of
from services.travel import travel_provider

PLAN_FILE = "plan.json"
_SOLVERS = {"tour": tours.solve, "week": weekly.solve}


def plan_file(
    kind: Literal["tour", "week"],
    source: Path,
    out: Path | None,
    *,
    stop: Stop,
    seed: int,
    should_stop: Callable[[], bool] | None = None,
) -> PlanReport:
    """Plan a problem file; the checked plan goes to `out`, a .json file or a folder.

    Raises InvalidProblem naming every fault, InvalidInput when the file cannot be read.
    """
    problem = read_problem(source, travel_provider())
    people, days = len(problem.technicians), len(problem.days)
    if kind == "tour" and (people, days) != (1, 1):
        raise InvalidInput(
            f"A day tour got {people} technicians and {days} days.",
            expected="one of each",
            remedy="plan them as a week (fieldhouse plan week), or keep one technician and one day",
        )
    _ready(out)
    with shown("Planification") as step:
        result = _SOLVERS[kind](problem, stop, seed, progress=step, should_stop=should_stop)
    result = explained(problem, result, stop, seed)
    verify(problem, result)
    files = () if out is None else (_written(out, write_plan(result)),)
    return plan_report(problem, result, files=files)


def replan_file(
    source: Path,
    out: Path | None,
    *,
    at: datetime | None = None,
    events: Sequence[Event] = (),
    max_changes: int | None = None,
    stop: Stop,
    seed: int,
    should_stop: Callable[[], bool] | None = None,
) -> ReplanReport:
    """Re-plan a file, with `events` besides its own; a folder `out` gets every point of the curve.

    `at` and `max_changes` replace the file's. Raises as `plan_file`.
    """
    now = None if at is None else moment_of(at)
    read = with_events(read_replan(source, travel_provider()), events, now, max_changes)
    at_now = read.at_now(travel_provider())
    _ready(out)
    with shown("Replanification") as step:
        answer = replan(
            at_now, stop, seed, max_changes=read.max_changes, progress=step, should_stop=should_stop
        )
    for point in answer.curve:
        verify(at_now, point.result)
    files = () if out is None else _curve_files(out, answer)
    chosen = explained(at_now, answer.recommended.result, stop, seed)
    report = plan_report(at_now, chosen, files=files)
    return ReplanReport(at_now, answer, report, happened(read.events, at_now), _assumed(read, at_now))


def _assumed(read: ReplanInput, at_now: Problem) -> int:
    return 0 if read.plan is None else assumed(read.plan, read.events, at_now)


def _curve_files(out: Path, answer: Replan) -> tuple[Path, ...]:
    written = [_written(out, replan_values(answer))]
    if out.suffix != ".json":
        for point in answer.curve:
            path = out / f"plan-{point.changes}-changements.json"
            written.append(_written(path, write_plan(point.result)))
    return tuple(written)


def replan_values(answer: Replan) -> dict[str, Any]:
    """The point recommended as `write_plan` gives it, with the curve and the changes beside it."""
    point = answer.recommended
    curve = [
        {
            "changes": p.changes,
            "forced": p.forced,
            "km": p.km,
            "objective": p.objective,
            "unassigned": len(p.result.unassigned),
            "recommended": p is point,
        }
        for p in answer.curve
    ]
    beside = {
        "curve": curve,
        "forced": [change.visit_id for change in answer.forced],
        "changed": [asdict(change) for change in point.changed],
        "shifted": [asdict(shift) for shift in point.shifted],
    }
    return {**write_plan(point.result), **json.loads(json.dumps(beside, default=str))}


def _ready(out: Path | None) -> None:
    """Make the folder before the search, so that no plan is lost for want of one."""
    if out is None:
        return
    try:
        _path(out).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"The plan cannot be written to {out}: {error}",
            expected="a folder, or a path that ends in .json",
            remedy="give another --out",
        ) from error


def _path(out: Path) -> Path:
    return out if out.suffix == ".json" else out / PLAN_FILE


def _written(out: Path, values: dict[str, Any]) -> Path:
    path = _path(out)
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
