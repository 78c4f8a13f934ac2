"""Every dbt model and test as a Dagster asset and check: staging, quarantine, star, KPIs, features."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, dbt_assets

from orchestration.dbt_project import DBT, PROJECT_DIR, prepared_manifest, target_dir
from orchestration.resources import WAREHOUSE_POOL, House


class SchemaTableTranslator(DagsterDbtTranslator):
    """Asset key = [schema, table], for models and sources alike."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Key of a model, seed, snapshot or source."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Group = floor of the warehouse."""
        return dbt_resource_props["schema"]


MANIFEST = prepared_manifest()
DBT_RESOURCE = DbtCliResource(
    project_dir=str(PROJECT_DIR), profiles_dir=str(PROJECT_DIR), dbt_executable=str(DBT)
)


@dbt_assets(
    manifest=MANIFEST,
    name="dbt",
    dagster_dbt_translator=SchemaTableTranslator(DagsterDbtTranslatorSettings(enable_asset_checks=True)),
    pool=WAREHOUSE_POOL,
)
def warehouse_models(context: dg.AssetExecutionContext, dbt: DbtCliResource, house: House) -> Iterator[Any]:
    """Build and test the selected models; a failed test stops the models and assets behind it."""
    variables = {"date_metier": house.clock().today().isoformat()}
    # "buildable": a test of two models waits for the later one when Python stands between them.
    invocation = dbt.cli(
        [
            *("build", "--indirect-selection", "buildable"),
            *("--exclude-resource-type", "unit_test"),
            *("--vars", json.dumps(variables)),
        ],
        context=context,
        target_path=target_dir() / "run",
    )
    yield from invocation.stream()
