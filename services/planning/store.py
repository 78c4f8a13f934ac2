"""Plans in the tables `planning.*`: written whole, in one transaction, once the checker accepted them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from core.clock import wall_clock
from core.errors import FieldhouseError
from optimisers.checker import check
from optimisers.model import WAITS, Problem, Result, Stop, TechnicianDay, Unassigned
from services.gate import fingerprint
from services.planning.calendar import instant
from services.planning.inputs import inputs_of
from services.planning.report import away_min
from warehouse.tables import journees, non_planifiees, plans, visites

# Any fixed value: the same inputs always give the same plan_id, so a repeated run replaces its own rows.
_NAMESPACE = uuid.UUID("6f1d6d3e-54d1-4b9c-9f0e-3d8f0c2a7b11")
NOT_PROVED = "non prouvé"
Rows = list[dict[str, object]]


class PlanRejected(FieldhouseError):
    """The checker found a violation: the plan is not written."""


def verify(problem: Problem, result: Result) -> None:
    """Raise PlanRejected unless the independent checker accepts the plan and recomputes its cost.

    A plan said to be infeasible, with its conflicts named, may leave pinned visits out: that is what it says.
    """
    report = check(problem, result.plan, result.unassigned)
    said = result.status == "infeasible" and result.conflicts
    broken = [v for v in report.violations if not (said and v.kind == "pin_left_out")]
    if broken:
        shown = "; ".join(f"{v.kind} {v.subject}: {v.detail}" for v in broken[:5])
        raise PlanRejected(
            f"The plan breaks {len(broken)} rule(s): {shown}",
            expected="no violation",
            remedy="keep the problem and report it: a solver must never produce this",
        )
    if abs(report.costs.total - result.objective) > 1e-6 * max(1.0, abs(result.objective)):
        raise PlanRejected(
            f"The plan reports a cost of {result.objective}, the checker finds {report.costs.total}.",
            expected="the same cost",
            remedy="keep the problem and report it: one of the two accounts is wrong",
        )


def write(
    engine: sa.Engine,
    *,
    nature: str,
    first_day: date,
    problem: Problem,
    result: Result,
    rejected: Sequence[Unassigned],
    seed: int,
    stop: Stop,
    details: Sequence[tuple[sa.Table, Rows]] = (),
) -> str:
    """Write a checked plan as 'Propose' and retire older proposals of the same days; returns its plan_id.

    The plan_id follows from the inputs: writing the same plan again replaces its rows, and leaves a
    published plan as it is. `details` are rows of other tables, to which the plan_id is added.
    """
    verify(problem, result)
    mark = fingerprint(inputs_of(problem, stop))
    scope = sorted(t.technician_id for t in problem.technicians) if nature == "tournee" else "tous"
    plan_id = str(uuid.uuid5(_NAMESPACE, f"{nature} {first_day} {scope} {mark} {seed}"))
    with engine.begin() as connection:
        status = connection.scalar(
            sa.select(plans.c.statut).where(plans.c.plan_id == plan_id).with_for_update()
        )
        if status == "Publie":
            return plan_id
        connection.execute(plans.delete().where(plans.c.plan_id == plan_id))
        connection.execute(
            plans.update().where(_older_proposals(nature, first_day, problem)).values(statut="Remplace")
        )
        connection.execute(
            plans.insert().values(
                plan_id=plan_id,
                semaine_debut=first_day,
                nature=nature,
                statut="Propose",
                objectif=result.objective,
                borne_inf=result.lower_bound,
                ecart_pct=result.gap_pct,
                km_total=result.km,
                cree_at=wall_clock(),
                graine=seed,
                empreinte_entrees=mark,
            )
        )
        for table, rows in (
            (visites, visit_rows(plan_id, result.plan)),
            (journees, day_rows(plan_id, result.plan, problem.rules.lunch_min)),
            (non_planifiees, unassigned_rows(plan_id, [*result.unassigned, *rejected])),
            *((table, [{**row, "plan_id": plan_id} for row in rows]) for table, rows in details),
        ):
            if rows:
                connection.execute(table.insert(), rows)
    return plan_id


def _older_proposals(nature: str, first_day: date, problem: Problem) -> sa.ColumnElement[bool]:
    """Proposals that a new plan retires: of the same week, or of the same technician's day."""
    older = (plans.c.nature == nature) & (plans.c.semaine_debut == first_day) & (plans.c.statut == "Propose")
    if nature != "tournee":
        return older
    crew = [technician.technician_id for technician in problem.technicians]
    theirs = sa.select(journees.c.plan_id).where(journees.c.technicien_id.in_(crew))
    return older & plans.c.plan_id.in_(theirs)


def visit_rows(plan_id: str, plan: Sequence[TechnicianDay]) -> Rows:
    """Rows of planning.visites."""
    return [
        {
            "plan_id": plan_id,
            "intervention_id": stop.visit_id,
            "technicien_id": day.technician_id,
            "jour": day.day,
            "ordre": rank,
            "arrivee_at": instant(day.day, stop.arrival_min),
            "debut_at": instant(day.day, stop.start_min),
            "fin_at": instant(day.day, stop.end_min),
            "trajet_km": stop.travel_m / 1000,
            "trajet_min": stop.travel_min,
        }
        for day in plan
        for rank, stop in enumerate(day.visits, start=1)
    ]


def day_rows(plan_id: str, plan: Sequence[TechnicianDay], lunch_min: int) -> Rows:
    """Rows of planning.journees."""
    return [
        {
            "plan_id": plan_id,
            "technicien_id": day.technician_id,
            "jour": day.day,
            "nb_visites": len(day.visits),
            "km": (sum(stop.travel_m for stop in day.visits) + day.return_m) / 1000,
            "travail_min": away_min(day, lunch_min),
            "depart_at": instant(day.day, day.depart_min),
            "retour_at": instant(day.day, day.return_min),
            "pause_debut_at": None if day.lunch_start_min is None else instant(day.day, day.lunch_start_min),
        }
        for day in plan
    ]


def unassigned_rows(plan_id: str, left: Sequence[Unassigned]) -> Rows:
    """Rows of planning.non_planifiees; a remedy that was not proved is never written as one.

    Visits that can wait are not rows: nothing went wrong with them, they are still in the marts to plan.
    """
    return [
        {
            "plan_id": plan_id,
            "intervention_id": item.visit_id,
            "raison": item.reason,
            "remede": item.remedy if item.proved else NOT_PROVED,
        }
        for item in left
        if item.code != WAITS
    ]
