"""First flags of the gate: promoting a model, publishing a plan.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FLAGS = [
    {
        "nom": "promouvoir_modele",
        "actif": True,
        "limite_jour": 3,
        "description": "Un modèle meilleur que le titulaire, au-delà du bruit, le remplace",
    },
    {
        "nom": "publier_plan",
        "actif": True,
        "limite_jour": 5,
        "description": "Le planning vérifié de la semaine suivante devient le planning publié",
    },
]


def upgrade() -> None:
    flags = sa.table(
        "drapeaux",
        sa.column("nom", sa.Text),
        sa.column("actif", sa.Boolean),
        sa.column("limite_jour", sa.Integer),
        sa.column("description", sa.Text),
        schema="ops",
    )
    op.bulk_insert(flags, _FLAGS)


def downgrade() -> None:
    names = ", ".join(f"'{flag['nom']}'" for flag in _FLAGS)
    op.execute(f"delete from ops.drapeaux where nom in ({names})")
