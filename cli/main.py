"""Commands of ``fieldhouse``. Each imports what it needs when it runs, so that ``--help`` is instant."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.console import console, errors_shown

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The data house of a field-service company."
)
db_app = typer.Typer(no_args_is_help=True, help="The warehouse's database.")
plan_app = typer.Typer(no_args_is_help=True, help="Tours, weeks, weeks made again.")
bi_app = typer.Typer(no_args_is_help=True, help="Dashboards as code.")
app.add_typer(db_app, name="db")
app.add_typer(plan_app, name="plan")
app.add_typer(bi_app, name="bi")

_Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="a date, YYYY-MM-DD")]
_Problem = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, help="a JSON problem instead of the warehouse")
]
_Out = Annotated[Path | None, typer.Option(help="folder (or .json file) for the plan")]
_Seconds = Annotated[float | None, typer.Option(min=0.001, help="search for so long")]
_Iterations = Annotated[int | None, typer.Option(min=1, help="search for so many steps: repeatable")]
_Seed = Annotated[int, typer.Option(help="another seed, another search")]


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", help="return once everything answers")] = False,
    scale: Annotated[float | None, typer.Option(help="size of the demo company (1 = 1,200 clients)")] = None,
    seed: Annotated[int | None, typer.Option(help="another company of the same kind")] = None,
    as_of: _Day = None,
    bi: Annotated[bool, typer.Option("--bi/--no-bi", help="with Superset (Python 3.11 or 3.12)")] = True,
) -> None:
    """Start the platform; the first time, build it."""
    with errors_shown():
        from cli.platform.up import Choices, bring_up

        bring_up(Choices(scale, seed, as_of.date() if as_of else None, bi), detach=detach)


@app.command()
def down() -> None:
    """Stop the platform; data stays."""
    with errors_shown():
        from cli.platform.down import take_down

        take_down()


@app.command()
def run(job: Annotated[str, typer.Argument(help="daily, realtime, training or planning")]) -> None:
    """Run one Dagster job in this process."""
    with errors_shown():
        from cli.platform.server import database_running
        from cli.run import run_job

        with database_running():
            run_job(job)


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False) -> None:
    """Which services answer, where, and the demo accounts."""
    with errors_shown():
        from cli.platform.status import show_status

        show_status(as_json)


@app.command()
def service(name: Annotated[str, typer.Argument(help="prepare, dagster, mlflow…")]) -> None:
    """Run one service in the foreground, as containers do."""
    with errors_shown():
        from cli.platform.one_service import run_service

        run_service(name)


@app.command()
def simulate(
    days: Annotated[int, typer.Option(help="days to live")] = 1,
    live: Annotated[bool, typer.Option("--live", help="one day after another, until Ctrl-C")] = False,
) -> None:
    """Let the demo company live on: its ERP, app, portal and survey get new rows."""
    with errors_shown():
        from cli.platform.server import database_running
        from cli.simulate import live_days, live_on

        with database_running():
            if live:
                live_on()
            else:
                live_days(days)


@db_app.command("url")
def db_url() -> None:
    """The warehouse as a SQLAlchemy URL (pipeline role)."""
    with errors_shown():
        from core.vocabulary import DatabaseRole
        from warehouse.connection import role_url

        print(role_url(DatabaseRole.PIPELINE).render_as_string(hide_password=False))


@db_app.command("reset")
def db_reset(yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Delete the demo company, the warehouse and the services' databases."""
    with errors_shown():
        from cli.platform.reset import reset

        if not yes:
            typer.confirm("Delete all data of this installation?", abort=True)
        reset()
    console.print("[green]✓[/green] deleted; `make up` builds anew")


@plan_app.command("week")
def plan_week(
    start: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="Monday to plan")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="publish it, if the gate allows")] = False,
    problem: _Problem = None,
    out: _Out = None,
    seconds: _Seconds = None,
    iterations: _Iterations = None,
    seed: _Seed = 1,
) -> None:
    """Plan a week (next week by default) or a JSON problem, and write its files."""
    with errors_shown():
        from cli.plan import Search, file, refusals_shown, week

        search = Search(seconds, iterations, seed, problem, out)
        with refusals_shown():
            if problem is not None:
                file("week", search)
                return
            from cli.platform.server import database_running

            with database_running():
                week(start.date() if start else None, search, publish=publish)


@plan_app.command("tour")
def plan_tour(
    technician: Annotated[int | None, typer.Argument(help="technicien_id")] = None,
    day: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"])] = None,
    problem: _Problem = None,
    out: _Out = None,
    seconds: _Seconds = None,
    iterations: _Iterations = None,
    seed: _Seed = 1,
) -> None:
    """Best order of one technician's visits on one day, or of a JSON problem."""
    with errors_shown():
        from cli.plan import Search, file, refusals_shown, tour

        search = Search(seconds, iterations, seed, problem, out)
        with refusals_shown():
            if problem is not None:
                file("tour", search)
                return
            if technician is None or day is None:
                raise typer.BadParameter("give a technician and a day, or --problem FILE.json")
            from cli.platform.server import database_running

            with database_running():
                tour(technician, day.date(), search)


@plan_app.command("replan")
def plan_replan(
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="moment, now by default"),
    ] = None,
    ill: Annotated[list[int] | None, typer.Option(help="technicien_id away from now on")] = None,
    urgent: Annotated[
        list[str] | None, typer.Option(help="intervention id, or a JSON file of visits")
    ] = None,
    cancel: Annotated[list[int] | None, typer.Option(help="intervention id")] = None,
    overrun: Annotated[list[str] | None, typer.Option(help="ID:MINUTES more than planned")] = None,
    max_changes: Annotated[
        int | None, typer.Option(min=0, help="changed visits at most, forced ones apart")
    ] = None,
    problem: _Problem = None,
    out: _Out = None,
    seconds: _Seconds = None,
    iterations: _Iterations = None,
    seed: _Seed = 1,
) -> None:
    """Make the week in force again: what is done stays, few changes, the curve of what each brings in."""
    with errors_shown():
        from contextlib import nullcontext

        from cli.plan import Reported, Search, refusals_shown, replan
        from cli.platform.server import database_running

        search = Search(seconds, iterations, seed, problem, out)
        reported = Reported(ill or (), urgent or (), cancel or (), overrun or ())
        with refusals_shown(), database_running() if problem is None else nullcontext():
            replan(at, reported, max_changes, search)


@plan_app.command("why")
def plan_why(
    visit: Annotated[int, typer.Argument(help="intervention id")],
    start: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="Monday")] = None,
    problem: _Problem = None,
    plan: Annotated[Path | None, typer.Option(exists=True, help="the plan of --problem")] = None,
) -> None:
    """Why this technician, why this day: the best other places of a visit and what they cost."""
    with errors_shown():
        from contextlib import nullcontext

        from cli.plan import refusals_shown, why
        from cli.platform.server import database_running

        with nullcontext() if problem else database_running(), refusals_shown():
            why(visit, start.date() if start else None, problem, plan)


@plan_app.command("what-if")
def plan_what_if(
    start: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="Monday")] = None,
    hours: Annotated[float | None, typer.Option(help="contract hours a day, for all")] = None,
    slower: Annotated[float | None, typer.Option(min=0.01, max=100, help="minutes of driving × this")] = None,
    one_more_like: Annotated[list[int] | None, typer.Option(help="hire somebody like technicien_id")] = None,
    problem: _Problem = None,
    seconds: _Seconds = None,
    iterations: _Iterations = None,
    seed: _Seed = 1,
) -> None:
    """Plan scenarios of a week beside the week as it is, with the same budget, and compare."""
    with errors_shown():
        from contextlib import nullcontext

        from cli.plan import Search, refusals_shown, what_if
        from cli.platform.server import database_running

        search = Search(seconds, iterations, seed, problem, None)
        with nullcontext() if problem else database_running(), refusals_shown():
            what_if(start.date() if start else None, search, hours, slower, one_more_like or [])


@plan_app.command("zones")
def plan_zones(
    count: Annotated[
        int | None, typer.Option("--zones", min=1, help="how many (as many as declared by default)")
    ] = None,
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    """Propose balanced zones and compare their kilometres with the declared ones."""
    with errors_shown():
        from cli.plan import zones
        from cli.platform.server import database_running

        with database_running():
            zones(count, seed)


@bi_app.command("push")
def bi_push() -> None:
    """Bring Superset to what the files say; prune what they no longer hold."""
    with errors_shown():
        from cli.bi import push

        push()


@bi_app.command("pull")
def bi_pull() -> None:
    """Bring changes made in Superset's pages back to the files."""
    with errors_shown():
        from cli.bi import pull

        pull()


@bi_app.command("check")
def bi_check() -> None:
    """Follow dashboard, chart, dataset, mart column without a server."""
    with errors_shown():
        from cli.bi import check

        check()


@app.command()
def bench(
    family: Annotated[str, typer.Argument(help="churn, tsplib, vrptw or trsp")],
    data: Annotated[Path, typer.Option(exists=True, file_okay=False, help="folder of instances")],
    out: Annotated[Path, typer.Option(help="folder for results")],
    seconds: Annotated[float, typer.Option(help="budget an instance (planners)")] = 10.0,
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    """Measure against external instances; results in OUT."""
    with errors_shown():
        from cli.bench import run_bench

        run_bench(family, data, out, seconds=seconds, seed=seed)
    console.print(f"[green]✓[/green] {out}")
