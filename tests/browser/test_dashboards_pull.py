"""Pull from a running Superset: nothing when nothing changed, one file when one chart did."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from services.dashboards.assets import SUPERSET, load_yaml, uuid_of
from services.dashboards.pull import pull
from services.dashboards.superset_api import SupersetApi
from tests.browser.conftest import Dashboards

pytestmark = pytest.mark.browser

SLUG = "direction-contrats-actifs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the dashboards' files."""
    return Path(shutil.copytree(SUPERSET / "assets", tmp_path / "assets"))


def test_unchanged_superset_changes_no_file(dashboards: Dashboards, folder: Path) -> None:
    assert pull(dashboards.url, dashboards.passwords["admin"], folder) == []


def test_change_made_in_the_pages_comes_back(dashboards: Dashboards, folder: Path) -> None:
    admin = SupersetApi(dashboards.url, "admin", dashboards.passwords["admin"])
    address = f"/api/v1/chart/{uuid_of('charts', SLUG)}"
    chart = admin.request("GET", address).json()["result"]
    renamed = admin.request("PUT", f"/api/v1/chart/{chart['id']}", json={"slice_name": "Contrats en cours"})
    assert renamed.status_code == 200, renamed.text
    try:
        changed = pull(dashboards.url, dashboards.passwords["admin"], folder)
        assert [path.name for path in changed] == [f"{SLUG}.yaml"]
        assert load_yaml(changed[0])["slice_name"] == "Contrats en cours"
    finally:
        admin.request("PUT", f"/api/v1/chart/{chart['id']}", json={"slice_name": chart["slice_name"]})
