"""Each role reaches its own dashboards through Superset's API, and nothing else."""

from __future__ import annotations

from functools import cache

import httpx
import pytest

from services.dashboards.superset_api import SupersetApi
from tests.browser.conftest import Dashboards

pytestmark = pytest.mark.browser

OWN = {"direction": ("direction", "planning"), "planification": ("planning", "direction")}
REFUSED = {401, 403, 404}


_session = cache(SupersetApi)


def _as(dashboards: Dashboards, account: str) -> SupersetApi:
    """One session an account: logging in is what Superset limits by the minute."""
    return _session(dashboards.url, account, dashboards.passwords[account])


def _charts(api: SupersetApi, slug: str) -> tuple[int, list[dict]]:
    """Number of a dashboard and its charts' parameters, as the administrator sees them."""
    dashboard = api.request("GET", f"/api/v1/dashboard/{slug}").json()["result"]
    charts = api.request("GET", f"/api/v1/dashboard/{slug}/charts").json()["result"]
    return dashboard["id"], [chart["form_data"] for chart in charts]


def _query(dataset: int, *, dashboard: int, chart: int) -> dict:
    """What the page sends for a chart, counting the rows of a dataset."""
    count = {"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": "n"}
    return {
        "datasource": {"id": dataset, "type": "table"},
        "queries": [{"metrics": [count], "columns": [], "filters": [], "row_limit": 10}],
        "form_data": {"dashboardId": dashboard, "slice_id": chart, "datasource": f"{dataset}__table"},
        "result_format": "json",
        "result_type": "full",
    }


def _dataset(form_data: dict) -> int:
    return int(form_data["datasource"].split("__")[0])


@pytest.mark.parametrize("account", OWN)
def test_own_dashboard_only(dashboards: Dashboards, account: str) -> None:
    own, other = OWN[account]
    api = _as(dashboards, account)
    listed = api.request("GET", "/api/v1/dashboard/").json()["result"]
    assert [dashboard["slug"] for dashboard in listed] == [own]
    assert api.request("GET", f"/api/v1/dashboard/{own}").status_code == 200
    for path in ("", "/charts", "/datasets"):
        assert api.request("GET", f"/api/v1/dashboard/{other}{path}").status_code in REFUSED


@pytest.mark.parametrize("account", OWN)
def test_own_data_only(dashboards: Dashboards, account: str) -> None:
    """His charts answer; another dashboard's dataset does not, even named from his own dashboard's chart."""
    own, other = OWN[account]
    admin, api = _as(dashboards, "admin"), _as(dashboards, account)
    own_id, own_charts = _charts(admin, own)
    other_id, other_charts = _charts(admin, other)
    mine = own_charts[0]
    allowed = _query(_dataset(mine), dashboard=own_id, chart=mine["slice_id"])
    assert api.request("POST", "/api/v1/chart/data", json=allowed).status_code == 200
    datasets = {_dataset(chart): chart["slice_id"] for chart in other_charts}
    for dataset in set(datasets) - {_dataset(chart) for chart in own_charts}:
        for dashboard, chart in (
            (other_id, datasets[dataset]),
            (own_id, mine["slice_id"]),
            (own_id, datasets[dataset]),
        ):
            asked = _query(dataset, dashboard=dashboard, chart=chart)
            answer = api.request("POST", "/api/v1/chart/data", json=asked)
            assert answer.status_code in REFUSED, (dataset, dashboard, chart, answer.text[:200])


@pytest.mark.parametrize("account", OWN)
def test_other_datasets_are_closed(dashboards: Dashboards, account: str) -> None:
    """Neither their description nor the values of their columns."""
    own, other = OWN[account]
    admin, api = _as(dashboards, "admin"), _as(dashboards, account)
    mine = {_dataset(chart) for chart in _charts(admin, own)[1]}
    for dataset in {_dataset(chart) for chart in _charts(admin, other)[1]} - mine:
        assert api.request("GET", f"/api/v1/dataset/{dataset}").status_code in REFUSED
        values = f"/api/v1/datasource/table/{dataset}/column/zone/values/"
        assert api.request("GET", values).status_code in REFUSED


@pytest.mark.parametrize("account", OWN)
def test_no_sql_and_no_administration(dashboards: Dashboards, account: str) -> None:
    api = _as(dashboards, account)
    statement = {"database_id": 1, "sql": "select 1", "runAsync": False}
    assert api.request("POST", "/api/v1/sqllab/execute/", json=statement).status_code in REFUSED
    for path in (
        "/api/v1/database/",
        "/api/v1/security/users/",
        "/api/v1/rowlevelsecurity/",
        "/api/v1/query/",
    ):
        assert api.request("GET", path).status_code in REFUSED, path
    for path in ("/api/v1/assets/export/", "/api/v1/dashboard/export/?q=!(1)"):
        assert api.request("GET", path).status_code in REFUSED, path
    for path in ("/api/v1/dataset/", "/api/v1/chart/", "/api/v1/dashboard/"):
        assert api.request("POST", path, json={}).status_code in REFUSED, path


def test_strangers_see_nothing(dashboards: Dashboards) -> None:
    with httpx.Client(base_url=dashboards.url) as stranger:
        assert stranger.get("/api/v1/dashboard/direction").status_code in REFUSED
        assert (
            stranger.get("/api/v1/dashboard/").status_code in REFUSED
            or not stranger.get("/api/v1/dashboard/").json()["result"]
        )
        page = stranger.get("/superset/dashboard/direction/")
        assert page.status_code in {302, 401, 403, 404}
