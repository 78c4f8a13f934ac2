"""scores plans gate

Revision: 0001, after:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scores_churn",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "score", sa.Double(), nullable=False, comment="probability of cancelling within 3 months, 0-1"
        ),
        sa.Column("risque_churn", sa.Text(), nullable=False, comment="Faible, Moyen or Eleve"),
        sa.Column("cause_1", sa.Text(), nullable=True),
        sa.Column("cause_2", sa.Text(), nullable=True),
        sa.Column("cause_3", sa.Text(), nullable=True),
        sa.Column("action_suggeree", sa.Text(), nullable=True),
        sa.Column("modele_version", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False, comment="MLflow run that trained the model"),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "as_of", name=op.f("pk_scores_churn")),
        schema="ml",
    )
    op.create_table(
        "drapeaux",
        sa.Column("nom", sa.Text(), nullable=False, comment="automatic action this flag governs"),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column(
            "limite_jour", sa.Integer(), nullable=False, comment="how many times a day it may act alone"
        ),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("nom", name=op.f("pk_drapeaux")),
        schema="ops",
    )
    op.create_table(
        "journal_actions",
        sa.Column("action_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("sujet", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False, comment="execute or refuse"),
        sa.Column("raison", sa.Text(), nullable=False),
        sa.Column(
            "empreinte_entrees", sa.Text(), nullable=False, comment="hash of what the decision was taken on"
        ),
        sa.Column(
            "jour_metier", sa.Date(), nullable=False, comment="business date, to which daily limits apply"
        ),
        sa.Column("fait_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fait_par", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_journal_actions")),
        schema="ops",
    )
    op.create_table(
        "comparaison_tournees",
        sa.Column("technicien_id", sa.Integer(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("nb_visites", sa.Integer(), nullable=False),
        sa.Column("km_reel", sa.Double(), nullable=True, comment="odometer of the app"),
        sa.Column(
            "km_reel_modele", sa.Double(), nullable=False, comment="driven order, on the planner's distances"
        ),
        sa.Column("km_optimise", sa.Double(), nullable=False, comment="best order, on the same distances"),
        sa.Column("reduction_pct", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("technicien_id", "jour", name=op.f("pk_comparaison_tournees")),
        schema="planning",
    )
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column(
            "semaine_debut",
            sa.Date(),
            nullable=False,
            comment="Monday of the planned week, or the day of a tour",
        ),
        sa.Column("nature", sa.Text(), nullable=False, comment="semaine or tournee"),
        sa.Column("statut", sa.Text(), nullable=False, comment="Propose, Publie or Remplace"),
        sa.Column("objectif", sa.Double(), nullable=False),
        sa.Column(
            "borne_inf", sa.Double(), nullable=True, comment="valid lower bound of the objective, same unit"
        ),
        sa.Column("ecart_pct", sa.Double(), nullable=True, comment="100 x (objectif - borne_inf) / objectif"),
        sa.Column("km_total", sa.Double(), nullable=False),
        sa.Column("cree_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graine", sa.Integer(), nullable=False),
        sa.Column("empreinte_entrees", sa.Text(), nullable=False, comment="hash of the problem solved"),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plans")),
        schema="planning",
    )
    op.create_table(
        "journees",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("technicien_id", sa.Integer(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("nb_visites", sa.Integer(), nullable=False),
        sa.Column("km", sa.Double(), nullable=False, comment="the whole tour, home to home"),
        sa.Column(
            "travail_min", sa.Double(), nullable=False, comment="travel, waiting and visits, lunch excluded"
        ),
        sa.Column("depart_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "pause_debut_at", sa.DateTime(timezone=True), nullable=True, comment="start of the lunch break"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["planning.plans.plan_id"], name=op.f("fk_journees_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "technicien_id", "jour", name=op.f("pk_journees")),
        schema="planning",
    )
    op.create_table(
        "non_planifiees",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("raison", sa.Text(), nullable=False),
        sa.Column(
            "remede", sa.Text(), nullable=True, comment="smallest change proved to place it, or 'non prouve'"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["planning.plans.plan_id"],
            name=op.f("fk_non_planifiees_plan_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("plan_id", "intervention_id", name=op.f("pk_non_planifiees")),
        schema="planning",
    )
    op.create_table(
        "visites",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("technicien_id", sa.Integer(), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("ordre", sa.Integer(), nullable=False, comment="1 = first visit of the day"),
        sa.Column("arrivee_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("debut_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fin_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trajet_km", sa.Double(), nullable=False, comment="from the previous stop"),
        sa.Column("trajet_min", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["planning.plans.plan_id"], name=op.f("fk_visites_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "intervention_id", name=op.f("pk_visites")),
        schema="planning",
    )


def downgrade() -> None:
    op.drop_table("visites", schema="planning")
    op.drop_table("non_planifiees", schema="planning")
    op.drop_table("journees", schema="planning")
    op.drop_table("plans", schema="planning")
    op.drop_table("comparaison_tournees", schema="planning")
    op.drop_table("journal_actions", schema="ops")
    op.drop_table("drapeaux", schema="ops")
    op.drop_table("scores_churn", schema="ml")
