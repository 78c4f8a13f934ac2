"""Tables that Python writes: scores, plans, gate and audit. dbt reads them back as sources.

Alembic (``warehouse/migrations``) brings a database to this metadata; a test fails when the two differ.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, DateTime, Double, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from core.vocabulary import Schema

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)
_INSTANT = DateTime(timezone=True)


def _plan_key(**options) -> Column:
    reference = sa.ForeignKey(f"{Schema.PLANNING}.plans.plan_id", ondelete="CASCADE")
    return Column("plan_id", UUID(as_uuid=False), reference, **options)


scores_churn = Table(
    "scores_churn",
    metadata,
    Column("client_id", Integer, primary_key=True),
    Column("as_of", Date, primary_key=True),
    Column("score", Double, nullable=False, comment="probability of cancelling within 3 months, 0-1"),
    Column("risque_churn", Text, nullable=False, comment="Faible, Moyen or Eleve"),
    Column("cause_1", Text),
    Column("cause_2", Text),
    Column("cause_3", Text),
    Column("action_suggeree", Text),
    Column("modele_version", Text, nullable=False),
    Column("run_id", Text, nullable=False, comment="MLflow run that trained the model"),
    Column("scored_at", _INSTANT, nullable=False),
    schema=Schema.ML,
)

plans = Table(
    "plans",
    metadata,
    Column("plan_id", UUID(as_uuid=False), primary_key=True),
    Column("semaine_debut", Date, nullable=False, comment="Monday of the planned week, or the day of a tour"),
    Column("nature", Text, nullable=False, comment="semaine, tournee or replanification"),
    Column("statut", Text, nullable=False, comment="Propose, Publie or Remplace"),
    Column("objectif", Double, nullable=False),
    Column("borne_inf", Double, comment="valid lower bound of the objective, same unit"),
    Column("ecart_pct", Double, comment="100 x (objectif - borne_inf) / objectif"),
    Column("km_total", Double, nullable=False),
    Column("cree_at", _INSTANT, nullable=False),
    Column("graine", Integer, nullable=False),
    Column("empreinte_entrees", Text, nullable=False, comment="hash of the problem solved"),
    schema=Schema.PLANNING,
)

visites = Table(
    "visites",
    metadata,
    _plan_key(primary_key=True),
    Column("intervention_id", Integer, primary_key=True),
    Column("technicien_id", Integer, primary_key=True),
    Column("jour", Date, nullable=False),
    Column("ordre", Integer, nullable=False, comment="1 = first visit of the day"),
    Column("arrivee_at", _INSTANT, nullable=False),
    Column("debut_at", _INSTANT, nullable=False),
    Column("fin_at", _INSTANT, nullable=False),
    Column("trajet_km", Double, nullable=False, comment="from the previous stop"),
    Column("trajet_min", Double, nullable=False),
    schema=Schema.PLANNING,
)

journees = Table(
    "journees",
    metadata,
    _plan_key(primary_key=True),
    Column("technicien_id", Integer, primary_key=True),
    Column("jour", Date, primary_key=True),
    Column("nb_visites", Integer, nullable=False),
    Column("km", Double, nullable=False, comment="the whole tour, home to home"),
    Column("travail_min", Double, nullable=False, comment="travel, waiting and visits, lunch excluded"),
    Column("depart_at", _INSTANT, nullable=False),
    Column("retour_at", _INSTANT, nullable=False),
    Column("pause_debut_at", _INSTANT, comment="start of the lunch break"),
    schema=Schema.PLANNING,
)

non_planifiees = Table(
    "non_planifiees",
    metadata,
    _plan_key(primary_key=True),
    Column("intervention_id", Integer, primary_key=True),
    Column("raison", Text, nullable=False),
    Column("remede", Text, comment="smallest change proved to place it, or 'non prouve'"),
    schema=Schema.PLANNING,
)

replanifications = Table(
    "replanifications",
    metadata,
    _plan_key(primary_key=True),
    Column("plan_remplace_id", UUID(as_uuid=False), nullable=False, comment="plan in force that it changes"),
    Column("moment_at", _INSTANT, nullable=False, comment="what lies before it was frozen"),
    Column("evenements", Text, nullable=False, comment="what happened, in French"),
    Column("changements", Integer, nullable=False, comment="visits changed by choice"),
    Column("changements_forces", Integer, nullable=False, comment="visits that nothing could keep"),
    schema=Schema.PLANNING,
)

courbe_replanification = Table(
    "courbe_replanification",
    metadata,
    _plan_key(primary_key=True),
    Column("changements", Integer, primary_key=True, comment="visits changed by choice"),
    Column("km", Double, nullable=False),
    Column("objectif", Double, nullable=False),
    Column("nb_non_planifiees", Integer, nullable=False),
    Column("recommande", Boolean, nullable=False, comment="the point that was written as the plan"),
    schema=Schema.PLANNING,
)

changements_replanification = Table(
    "changements_replanification",
    metadata,
    _plan_key(primary_key=True),
    Column("intervention_id", Integer, primary_key=True),
    Column("technicien_avant_id", Integer, nullable=False),
    Column("debut_avant_at", _INSTANT, nullable=False),
    Column("technicien_apres_id", Integer, comment="null: no longer planned"),
    Column("debut_apres_at", _INSTANT),
    Column("nature", Text, nullable=False, comment="force, choisi or horaire (only the hour, over 30 min)"),
    schema=Schema.PLANNING,
)

comparaison_tournees = Table(
    "comparaison_tournees",
    metadata,
    Column("technicien_id", Integer, primary_key=True),
    Column("jour", Date, primary_key=True),
    Column("nb_visites", Integer, nullable=False),
    Column("km_reel", Double, comment="odometer of the app"),
    Column("km_reel_modele", Double, nullable=False, comment="driven order, on the planner's distances"),
    Column("km_optimise", Double, nullable=False, comment="best order, on the same distances"),
    Column("reduction_pct", Double, nullable=False),
    schema=Schema.PLANNING,
)

zones_proposees = Table(
    "zones_proposees",
    metadata,
    Column("client_id", Integer, primary_key=True),
    Column(
        "zone_proposee", Integer, nullable=False, comment="under the id of the declared zone it resembles"
    ),
    Column("zone_declaree", Integer, comment="the ERP's, never changed"),
    Column("technicien_id", Integer, nullable=False, comment="whom the proposal would send"),
    Column("distance_centre_km", Double, nullable=False, comment="great circle, to the proposed centre"),
    Column("plus_proche_ailleurs", Boolean, nullable=False, comment="another zone's centre is nearer"),
    schema=Schema.PLANNING,
)

zonages = Table(
    "zonages",
    metadata,
    Column(
        "zonage",
        Text,
        primary_key=True,
        comment="declarees, declarees_reattribuees, proposees, proposees_<n>",
    ),
    Column("retenu", Boolean, nullable=False, comment="the one that zones_proposees holds"),
    Column("nb_zones", Integer, nullable=False),
    Column("km_an", Double, nullable=False, comment="estimated on real weeks, the same way for every row"),
    Column("km_an_bas", Double, nullable=False, comment="95 % interval over the weeks"),
    Column("km_an_haut", Double, nullable=False),
    Column("ecart_km_an", Double, comment="km a year against the first row compared; null for that row"),
    Column("ecart_bas", Double, comment="95 % interval of the difference, weeks in pairs"),
    Column("ecart_haut", Double),
    Column("decoupage_km_an", Double, comment="km a year against the declared zones manned the same way"),
    Column("decoupage_bas", Double, comment="95 % interval, weeks in pairs"),
    Column("decoupage_haut", Double),
    Column("desequilibre_pct", Double, nullable=False, comment="zone farthest from the mean work"),
    Column("technicien_le_plus_charge_pct", Double, nullable=False, comment="work above the mean"),
    Column("etalement_km", Double, nullable=False, comment="mean distance from the work to its centre"),
    Column("plus_proche_ailleurs_pct", Double, nullable=False, comment="clients nearer another centre"),
    Column("clients_deplaces_pct", Double, nullable=False, comment="clients whose zone would change"),
    Column("tournees_semaine", Double, nullable=False, comment="technician-days a week"),
    Column("semaines", Integer, nullable=False, comment="weeks measured on"),
    Column("graine", Integer, nullable=False),
    Column("calcule_at", _INSTANT, nullable=False),
    schema=Schema.PLANNING,
)

zonage_zones = Table(
    "zonage_zones",
    metadata,
    Column("zonage", Text, primary_key=True),
    Column("zone", Integer, primary_key=True),
    Column("nb_clients", Integer, nullable=False),
    Column("heures_an", Double, nullable=False, comment="hours of work on site a year"),
    Column("latitude_centre", Double, nullable=False),
    Column("longitude_centre", Double, nullable=False),
    schema=Schema.PLANNING,
)

drapeaux = Table(
    "drapeaux",
    metadata,
    Column("nom", Text, primary_key=True, comment="automatic action this flag governs"),
    Column("actif", Boolean, nullable=False),
    Column("limite_jour", Integer, nullable=False, comment="how many times a day it may act alone"),
    Column("description", Text, nullable=False),
    schema=Schema.OPS,
)

journal_actions = Table(
    "journal_actions",
    metadata,
    Column("action_id", UUID(as_uuid=False), primary_key=True),
    Column("action", Text, nullable=False),
    Column("sujet", Text, nullable=False),
    Column("decision", Text, nullable=False, comment="execute or refuse"),
    Column("raison", Text, nullable=False),
    Column("empreinte_entrees", Text, nullable=False, comment="hash of what the decision was taken on"),
    Column("jour_metier", Date, nullable=False, comment="business date, to which daily limits apply"),
    Column("fait_at", _INSTANT, nullable=False),
    Column("fait_par", Text, nullable=False),
    schema=Schema.OPS,
)
