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
    Column("nature", Text, nullable=False, comment="semaine or tournee"),
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
    Column("technicien_id", Integer, nullable=False),
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
