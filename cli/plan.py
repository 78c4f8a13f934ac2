"""``fieldhouse plan``: weeks and tours from the warehouse's data."""

from __future__ import annotations

from datetime import date

from cli.console import console
from core.clock import read_clock
from core.settings import get_settings


def week(start: date | None, *, publish: bool) -> None:
    """Plan one week, write it to ``planning.*`` and its files below ``.fieldhouse/plannings``."""
    from services.planning import plan_week, publish_plan
    from warehouse.connection import pipeline_engine

    settings = get_settings()
    monday = start or read_clock(settings.home).next_monday()
    report = plan_week(pipeline_engine(), monday, out_dir=settings.home / "plannings")
    console.print(report.summary())
    if publish:
        allowed = publish_plan(pipeline_engine(), report.plan_id)
        console.print(
            "Planning publié." if allowed else "La publication a été refusée (voir ops.journal_actions)."
        )


def tour(technician: int, day: date) -> None:
    """Best order of one technician's visits on one day."""
    from services.planning import plan_tour
    from warehouse.connection import pipeline_engine

    console.print(plan_tour(pipeline_engine(), technician, day).summary())


def zones(count: int | None, seed: int) -> None:
    """Propose balanced zones beside the declared ones, with the kilometres each would cost."""
    from services.planning.zoning import propose_zones
    from warehouse.connection import pipeline_engine

    console.print(propose_zones(pipeline_engine(), zones=count, seed=seed).summary())
