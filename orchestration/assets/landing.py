"""Landing: one asset a source table or feed. A source that is down fails alone."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from core.clock import wall_clock
from core.vocabulary import Schema
from orchestration.keys import key
from orchestration.resources import RETRY, WAREHOUSE_POOL, House
from warehouse.sources.catalogue import ERP_TABLES, FEEDS
from warehouse.sources.landing_tables import LoadSummary

_FRESH = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=36), warn_window=timedelta(hours=26))


def _spec(table: str, description: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key(Schema.LANDING, table),
        group_name="landing",
        description=description,
        kinds={"postgres"},
        freshness_policy=_FRESH,
    )


@dg.multi_asset(
    name="erp_landing",
    specs=[_spec(t.landed, f"Table {t.name} of the ERP, as it came.") for t in ERP_TABLES.values()],
    can_subset=True,
    retry_policy=RETRY,
    pool=WAREHOUSE_POOL,
)
def erp_landing(context: dg.AssetExecutionContext, house: House) -> Iterator[dg.MaterializeResult]:
    """Rows of the ERP that changed or went since the last load."""
    from warehouse.sources.erp import load_erp

    selected = [
        t.name for t in ERP_TABLES.values() if key(Schema.LANDING, t.landed) in context.selected_asset_keys
    ]
    summaries = load_erp(
        house.erp_url,
        house.warehouse_url,
        state_dir=house.home / "dlt",
        batch=context.run_id,
        now=wall_clock(),
        deleted_at=house.clock().now(),
        tables=selected,
    )
    for summary in summaries:
        yield _landed(context, summary)


def _landed(context: dg.AssetExecutionContext, summary: LoadSummary) -> dg.MaterializeResult:
    for warning in summary.warnings:
        context.log.warning(warning)
    return dg.MaterializeResult(
        asset_key=key(Schema.LANDING, summary.table),
        metadata={
            "dagster/row_count": summary.rows,
            "suppressions": summary.tombstones,
            "tardives": summary.late_rows,
            "fichiers": summary.files,
            "lot": summary.batch,
        },
    )


def _feed_asset(name: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=key(Schema.LANDING, name),
        group_name="landing",
        description=f"Lines of the inbox's {FEEDS[name].folder} files, as they came.",
        kinds={"postgres"},
        freshness_policy=_FRESH,
        retry_policy=RETRY,
        pool=WAREHOUSE_POOL,
    )
    def feed(context: dg.AssetExecutionContext, house: House) -> dg.MaterializeResult:
        from warehouse.sources.inbox import load_inbox

        summary = load_inbox(
            house.inbox,
            house.warehouse_url,
            feed=name,
            batch=context.run_id,
            now=wall_clock(),
        )
        return _landed(context, summary)

    return feed


LANDING_ASSETS = [erp_landing, *(_feed_asset(name) for name in FEEDS)]
