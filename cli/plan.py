"""``fieldhouse plan``: weeks, tours and re-plannings, from the warehouse's data or from JSON files."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.console import console, error_console
from core.clock import PARIS, read_clock
from core.errors import InvalidInput
from core.settings import get_settings

if TYPE_CHECKING:
    from optimisers.model import Stop
    from services.planning import PlanReport, ReplanReport

REFUSED, INFEASIBLE = 2, 3


@dataclass(frozen=True, slots=True)
class Search:
    """Options of every plan command: limits (None: the command's own), seed, files in and out."""

    seconds: float | None = None
    iterations: int | None = None
    seed: int = 1
    problem: Path | None = None
    out: Path | None = None

    def stop(self, default: Stop) -> Stop:
        """The limits asked for, else the default's."""
        from optimisers.model import Stop

        if self.seconds is None and self.iterations is None:
            return default
        return Stop(self.iterations, self.seconds)


@dataclass(frozen=True, slots=True)
class Reported:
    """What the dispatcher says on the command line; `urgent` holds ids or paths of JSON files."""

    ill: Sequence[int] = ()
    urgent: Sequence[str] = ()
    cancelled: Sequence[int] = ()
    overruns: Sequence[str] = ()


@contextmanager
def refusals_shown() -> Iterator[None]:
    """Turn a refused input into its faults, all of them, and exit code 2."""
    from optimisers.model import InvalidProblem

    try:
        yield
    except (InvalidProblem, InvalidInput) as error:
        error_console.print(f"[red]✗[/red] {_escaped(error)}")
        sys.exit(REFUSED)


@contextmanager
def stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C asks the search to end with its best plan, which is then checked and written.

    A second one ends the command at once. Yields the question whether to stop.
    """
    asked = False

    def ask(number: int, frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    former = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, former)


def week(start: date | None, search: Search, *, publish: bool) -> None:
    """Plan one week and write it to ``planning.*`` and files below ``.fieldhouse/plannings`` or ``--out``."""
    from services.planning import plan_week, publish_plan
    from services.planning.week import WEEK_STOP
    from warehouse.connection import pipeline_engine

    settings = get_settings()
    monday = start or read_clock(settings.home).next_monday()
    with stopped_by_ctrl_c() as should_stop:
        report = plan_week(
            pipeline_engine(),
            monday,
            seed=search.seed,
            stop=search.stop(WEEK_STOP),
            out_dir=search.out or settings.home / "plannings",
            should_stop=should_stop,
        )
    _show(report)
    if publish and report.plan_id:
        allowed = publish_plan(pipeline_engine(), report.plan_id, out_dir=settings.home / "plannings")
        console.print(
            "Planning publié." if allowed else "La publication a été refusée (voir ops.journal_actions)."
        )
    _end(report)


def tour(technician: int, day: date, search: Search) -> None:
    """Best order of one technician's visits on one day."""
    from services.planning import plan_tour
    from services.planning.tour import TOUR_STOP
    from warehouse.connection import pipeline_engine

    with stopped_by_ctrl_c() as should_stop:
        report = plan_tour(
            pipeline_engine(),
            technician,
            day,
            seed=search.seed,
            stop=search.stop(TOUR_STOP),
            should_stop=should_stop,
        )
    _show(report)
    _end(report)


def file(kind: str, search: Search) -> None:
    """Plan the problem of a JSON file, without the warehouse."""
    from services.planning import plan_file
    from services.planning.tour import TOUR_STOP
    from services.planning.week import WEEK_STOP

    assert search.problem is not None
    with stopped_by_ctrl_c() as should_stop:
        report = plan_file(
            "tour" if kind == "tour" else "week",
            search.problem,
            search.out,
            stop=search.stop(TOUR_STOP if kind == "tour" else WEEK_STOP),
            seed=search.seed,
            should_stop=should_stop,
        )
    _show(report)
    _end(report)


def replan(at: datetime | None, reported: Reported, max_changes: int | None, search: Search) -> None:
    """Make the week in force again at a moment of it (now by default), or that of a JSON file."""
    from services.planning import replan_file, replan_week
    from services.planning.replan import REPLAN_STOP

    happened = _happenings(reported)
    moment = None if at is None else at.replace(tzinfo=PARIS)
    with stopped_by_ctrl_c() as should_stop:
        if search.problem is not None:
            if happened.urgent:
                raise InvalidInput(
                    f"Urgent interventions {happened.urgent} are ids of the warehouse.",
                    expected="a JSON file of visits beside --problem",
                    remedy="write the calls into a file, or leave --problem out",
                )
            report = replan_file(
                search.problem,
                search.out,
                at=moment,
                events=happened.events(),
                max_changes=max_changes,
                stop=search.stop(REPLAN_STOP),
                seed=search.seed,
                should_stop=should_stop,
            )
        else:
            from warehouse.connection import pipeline_engine

            home = get_settings().home
            report = replan_week(
                pipeline_engine(),
                moment or read_clock(home).now(),
                happened,
                max_changes=max_changes,
                seed=search.seed,
                stop=search.stop(REPLAN_STOP),
                out_dir=search.out or home / "plannings",
                should_stop=should_stop,
            )
    _show(report)
    _end(report.plan)


def _happenings(reported: Reported):
    """The options as happenings; raises InvalidInput with every option that cannot be read."""
    from optimisers.readers.replan_json import read_calls
    from services.planning import Happenings

    urgent, calls, overruns, wrong = [], [], [], []
    for value in reported.urgent:
        if value.isdecimal():
            urgent.append(int(value))
        else:
            calls += read_calls(Path(value))
    for value in reported.overruns:
        visit, _, minutes = value.partition(":")
        if visit.isdecimal() and minutes.isdecimal():
            overruns.append((int(visit), int(minutes)))
        else:
            wrong.append(value)
    if wrong:
        raise InvalidInput(
            f"--overrun {', '.join(wrong)} cannot be read.",
            expected="VISIT:MINUTES",
            remedy="write for example --overrun 1204:40 for 40 minutes more",
        )
    return Happenings(
        tuple(reported.ill), tuple(urgent), tuple(calls), tuple(reported.cancelled), tuple(overruns)
    )


def _show(report: PlanReport | ReplanReport) -> None:
    console.print(_escaped(report.summary()), soft_wrap=True)


def _end(report: PlanReport) -> None:
    if report.status == "infeasible":
        sys.exit(INFEASIBLE)


def _escaped(text: object) -> str:
    """Brackets of data are not markup."""
    from rich.markup import escape

    return escape(str(text))


def zones(count: int | None, seed: int) -> None:
    """Propose balanced zones beside the declared ones, with the kilometres each would cost."""
    from services.planning.zoning import propose_zones
    from warehouse.connection import pipeline_engine

    console.print(propose_zones(pipeline_engine(), zones=count, seed=seed).summary())


def why(visit: int, start: date | None, problem: Path | None, plan: Path | None) -> None:
    """The best other places of a planned visit, and what they would cost."""
    from services.planning.questions import why

    console.print(_escaped(why(_asked(start, problem, plan), visit)), soft_wrap=True)


def what_if(
    start: date | None, search: Search, hours: float | None, slower: float | None, more: Sequence[int]
) -> None:
    """Scenarios of a week beside the week as it is."""
    from services.planning.questions import WHAT_IF_STOP, scenarios_of, what_if

    asked = _asked(start, search.problem, None)
    scenarios = scenarios_of(asked.problem, hours=hours, slower=slower, one_more_like=more)
    answer = what_if(asked, scenarios, stop=search.stop(WHAT_IF_STOP), seed=search.seed)
    console.print(_escaped(answer), soft_wrap=True)


def _asked(start: date | None, problem: Path | None, plan: Path | None):
    from services.planning.questions import of_files, of_week
    from warehouse.connection import pipeline_engine

    if problem is not None:
        return of_files(problem, plan)
    return of_week(pipeline_engine(), start or read_clock(get_settings().home).next_monday())
