"""Which marts each dashboard reads: the last step of the lineage from source to dashboard."""

from __future__ import annotations

from pathlib import Path

from services.dashboards.assets import SUPERSET, read


def marts_by_dashboard(folder: Path = SUPERSET / "assets") -> dict[str, list[str]]:
    """Dashboard slug -> names of the marts behind its charts, sorted."""
    assets = read(folder)
    tables = {dataset["uuid"]: dataset["table_name"] for dataset in assets.objects["datasets"].values()}
    chart_tables = {
        chart["uuid"]: tables[chart["dataset_uuid"]] for chart in assets.objects["charts"].values()
    }
    return {
        slug: sorted(
            {
                chart_tables[node["meta"]["uuid"]]
                for node in dashboard["position"].values()
                if isinstance(node, dict) and node["type"] == "CHART"
            }
        )
        for slug, dashboard in assets.objects["dashboards"].items()
    }
