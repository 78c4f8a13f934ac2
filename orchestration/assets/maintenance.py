"""Maintenance: churn scores and next week's plan."""

from collections.abc import Iterator

import dagster as dg

from core.vocabulary import Schema
from orchestration.keys import key
from orchestration.resources import WAREHOUSE_POOL, House

_CHURN_MODEL = key(Schema.ML, "modele_churn")
_STAGING_TO_PLAN = ("stg_erp__absences", "stg_erp__technicien_competences", "stg_erp__competences")
_MARTS_TO_PLAN = (
    "fact_interventions_a_planifier",
    "dim_clients",
    "dim_techniciens",
    "dim_types_intervention",
)
_PLAN_TABLES = ("plans", "visites", "journees", "non_planifiees")


@dg.asset(
    key=_CHURN_MODEL, deps=[key(Schema.MARTS, "feat_churn")], group_name="ml", kinds={"mlflow", "scikitlearn"}
)
def churn_model(house: House) -> dg.MaterializeResult:
    """Churn model, trained anew; champion only when it beats the standing one beyond noise."""
    from services.churn import train_churn

    report = train_churn(house.engine(), house.tracking_url, artifacts=house.home / "mlflow")
    return dg.MaterializeResult(metadata=report.metadata())


@dg.asset(
    key=key(Schema.ML, "scores_churn"),
    deps=[_CHURN_MODEL, key(Schema.MARTS, "feat_churn")],
    group_name="ml",
    kinds={"postgres"},
    pool=WAREHOUSE_POOL,
)
def churn_scores(house: House) -> dg.MaterializeResult:
    """Probability of cancelling within three months, causes and suggested action, one row a client."""
    from services.churn import score_clients

    report = score_clients(house.engine(), house.tracking_url)
    return dg.MaterializeResult(metadata=report.metadata())


@dg.multi_asset(
    name="next_week",
    specs=[
        dg.AssetSpec(
            key(Schema.PLANNING, table),
            deps=[
                *(key(Schema.MARTS, mart) for mart in _MARTS_TO_PLAN),
                *(key(Schema.STAGING, table) for table in _STAGING_TO_PLAN),
            ],
            group_name="planning",
            kinds={"postgres"},
        )
        for table in _PLAN_TABLES
    ],
)
def next_week(house: House) -> Iterator[dg.MaterializeResult]:
    """Next week's plan, checked, proposed to the planner, with its files."""
    from services.planning import plan_week

    report = plan_week(house.engine(), house.clock().next_monday(), out_dir=house.home / "plannings")
    for table in _PLAN_TABLES:
        yield dg.MaterializeResult(asset_key=key(Schema.PLANNING, table), metadata=report.metadata())


@dg.asset(
    key=key(Schema.PLANNING, "comparaison_tournees"),
    deps=[
        key(Schema.MARTS, "fact_interventions"),
        key(Schema.MARTS, "fact_tournees_reelles"),
        key(Schema.MARTS, "dim_clients"),
    ],
    group_name="planning",
    kinds={"postgres"},
)
def driven_against_optimised(house: House) -> dg.MaterializeResult:
    """Kilometres of the order really driven against the best order of the same visits."""
    from services.planning import compare_driven_tours

    return dg.MaterializeResult(metadata=compare_driven_tours(house.engine()).metadata())


@dg.asset(
    key=key(Schema.PLANNING, "publication"),
    deps=[key(Schema.PLANNING, "plans")],
    group_name="planning",
)
def published_week(house: House) -> dg.MaterializeResult:
    """The newest proposal becomes the published week, if the gate allows."""
    from services.planning import publish_latest

    monday = house.clock().next_monday()
    report = publish_latest(house.engine(), monday, out_dir=house.home / "plannings")
    return dg.MaterializeResult(metadata=report.metadata())


MAINTENANCE_ASSETS = [churn_model, churn_scores, next_week, driven_against_optimised, published_week]
