"""A plan from `planning.*` and the marts to what people read."""

from __future__ import annotations

from datetime import date, datetime, time

import pandas as pd
import sqlalchemy as sa

from core.clock import PARIS
from core.errors import InvalidInput
from services.schedule_files.history import Revisions, read_revisions
from services.schedule_files.schedule import Cancelled, LeftOut, Schedule, ScheduledDay, ScheduledVisit

_PLAN = """
select p.*, (
    select count(*) from planning.plans as q
    where q.nature = p.nature and q.semaine_debut = p.semaine_debut and q.cree_at <= p.cree_at
) as revision
from planning.plans as p where p.plan_id = :plan
"""

_VISITS = """
select
    v.*, t.nom_complet, t.zone_principale_id, c.nom, c.prenom, c.type::text as type_client, c.telephone,
    c.adresse, c.code_postal, c.ville, ty.libelle as type_intervention, i.urgence::text as urgence,
    i.date_due, i.rdv_debut, i.rdv_fin, i.est_position_estimee, i.zone_id, i.latitude, i.longitude,
    i.ouverture, i.fermeture
from planning.visites as v
left join marts.dim_techniciens as t on t.technicien_id = v.technicien_id
left join marts.fact_interventions_a_planifier as i on i.intervention_id = v.intervention_id
left join marts.dim_clients as c on c.client_id = i.client_id
left join marts.dim_types_intervention as ty on ty.type_intervention_id = i.type_intervention_id
where v.plan_id = :plan
order by v.technicien_id, v.jour, v.ordre
"""

_DAYS = """
select j.*, t.nom_complet, t.domicile_latitude, t.domicile_longitude
from planning.journees as j
left join marts.dim_techniciens as t on t.technicien_id = j.technicien_id
where j.plan_id = :plan
order by j.technicien_id, j.jour
"""

_LEFT = """
select
    n.intervention_id, n.raison, n.remede, c.nom, c.prenom, c.telephone, c.adresse, c.code_postal, c.ville,
    ty.libelle as type_intervention, i.urgence::text as urgence, i.date_due, i.duree_prevue_min, i.rdv_debut
from planning.non_planifiees as n
left join marts.fact_interventions_a_planifier as i on i.intervention_id = n.intervention_id
left join marts.dim_clients as c on c.client_id = i.client_id
left join marts.dim_types_intervention as ty on ty.type_intervention_id = i.type_intervention_id
where n.plan_id = :plan
order by (i.urgence::text = 'Urgente') desc, i.date_due, n.intervention_id
"""


_DONE = "select intervention_id from marts.fact_interventions where intervention_id = any(:visits)"

_ABOUT = """
select i.intervention_id, ty.libelle as type_intervention, c.nom, c.prenom
from marts.fact_interventions_a_planifier as i
left join marts.dim_clients as c on c.client_id = i.client_id
left join marts.dim_types_intervention as ty on ty.type_intervention_id = i.type_intervention_id
where i.intervention_id = any(:visits)
"""

_NAMES = "select technicien_id, nom_complet from marts.dim_techniciens"


def read_schedule(engine: sa.Engine, plan_id: str) -> Schedule:
    """The plan as written in `planning.*`, with names and addresses from the marts."""
    chosen = {"plan": plan_id}
    with engine.connect() as connection:
        plan = connection.execute(sa.text(_PLAN), chosen).one_or_none()
        frames = [pd.read_sql(sa.text(query), connection, params=chosen) for query in (_VISITS, _DAYS, _LEFT)]
        told = Revisions() if plan is None else read_revisions(connection, plan)
        cancelled = cancelled_of(connection, told)
    if plan is None:
        raise InvalidInput(
            f"Plan {plan_id} is not in planning.plans.", expected="a plan_id", remedy="plan the week first"
        )
    visits, days, left = frames
    return Schedule(
        plan_id=str(plan.plan_id),
        premier_jour=plan.semaine_debut,
        nature=plan.nature,
        statut=plan.statut,
        revision=int(plan.revision),
        cree_at=plan.cree_at.astimezone(PARIS),
        km_total=float(plan.km_total),
        journees=tuple(days_of(days, visits, told)),
        non_planifiees=tuple(left_out_of(left)),
        annulations=cancelled,
        publie_at=None if told.published_at is None else told.published_at.astimezone(PARIS),
    )


def days_of(days: pd.DataFrame, visits: pd.DataFrame, told: Revisions) -> list[ScheduledDay]:
    """Days with their visits in order, from the rows of planning.journees and planning.visites."""
    crews = visits.groupby("intervention_id")["nom_complet"].agg(list).to_dict()
    by_day: dict[tuple[int, date], list[ScheduledVisit]] = {}
    for row in visits.itertuples(index=False):
        event = (int(row.intervention_id), int(row.technicien_id))
        name = _text(row.nom_complet)
        visit = ScheduledVisit(
            intervention_id=int(row.intervention_id),
            technicien_id=int(row.technicien_id),
            technicien=name,
            jour=row.jour,
            ordre=int(row.ordre),
            arrivee=_local(row.arrivee_at),
            debut=_local(row.debut_at),
            fin=_local(row.fin_at),
            trajet_km=float(row.trajet_km),
            trajet_min=float(row.trajet_min),
            client=client_name(row.prenom, row.nom),
            telephone=_text(row.telephone),
            adresse=_text(row.adresse),
            commune=f"{_text(row.code_postal)} {_text(row.ville)}".strip(),
            type_intervention=_text(row.type_intervention),
            urgente=row.urgence == "Urgente",
            date_due=_day(row.date_due),
            rdv=_promise(row.rdv_debut, row.rdv_fin, row.jour),
            position_estimee=bool(row.est_position_estimee) if pd.notna(row.est_position_estimee) else False,
            hors_zone=_differ(row.zone_id, row.zone_principale_id),
            horaires=_opening(row.ouverture, row.fermeture),
            latitude=_number(row.latitude),
            longitude=_number(row.longitude),
            avec=", ".join(_text(other) for other in crews[row.intervention_id] if _text(other) != name),
            sequence=told.sequences.get(event, 0),
            confirmee=event in told.unchanged,
        )
        by_day.setdefault((visit.technicien_id, visit.jour), []).append(visit)
    return [
        ScheduledDay(
            technicien_id=int(row.technicien_id),
            technicien=_text(row.nom_complet),
            jour=row.jour,
            nb_visites=int(row.nb_visites),
            km=float(row.km),
            travail_min=float(row.travail_min),
            depart=_local(row.depart_at),
            retour=_local(row.retour_at),
            pause=None if pd.isna(row.pause_debut_at) else _local(row.pause_debut_at),
            visites=tuple(by_day.get((int(row.technicien_id), row.jour), ())),
            domicile=_pair(row.domicile_latitude, row.domicile_longitude),
        )
        for row in days.itertuples(index=False)
    ]


def cancelled_of(connection: sa.Connection, told: Revisions) -> tuple[Cancelled, ...]:
    """Events to take out of calendars: visits that were done in the meantime stay where they were."""
    wanted = {"visits": [visit for visit, _ in told.cancelled]}
    done = set(connection.scalars(sa.text(_DONE), wanted)) if told.cancelled else set()
    rows = {row.intervention_id: row for row in connection.execute(sa.text(_ABOUT), wanted)}
    names = dict(connection.execute(sa.text(_NAMES)).all()) if told.cancelled else {}
    found = []
    for (visit, technician), (sequence, (start, end)) in told.cancelled.items():
        if visit in done:
            continue
        about = rows.get(visit)
        found.append(
            Cancelled(
                intervention_id=visit,
                technicien_id=technician,
                technicien=_text(names.get(technician)),
                debut=_local(start),
                fin=_local(end),
                type_intervention="" if about is None else _text(about.type_intervention),
                client="" if about is None else client_name(about.prenom, about.nom),
                sequence=sequence,
            )
        )
    return tuple(found)


def left_out_of(left: pd.DataFrame) -> list[LeftOut]:
    """Visits not placed, from the rows of planning.non_planifiees."""
    found = []
    for row in left.itertuples(index=False):
        address = [_text(row.adresse), f"{_text(row.code_postal)} {_text(row.ville)}".strip()]
        found.append(
            LeftOut(
                intervention_id=int(row.intervention_id),
                client=client_name(row.prenom, row.nom),
                telephone=_text(row.telephone),
                adresse=", ".join(part for part in address if part),
                type_intervention=_text(row.type_intervention),
                urgente=row.urgence == "Urgente",
                date_due=_day(row.date_due),
                duree_min=None if pd.isna(row.duree_prevue_min) else int(row.duree_prevue_min),
                rdv="" if pd.isna(row.rdv_debut) else f"{_local(row.rdv_debut):%d/%m %H:%M}",
                raison=_text(row.raison),
                remede=_text(row.remede),
            )
        )
    return found


def client_name(first: object, last: object) -> str:
    """'Élodie Martin', or the company's name."""
    return " ".join(part for part in (_text(first), _text(last)) if part)


def _promise(start: object, end: object, day: date) -> str:
    if pd.isna(start) or _local(start).date() != day:
        return ""
    until = "" if pd.isna(end) else f"–{_local(end):%H:%M}"
    return f"{_local(start):%H:%M}{until}"


def _local(value) -> datetime:
    return pd.Timestamp(value).to_pydatetime().astimezone(PARIS)


def _day(value: object) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, datetime) else value


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _pair(latitude: object, longitude: object) -> tuple[float, float] | None:
    north, east = _number(latitude), _number(longitude)
    return None if north is None or east is None else (north, east)


def _differ(one: object, other: object) -> bool:
    """True when both are known and are not the same zone."""
    return not (pd.isna(one) or pd.isna(other)) and int(one) != int(other)


def _opening(start: time | None, end: time | None) -> str:
    return "" if start is None or end is None else f"{start:%H:%M}–{end:%H:%M}"
