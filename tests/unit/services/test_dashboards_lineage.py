"""The lineage's last step: every dashboard is fed by marts that have a contract."""

from __future__ import annotations

from services.dashboards.check import mart_columns
from services.dashboards.lineage import marts_by_dashboard


def test_each_dashboard_names_its_marts() -> None:
    marts = marts_by_dashboard()
    assert set(marts) == {"direction", "planning"}
    assert "kpi_ca_mensuel" in marts["direction"]
    assert "kpi_charge_techniciens" in marts["planning"]
    assert set().union(*marts.values()) <= set(mart_columns())
