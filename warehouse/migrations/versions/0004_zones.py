"""Zones proposed beside the declared ones; a visit of a plan may have two technicians.

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zones_proposees",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column(
            "zone_proposee",
            sa.Integer(),
            nullable=False,
            comment="under the id of the declared zone it resembles",
        ),
        sa.Column("zone_declaree", sa.Integer(), nullable=True, comment="the ERP's, never changed"),
        sa.Column("technicien_id", sa.Integer(), nullable=False, comment="whom the proposal would send"),
        sa.Column(
            "distance_centre_km", sa.Double(), nullable=False, comment="great circle, to the proposed centre"
        ),
        sa.Column(
            "plus_proche_ailleurs", sa.Boolean(), nullable=False, comment="another zone's centre is nearer"
        ),
        sa.PrimaryKeyConstraint("client_id", name=op.f("pk_zones_proposees")),
        schema="planning",
    )
    op.create_table(
        "zonages",
        sa.Column(
            "zonage",
            sa.Text(),
            nullable=False,
            comment="declarees, declarees_reattribuees, proposees, proposees_<n>",
        ),
        sa.Column("retenu", sa.Boolean(), nullable=False, comment="the one that zones_proposees holds"),
        sa.Column("nb_zones", sa.Integer(), nullable=False),
        sa.Column(
            "km_an",
            sa.Double(),
            nullable=False,
            comment="estimated on real weeks, the same way for every row",
        ),
        sa.Column("km_an_bas", sa.Double(), nullable=False, comment="95 % interval over the weeks"),
        sa.Column("km_an_haut", sa.Double(), nullable=False),
        sa.Column(
            "ecart_km_an",
            sa.Double(),
            nullable=True,
            comment="km a year against the first row compared; null for that row",
        ),
        sa.Column(
            "ecart_bas", sa.Double(), nullable=True, comment="95 % interval of the difference, weeks in pairs"
        ),
        sa.Column("ecart_haut", sa.Double(), nullable=True),
        sa.Column(
            "decoupage_km_an",
            sa.Double(),
            nullable=True,
            comment="km a year against the declared zones manned the same way",
        ),
        sa.Column("decoupage_bas", sa.Double(), nullable=True, comment="95 % interval, weeks in pairs"),
        sa.Column("decoupage_haut", sa.Double(), nullable=True),
        sa.Column(
            "desequilibre_pct", sa.Double(), nullable=False, comment="zone farthest from the mean work"
        ),
        sa.Column(
            "technicien_le_plus_charge_pct", sa.Double(), nullable=False, comment="work above the mean"
        ),
        sa.Column(
            "etalement_km", sa.Double(), nullable=False, comment="mean distance from the work to its centre"
        ),
        sa.Column(
            "plus_proche_ailleurs_pct", sa.Double(), nullable=False, comment="clients nearer another centre"
        ),
        sa.Column(
            "clients_deplaces_pct", sa.Double(), nullable=False, comment="clients whose zone would change"
        ),
        sa.Column("tournees_semaine", sa.Double(), nullable=False, comment="technician-days a week"),
        sa.Column("semaines", sa.Integer(), nullable=False, comment="weeks measured on"),
        sa.Column("graine", sa.Integer(), nullable=False),
        sa.Column("calcule_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("zonage", name=op.f("pk_zonages")),
        schema="planning",
    )
    op.create_table(
        "zonage_zones",
        sa.Column("zonage", sa.Text(), nullable=False),
        sa.Column("zone", sa.Integer(), nullable=False),
        sa.Column("nb_clients", sa.Integer(), nullable=False),
        sa.Column("heures_an", sa.Double(), nullable=False, comment="hours of work on site a year"),
        sa.Column("latitude_centre", sa.Double(), nullable=False),
        sa.Column("longitude_centre", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("zonage", "zone", name=op.f("pk_zonage_zones")),
        schema="planning",
    )
    _key_of_visits("plan_id", "intervention_id", "technicien_id")


def downgrade() -> None:
    _key_of_visits("plan_id", "intervention_id")
    op.drop_table("zonage_zones", schema="planning")
    op.drop_table("zonages", schema="planning")
    op.drop_table("zones_proposees", schema="planning")


def _key_of_visits(*columns: str) -> None:
    op.drop_constraint("pk_visites", "visites", schema="planning")
    op.create_primary_key("pk_visites", "visites", list(columns), schema="planning")
