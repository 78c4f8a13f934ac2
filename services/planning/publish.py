"""Publishing: a proposed week becomes the one that technicians follow, if the gate allows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from core.errors import InvalidInput
from services import gate
from services.planning.in_force import natures_replaced
from services.planning.report import PublicationReport
from warehouse.tables import plans

ACTION = "publier_plan"


def publish_plan(engine: sa.Engine, plan_id: str, *, out_dir: Path | None = None) -> bool:
    """Ask the gate, then make the plan 'Publie' and the week's former one 'Remplace'. False when refused.

    With `out_dir` its files are written anew below it: calendars then say what is confirmed and cancelled.
    A plan already published stays so, without asking again. Raises InvalidInput for a plan that does not
    exist or has been replaced.
    """
    with engine.connect() as connection:
        plan = connection.execute(sa.select(plans).where(plans.c.plan_id == plan_id)).one_or_none()
    if plan is None or plan.statut == "Remplace":
        raise InvalidInput(
            f"Plan {plan_id} is {'unknown' if plan is None else 'replaced by a newer one'}.",
            expected="the newest proposal",
            remedy="plan the week again (fieldhouse plan week)",
        )
    if plan.statut == "Publie":
        return True
    reason = f"Planning de la semaine du {plan.semaine_debut:%d/%m/%Y} vérifié sans infraction"
    inputs = {"plan_id": plan_id, "empreinte": plan.empreinte_entrees, "objectif": plan.objectif}
    if not gate.request(engine, ACTION, plan_id, reason, inputs):
        return False
    same_days = plans.c.nature.in_(natures_replaced(plan.nature))
    same_days &= plans.c.semaine_debut == plan.semaine_debut
    with engine.begin() as connection:
        connection.execute(
            plans.update().where(same_days & (plans.c.statut == "Publie")).values(statut="Remplace")
        )
        connection.execute(plans.update().where(plans.c.plan_id == plan_id).values(statut="Publie"))
    if out_dir is not None:
        from services.schedule_files import export_plan

        export_plan(engine, plan_id, out_dir)
    return True


def publish_latest(engine: sa.Engine, week_start: date, *, out_dir: Path | None = None) -> PublicationReport:
    """Publish the newest proposal of the week, if there is one."""
    newest = (
        sa.select(plans.c.plan_id)
        .where(plans.c.nature == "semaine", plans.c.semaine_debut == week_start, plans.c.statut == "Propose")
        .order_by(plans.c.cree_at.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        plan_id = connection.scalar(newest)
    if plan_id is None:
        return PublicationReport(None, False)
    return PublicationReport(plan_id, publish_plan(engine, plan_id, out_dir=out_dir))
