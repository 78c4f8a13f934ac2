"""A plan as people read it: names, addresses and local times. Every file format is written from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

from core.clock import PARIS
from core.errors import InvalidInput

_PLAN = """
select p.*, (
    select count(*) from planning.plans as q
    where q.nature = p.nature and q.semaine_debut = p.semaine_debut and q.cree_at <= p.cree_at
) as revision
from planning.plans as p where p.plan_id = :plan
"""

_VISITS = """
select
    v.*, t.nom_complet, c.nom, c.prenom, c.type::text as type_client, c.telephone, c.adresse, c.code_postal,
    c.ville, ty.libelle as type_intervention, i.urgence::text as urgence, i.date_due, i.rdv_debut,
    i.rdv_fin, i.est_position_estimee from planning.visites as v left join marts.dim_techniciens as t on
    t.technicien_id = v.technicien_id left join marts.fact_interventions_a_planifier as i on
    i.intervention_id = v.intervention_id left join marts.dim_clients as c on c.client_id = i.client_id left
    join marts.dim_types_intervention as ty on ty.type_intervention_id = i.type_intervention_id where
    v.plan_id = :plan order by v.technicien_id, v.jour, v.ordre
"""

_DAYS = """
select j.*, t.nom_complet
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


@dataclass(frozen=True)
class ScheduledVisit:
    """One visit; times are aware, in Europe/Paris."""

    intervention_id: int
    technicien_id: int
    technicien: str
    jour: date
    ordre: int
    arrivee: datetime
    debut: datetime
    fin: datetime
    trajet_km: float
    trajet_min: float
    client: str
    telephone: str
    adresse: str
    commune: str
    type_intervention: str
    urgente: bool
    date_due: date | None
    rdv: str
    position_estimee: bool


@dataclass(frozen=True)
class ScheduledDay:
    """One technician-day; `travail_min` excludes lunch."""

    technicien_id: int
    technicien: str
    jour: date
    nb_visites: int
    km: float
    travail_min: float
    depart: datetime
    retour: datetime
    pause: datetime | None
    visites: tuple[ScheduledVisit, ...]


@dataclass(frozen=True)
class LeftOut:
    """A visit that the plan could not place."""

    intervention_id: int
    client: str
    telephone: str
    adresse: str
    type_intervention: str
    urgente: bool
    date_due: date | None
    duree_min: int | None
    rdv: str
    raison: str
    remede: str


@dataclass(frozen=True)
class Schedule:
    """A whole plan. `revision` counts the plans made for these days, this one included."""

    plan_id: str
    premier_jour: date
    nature: str
    statut: str
    revision: int
    cree_at: datetime
    km_total: float
    journees: tuple[ScheduledDay, ...]
    non_planifiees: tuple[LeftOut, ...]

    @property
    def techniciens(self) -> list[tuple[int, str]]:
        """(id, name) of technicians with at least one day, in the order of ids."""
        return sorted({(day.technicien_id, day.technicien) for day in self.journees})

    @property
    def jours(self) -> list[date]:
        """Days with at least one tour."""
        return sorted({day.jour for day in self.journees})


def read_schedule(engine: sa.Engine, plan_id: str) -> Schedule:
    """The plan as written in `planning.*`, with names and addresses from the marts."""
    chosen = {"plan": plan_id}
    with engine.connect() as connection:
        plan = connection.execute(sa.text(_PLAN), chosen).one_or_none()
        frames = [pd.read_sql(sa.text(query), connection, params=chosen) for query in (_VISITS, _DAYS, _LEFT)]
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
        journees=tuple(days_of(days, visits)),
        non_planifiees=tuple(left_out_of(left)),
    )


def days_of(days: pd.DataFrame, visits: pd.DataFrame) -> list[ScheduledDay]:
    """Days with their visits in order, from the rows of planning.journees and planning.visites."""
    by_day: dict[tuple[int, date], list[ScheduledVisit]] = {}
    for row in visits.itertuples(index=False):
        visit = ScheduledVisit(
            intervention_id=int(row.intervention_id),
            technicien_id=int(row.technicien_id),
            technicien=_text(row.nom_complet),
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
        )
        for row in days.itertuples(index=False)
    ]


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


def total_hours(days: Sequence[ScheduledDay]) -> float:
    """Hours worked over the days, travel included, lunch excluded."""
    return sum(day.travail_min for day in days) / 60


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
