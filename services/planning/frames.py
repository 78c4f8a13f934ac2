"""What planning reads from the warehouse, as data frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import sqlalchemy as sa

_TO_PLAN = """
select
    i.intervention_id, i.client_id, i.technicien_id, i.zone_id, i.statut::text as statut, i.urgence::text as
    urgence, i.date_due, i.date_planifiee, i.duree_prevue_min, i.rdv_debut, i.rdv_fin, i.latitude,
    i.longitude, i.est_position_estimee, i.ouverture, i.fermeture, t.competence, t.libelle as
    type_intervention, t.duree_standard_min, c.nom, c.prenom, c.telephone, c.adresse, c.code_postal, c.ville
    from marts.fact_interventions_a_planifier as i join marts.dim_types_intervention as t on
    t.type_intervention_id = i.type_intervention_id join marts.dim_clients as c on c.client_id = i.client_id
    order by i.intervention_id
"""

_TECHNICIANS = """
select
    t.technicien_id, t.nom_complet, t.specialites, t.zone_principale_id, t.domicile_latitude,
    t.domicile_longitude, t.heures_jour, t.date_embauche, t.date_sortie,
    (
        select jsonb_object_agg(c.libelle, a.niveau)
        from staging.stg_erp__technicien_competences as a
        join staging.stg_erp__competences as c on c.competence_id = a.competence_id
        where a.technicien_id = t.technicien_id and a.niveau is not null
    ) as niveaux
from marts.dim_techniciens as t
order by t.technicien_id
"""

_ABSENCES = """
select technicien_id, date_debut, date_fin
from staging.stg_erp__absences
where date_debut <= :last and date_fin >= :first
order by technicien_id, date_debut
"""

_DRIVEN = """
select
    f.intervention_id, f.technicien_id, f.heure_arrivee, f.duree_min, f.duree_prevue_min,
    c.latitude, c.longitude, c.ouverture, c.fermeture, i.demande_at, i.rdv_debut, i.rdv_fin
from marts.fact_interventions as f
join marts.dim_clients as c on c.client_id = f.client_id
join staging.stg_erp__interventions as i on i.intervention_id = f.intervention_id
where f.heure_arrivee >= :since and f.heure_arrivee < :until
order by f.technicien_id, f.heure_arrivee, f.intervention_id
"""

_ODOMETER = """
select technicien_id, jour, nb_visites, case when est_complete then km_total end as km_total
from marts.fact_tournees_reelles
where jour >= :since and jour < :until
"""


_MADE = """
select
    f.intervention_id, f.client_id, f.technicien_id, f.zone_id, 'Terminee' as statut, f.urgence::text as
    urgence, f.date_due, f.date_planifiee, f.duree_prevue_min, null::timestamptz as rdv_debut,
    null::timestamptz as rdv_fin, c.latitude, c.longitude, c.ouverture, c.fermeture, t.competence,
    t.duree_standard_min, f.heure_arrivee, f.heure_depart
from marts.fact_interventions as f
join marts.dim_clients as c on c.client_id = f.client_id
join marts.dim_types_intervention as t on t.type_intervention_id = f.type_intervention_id
where f.heure_arrivee >= :since and f.heure_arrivee < :until
order by f.heure_arrivee, f.intervention_id
"""

_BEGUN = """
select intervention_id, min(technicien_id) as technicien_id, min(survenu_at) as heure_arrivee
from staging.stg_app__evenements
where type = 'arrivee' and intervention_id is not null and survenu_at >= :since and survenu_at < :until
group by intervention_id
order by intervention_id
"""


@dataclass(frozen=True)
class WeekFrames:
    """`interventions`: a row a visit not finished, with its client. The others: a row each."""

    interventions: pd.DataFrame
    technicians: pd.DataFrame
    absences: pd.DataFrame


@dataclass(frozen=True)
class DrivenFrames:
    """`visits`: finished, in the order of arrival. `odometer`: km a technician-day, null if not whole."""

    visits: pd.DataFrame
    technicians: pd.DataFrame
    odometer: pd.DataFrame


@dataclass(frozen=True)
class UnderWayFrames:
    """`made`: finished visits, with the columns of `WeekFrames.interventions` that planning reads and their
    times. `begun`: first arrival of every visit, finished or not."""

    made: pd.DataFrame
    begun: pd.DataFrame


def read_week(engine: sa.Engine, first: date, last: date) -> WeekFrames:
    """Frames for planning the days from `first` to `last`."""
    with engine.connect() as connection:
        return WeekFrames(
            pd.read_sql(sa.text(_TO_PLAN), connection),
            pd.read_sql(sa.text(_TECHNICIANS), connection),
            pd.read_sql(sa.text(_ABSENCES), connection, params={"first": first, "last": last}),
        )


def read_driven(engine: sa.Engine, since: date, until: date) -> DrivenFrames:
    """Frames of the days driven from `since` to the day before `until`."""
    span = {"since": since, "until": until}
    with engine.connect() as connection:
        return DrivenFrames(
            pd.read_sql(sa.text(_DRIVEN), connection, params=span),
            pd.read_sql(sa.text(_TECHNICIANS), connection),
            pd.read_sql(sa.text(_ODOMETER), connection, params=span),
        )


def read_under_way(engine: sa.Engine, since: datetime, until: datetime) -> UnderWayFrames:
    """What technicians have made and begun from `since` to just before `until`."""
    span = {"since": since, "until": until}
    with engine.connect() as connection:
        return UnderWayFrames(
            pd.read_sql(sa.text(_MADE), connection, params=span),
            pd.read_sql(sa.text(_BEGUN), connection, params=span),
        )
