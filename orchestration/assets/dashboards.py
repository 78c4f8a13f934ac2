"""The end of the lineage: which marts each dashboard reads. Superset itself draws them."""

import dagster as dg

from core.vocabulary import Schema
from orchestration.keys import key
from services.dashboards.lineage import marts_by_dashboard

DASHBOARDS = [
    dg.AssetSpec(
        ["superset", slug],
        deps=[key(Schema.MARTS, mart) for mart in marts],
        group_name="dashboards",
        description=f"Superset dashboard {slug}.",
        kinds={"superset"},
    )
    for slug, marts in marts_by_dashboard().items()
]
