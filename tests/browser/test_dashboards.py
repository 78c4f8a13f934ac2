"""Each role opens its dashboard in a real browser: every chart shows data, and the figures are the ERP's."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from core.settings import PROJECT_ROOT
from services.dashboards.assets import read
from tests.browser.conftest import Dashboards
from tests.browser.superset_page import Visit, french_number

pytestmark = pytest.mark.browser

ACCOUNT_OF = {"direction": "direction", "planning": "planification"}
IMAGES = PROJECT_ROOT / "docs" / "images"


@pytest.mark.parametrize("slug", ACCOUNT_OF)
def test_dashboard_is_complete(slug: str, visit: Callable[[str], Visit]) -> None:
    """No HTTP error, no console error, no request to another machine, no chart without data."""
    session = visit(ACCOUNT_OF[slug])
    session.open(slug)
    layout = read().objects["dashboards"][slug]["position"].values()
    expected = {
        node["meta"]["sliceName"]
        for node in layout
        if isinstance(node, dict) and "sliceName" in node.get("meta", {})
    }
    assert set(session.charts()) == expected
    assert session.empty_charts() == []
    assert session.queries_without_rows() == 0
    assert session.problems == []
    if os.environ.get("FIELDHOUSE_SCREENSHOTS"):
        IMAGES.mkdir(parents=True, exist_ok=True)
        session.screenshot(IMAGES / f"dashboard-{slug}.png")


def test_zone_filter_narrows_the_figures(visit: Callable[[str], Visit]) -> None:
    session = visit("direction")
    session.open("direction")
    whole = {title: session.number(title) for title in ("CA SAV du dernier mois", "Contrats actifs")}
    session.filter("Zone", "Seynod")
    assert all(session.number(title) < number for title, number in whole.items())
    assert session.number("Contrats actifs") > 0
    assert session.problems == []


def test_direction_figures_are_the_erps(visit: Callable[[str], Visit], dashboards: Dashboards) -> None:
    session = visit("direction")
    session.open("direction")
    contracts = _table(dashboards, "contrats", ["date_debut", "date_fin", "date_resiliation"])
    today = pd.Timestamp(dashboards.today)
    active = contracts[
        (contracts.date_debut <= today)
        & (contracts.date_fin >= today)
        & (contracts.date_resiliation.isna() | (contracts.date_resiliation > today))
    ]
    assert session.number("Contrats actifs") == len(active)

    invoices = _table(dashboards, "factures", ["date_facture"])
    month = (pd.Timestamp(dashboards.today + timedelta(days=1)) - pd.DateOffset(months=1)).to_period("M")
    # Negative totals are spoilt rows: the warehouse keeps them in quarantine.
    counted = invoices[
        (invoices.date_facture.dt.to_period("M") == month)
        & (invoices.statut != "Annulee")
        & (invoices.montant_total_eur >= 0)
    ]
    assert session.number("CA SAV du dernier mois") == round(float(counted.montant_total_eur.sum()))


def test_planning_figure_is_the_erps(visit: Callable[[str], Visit], dashboards: Dashboards) -> None:
    session = visit("planification")
    session.open("planning")
    visits = _table(dashboards, "interventions", [])
    waiting = visits[visits.statut == "A planifier"]
    assert session.number("À planifier") == len(waiting)
    assert session.number("Dont urgentes") == (waiting.urgence == "Urgente").sum()


def _table(dashboards: Dashboards, name: str, dates: list[str]) -> pd.DataFrame:
    engine = sa.create_engine(dashboards.erp_url)
    try:
        return pd.read_sql_table(name, engine, schema="public", parse_dates=dates)
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("140\u202f109\u00a0€", 140_109),
        ("90,3\u202f%", 0.903),
        ("-2", -2),
        ("−11,2 %", -0.112),
        ("1\u202f234,5", 1234.5),
    ],
)
def test_french_numbers_are_read(text: str, value: float) -> None:
    assert french_number(text) == pytest.approx(value)
