"""One technician's day in its best order, on the visits that the published or proposed week gives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from core.errors import InvalidInput
from optimisers import tours
from optimisers.model import Stop
from services.planning.frames import WeekFrames, read_week
from services.planning.in_force import in_force
from services.planning.problem import prepare
from services.planning.remedies import explained
from services.planning.report import PlanReport, plan_report
from services.planning.store import write
from services.travel import travel_provider
from warehouse.tables import plans, visites

TOUR_STOP = Stop(max_iterations=2000)


def plan_tour(
    engine: sa.Engine,
    technicien_id: int,
    day: date,
    *,
    seed: int = 1,
    stop: Stop = TOUR_STOP,
    should_stop: Callable[[], bool] | None = None,
) -> PlanReport:
    """Best lawful order of the technician's visits of that day; written as a plan of nature 'tournee'.

    The visits are those of the plan in force (published, else newest proposal); without a plan, those that
    the ERP plans for this technician that day. Raises InvalidInput when there is none or the technician is
    unknown.
    """
    frames = read_week(engine, day, day)
    wanted = planned_visits(engine, technicien_id, day)
    todo = frames.interventions
    if wanted:
        kept = todo[todo["intervention_id"].isin(wanted)]
    else:
        kept = todo[(todo["technicien_id"] == technicien_id) & (todo["date_planifiee"] == day)]
    crew = frames.technicians[frames.technicians["technicien_id"] == technicien_id]
    if kept.empty or crew.empty:
        raise InvalidInput(
            f"Technician {technicien_id} has {len(kept)} visits to make on {day}.",
            expected="a technician of the company with at least one planned visit",
            remedy="plan the week first (fieldhouse plan week), or choose another day",
        )
    # Those visits are this technician's whatever their dates: only the order is in question.
    kept = kept.assign(date_planifiee=day)
    prepared = prepare(
        WeekFrames(kept, crew, frames.absences), (day,), week=(day, day), travel=travel_provider()
    )
    result = tours.solve(prepared.problem, stop, seed, should_stop=should_stop)
    result = explained(prepared.problem, result, stop, seed)
    plan_id = write(
        engine,
        nature="tournee",
        first_day=day,
        problem=prepared.problem,
        result=result,
        rejected=prepared.rejected,
        seed=seed,
        stop=stop,
    )
    return plan_report(prepared.problem, result, plan_id=plan_id, first_day=day, rejected=prepared.rejected)


def planned_visits(engine: sa.Engine, technicien_id: int, day: date) -> list[int]:
    """Visits that the week's plan gives the technician that day; empty without a plan."""
    newest = (
        sa.select(plans.c.plan_id)
        .where(in_force())
        .where(plans.c.plan_id.in_(sa.select(visites.c.plan_id).where(visites.c.jour == day)))
        .order_by(sa.desc(plans.c.statut == "Publie"), sa.desc(plans.c.cree_at))
        .limit(1)
        .scalar_subquery()
    )
    mine = (visites.c.technicien_id == technicien_id) & (visites.c.jour == day)
    with engine.connect() as connection:
        return list(
            connection.scalars(sa.select(visites.c.intervention_id).where(visites.c.plan_id == newest, mine))
        )
