"""A failed blocking check stops the Python assets behind it."""

import dagster as dg
import pytest
import sqlalchemy as sa

from warehouse.connection import pipeline_engine

pytestmark = pytest.mark.house

_LOST = "insert into landing.erp_zones (zone_id, nom_zone, updated_at, _source, _lot, _charge_at, _supprime)"


@pytest.fixture
def a_row_without_its_key(running_house):
    """Plant a row that no ERP can hold and that staging's blocking tests must not let through."""
    engine = pipeline_engine()
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"{_LOST} values (null, 'perdue', now(), 'test', 'test-sans-cle', now(), false)")
        )
    yield
    with engine.begin() as connection:
        connection.execute(sa.text("delete from landing.erp_zones where _lot = 'test-sans-cle'"))


def test_scores_are_not_computed_behind_a_failed_check(a_row_without_its_key) -> None:
    from orchestration.definitions import defs

    watched = dg.AssetSelection.keys(["marts", "feat_churn"]).upstream() & dg.AssetSelection.groups(
        "staging", "quarantine", "intermediate", "marts"
    )
    job = dg.define_asset_job("attempt", watched | dg.AssetSelection.keys(["ml", "scores_churn"]))
    resolved = dg.Definitions(
        assets=defs.assets, jobs=[job], resources=defs.resources, executor=dg.in_process_executor
    ).resolve_job_def("attempt")
    result = resolved.execute_in_process(raise_on_error=False)
    assert not result.success
    failed = {e.check_name for e in result.get_asset_check_evaluations() if not e.passed}
    assert "not_null_stg_erp__zones_zone_id" in failed
    scored = {
        event.asset_key.to_user_string()
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    assert "ml/scores_churn" not in scored
