"""Starting the demo company and letting it live on."""

from __future__ import annotations

from datetime import date

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.console import console
from cli.platform.house import House
from core.clock import read_clock, set_demo_date
from core.errors import FieldhouseError
from core.settings import Settings, get_settings
from core.vocabulary import DatabaseRole
from warehouse.connection import erp_url, plain


def create_company(house: House, as_of: date) -> None:
    """Build the company's source systems."""
    from simulator import create_company as create
    from simulator import create_schema

    settings = get_settings()
    erp = plain(erp_url(DatabaseRole.ERP))
    create_schema(erp)
    with _progress() as bar:
        create(
            erp,
            settings.inbox,
            settings.home / "truth",
            as_of,
            scale=house.scale,
            seed=house.seed,
            progress=_reporter(bar),
        )
    set_demo_date(settings.home, as_of)


def live_days(days: int) -> None:
    """Let the company live ``days`` more days and move the business clock along."""
    from simulator import live

    settings = _demo_settings()
    with _progress() as bar:
        as_of = live(
            plain(erp_url(DatabaseRole.ERP)),
            settings.inbox,
            settings.home / "truth",
            days=days,
            progress=_reporter(bar),
        )
    set_demo_date(settings.home, as_of)
    console.print(f"[green]✓[/green] the company has lived to the evening of {as_of:%d/%m/%Y}")


def live_on() -> None:
    """One day after another until Ctrl-C, each followed by the daily job."""
    from cli.run import run_job

    try:
        while True:
            live_days(1)
            run_job("daily")
    except KeyboardInterrupt:
        console.print(f"Stopped at {read_clock(get_settings().home).today():%d/%m/%Y}.")


def _demo_settings() -> Settings:
    settings = get_settings()
    if not settings.is_demo:
        raise FieldhouseError(
            "FIELDHOUSE_ERP_URL points to a real ERP; the simulator writes to the demo's own only.",
            remedy="unset it to work with the demo company",
        )
    return settings


def _progress() -> Progress:
    return Progress(
        TextColumn("  {task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
    )


def _reporter(bar: Progress):
    task = bar.add_task("company", total=1.0)

    def report(step: str, fraction: float) -> None:
        bar.update(task, description=step, completed=fraction)

    return report
