"""The plan in force: what technicians follow, read back from `planning.*`."""

from __future__ import annotations

from datetime import date

import pandas as pd
import sqlalchemy as sa

from core.clock import PARIS
from optimisers.model import PlannedVisit, TechnicianDay
from services.planning.calendar import minute_of
from warehouse.tables import journees, plans, visites

REPLANNED = "replanification"
# A week made again takes the place of the week when it is published.
_WEEKLY = ("semaine", REPLANNED)


def natures_replaced(nature: str) -> tuple[str, ...]:
    """Natures of the published plans of the same days that publishing one of this nature retires."""
    return _WEEKLY if nature in _WEEKLY else (nature,)


def in_force() -> sa.ColumnElement[bool]:
    """Plans of weeks that are published, or proposed as the week (a re-planning counts once published)."""
    published = (plans.c.statut == "Publie") & plans.c.nature.in_(_WEEKLY)
    return published | ((plans.c.statut == "Propose") & (plans.c.nature == "semaine"))


def plan_in_force(engine: sa.Engine, week_start: date) -> str | None:
    """plan_id of the published plan of the week, else of its newest proposal; None without either."""
    newest = (
        sa.select(plans.c.plan_id)
        .where(in_force(), plans.c.semaine_debut == week_start)
        .order_by(sa.desc(plans.c.statut == "Publie"), sa.desc(plans.c.cree_at))
        .limit(1)
    )
    with engine.connect() as connection:
        return connection.scalar(newest)


def read_days(engine: sa.Engine, plan_id: str) -> tuple[TechnicianDay, ...]:
    """The days of a plan. The tables do not say how long the way home takes: it is what remains of it."""
    with engine.connect() as connection:
        days = pd.read_sql(
            sa.select(journees).where(journees.c.plan_id == plan_id).order_by("technicien_id", "jour"),
            connection,
        )
        stops = pd.read_sql(
            sa.select(visites).where(visites.c.plan_id == plan_id).order_by("technicien_id", "jour", "ordre"),
            connection,
        )
    by_day: dict[tuple[int, date], list[PlannedVisit]] = {}
    for row in stops.itertuples(index=False):
        stop = PlannedVisit(
            int(row.intervention_id),
            _minute(row.arrivee_at),
            _minute(row.debut_at),
            _minute(row.fin_at),
            round(row.trajet_km * 1000),
            round(row.trajet_min),
        )
        by_day.setdefault((int(row.technicien_id), row.jour), []).append(stop)
    return tuple(
        _day(row, tuple(by_day.get((int(row.technicien_id), row.jour), ()))) for row in days.itertuples()
    )


def _day(row, stops: tuple[PlannedVisit, ...]) -> TechnicianDay:
    back = _minute(row.retour_at)
    return TechnicianDay(
        technician_id=int(row.technicien_id),
        day=row.jour,
        depart_min=_minute(row.depart_at),
        return_min=back,
        lunch_start_min=None if pd.isna(row.pause_debut_at) else _minute(row.pause_debut_at),
        visits=stops,
        return_m=max(0, round(row.km * 1000) - sum(stop.travel_m for stop in stops)),
        return_travel_min=back - stops[-1].end_min if stops else 0,
    )


def _minute(value) -> int:
    return minute_of(pd.Timestamp(value).to_pydatetime().astimezone(PARIS))
