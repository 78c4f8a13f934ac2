"""Dagster's view of the house: whole lineage, thin assets, schedules in Paris."""

import ast
import json
from pathlib import Path

import dagster as dg
import pytest

pytestmark = pytest.mark.house

ROOT = Path(__file__).resolve().parents[3]
LONGEST_ASSET = 25


@pytest.fixture(scope="module")
def defs(running_house) -> dg.Definitions:
    from orchestration.definitions import defs

    return defs


@pytest.fixture(scope="module")
def manifest(defs) -> dict:
    from orchestration.assets.dbt import MANIFEST

    return json.loads(MANIFEST.read_text())


def test_every_dbt_source_has_a_producing_asset(defs, manifest) -> None:
    produced = {k for assets in defs.assets if isinstance(assets, dg.AssetsDefinition) for k in assets.keys}
    sources = {dg.AssetKey([s["source_name"], s["name"]]) for s in manifest["sources"].values()}
    assert sources - produced == set()
    assert all(s["source_name"] == s["schema"] for s in manifest["sources"].values())


def test_one_lineage_from_source_to_dashboard(defs) -> None:
    graph = defs.resolve_asset_graph()
    start = dg.AssetKey(["landing", "app_evenements"])
    reached = dg.AssetSelection.keys(start).downstream().resolve(graph)
    assert dg.AssetKey(["ml", "scores_churn"]) in reached
    assert dg.AssetKey(["planning", "visites"]) in reached
    assert {dg.AssetKey(["superset", slug]) for slug in ("direction", "planning")} <= reached


def test_assets_are_thin() -> None:
    for path in sorted((ROOT / "orchestration" / "assets").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno - node.lineno < LONGEST_ASSET, f"{path.name}:{node.name} is not thin"


def test_schedules_stand_in_paris(defs) -> None:
    schedules = {s.name: s for s in defs.schedules}
    assert {s.execution_timezone for s in schedules.values()} == {"Europe/Paris"}
    assert schedules["planning_schedule"].cron_schedule.endswith("5")


def test_models_share_one_pool() -> None:
    from orchestration.assets.dbt import warehouse_models

    assert warehouse_models.op.pool == "warehouse"
