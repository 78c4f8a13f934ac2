"""Weeks made again: their curve and what they change.

Revision: 0003, after: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SCHEMA = "planning"


def _of_a_plan(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_plan_id")
    return sa.ForeignKeyConstraint(["plan_id"], ["planning.plans.plan_id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "replanifications",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column(
            "plan_remplace_id",
            sa.UUID(as_uuid=False),
            nullable=False,
            comment="plan in force that it changes",
        ),
        sa.Column(
            "moment_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="what lies before it was frozen",
        ),
        sa.Column("evenements", sa.Text(), nullable=False, comment="what happened, in French"),
        sa.Column("changements", sa.Integer(), nullable=False, comment="visits changed by choice"),
        sa.Column(
            "changements_forces", sa.Integer(), nullable=False, comment="visits that nothing could keep"
        ),
        _of_a_plan("replanifications"),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_replanifications")),
        schema=_SCHEMA,
    )
    op.create_table(
        "courbe_replanification",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("changements", sa.Integer(), nullable=False, comment="visits changed by choice"),
        sa.Column("km", sa.Double(), nullable=False),
        sa.Column("objectif", sa.Double(), nullable=False),
        sa.Column("nb_non_planifiees", sa.Integer(), nullable=False),
        sa.Column(
            "recommande", sa.Boolean(), nullable=False, comment="the point that was written as the plan"
        ),
        _of_a_plan("courbe_replanification"),
        sa.PrimaryKeyConstraint("plan_id", "changements", name=op.f("pk_courbe_replanification")),
        schema=_SCHEMA,
    )
    op.create_table(
        "changements_replanification",
        sa.Column("plan_id", sa.UUID(as_uuid=False), nullable=False),
        sa.Column("intervention_id", sa.Integer(), nullable=False),
        sa.Column("technicien_avant_id", sa.Integer(), nullable=False),
        sa.Column("debut_avant_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("technicien_apres_id", sa.Integer(), nullable=True, comment="null: no longer planned"),
        sa.Column("debut_apres_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "nature",
            sa.Text(),
            nullable=False,
            comment="force, choisi or horaire (only the hour, over 30 min)",
        ),
        _of_a_plan("changements_replanification"),
        sa.PrimaryKeyConstraint("plan_id", "intervention_id", name=op.f("pk_changements_replanification")),
        schema=_SCHEMA,
    )
    op.alter_column(
        "plans",
        "nature",
        schema=_SCHEMA,
        existing_type=sa.Text(),
        existing_nullable=False,
        existing_comment="semaine or tournee",
        comment="semaine, tournee or replanification",
    )


def downgrade() -> None:
    op.alter_column(
        "plans",
        "nature",
        schema=_SCHEMA,
        existing_type=sa.Text(),
        existing_nullable=False,
        existing_comment="semaine, tournee or replanification",
        comment="semaine or tournee",
    )
    op.drop_table("changements_replanification", schema=_SCHEMA)
    op.drop_table("courbe_replanification", schema=_SCHEMA)
    op.drop_table("replanifications", schema=_SCHEMA)
