"""Jobs, and when they run (Europe/Paris)."""

import dagster as dg

from core.vocabulary import Schema
from orchestration.assets.dbt import warehouse_models
from orchestration.checks import CHECKS
from orchestration.keys import key
from warehouse.sources.catalogue import FEEDS

TIMEZONE = "Europe/Paris"

_model = dg.AssetSelection.assets(key(Schema.ML, "modele_churn"))
_publication = dg.AssetSelection.assets(key(Schema.PLANNING, "publication"))
_plan = dg.AssetSelection.assets(key(Schema.PLANNING, "plans")).required_multi_asset_neighbors()
_feeds = dg.AssetSelection.assets(*(key(Schema.LANDING, name) for name in FEEDS))
_features = dg.AssetSelection.assets(key(Schema.MARTS, "feat_churn"))
_only_for_features = dg.AssetSelection.key_substring("int_churn_")
_models = dg.AssetSelection.assets(warehouse_models)

_suites = dg.AssetSelection.checks(*CHECKS)

_IN_PROCESS = {"executor_def": dg.in_process_executor}

build = dg.define_asset_job(
    "build", dg.AssetSelection.all(), description="Everything once: a new installation.", **_IN_PROCESS
)
daily = dg.define_asset_job(
    "daily",
    dg.AssetSelection.all() - _model - _publication,
    description="Sources to dashboards: load, build, score, propose next week.",
    **_IN_PROCESS,
)
realtime = dg.define_asset_job(
    "realtime",
    _feeds | ((_feeds.downstream() & _models) - _features - _only_for_features - _suites),
    description="New events to KPIs.",
    **_IN_PROCESS,
)
training = dg.define_asset_job(
    "training",
    _model,
    description="A new churn model; the gate decides whether it becomes champion.",
    **_IN_PROCESS,
)
planning = dg.define_asset_job(
    "planning",
    _plan | _publication | (_plan.downstream() & _models),
    description="Next week's plan, published if the gate allows.",
    **_IN_PROCESS,
)

JOBS = [build, daily, realtime, training, planning]

SCHEDULES = [
    dg.ScheduleDefinition(
        job=job,
        cron_schedule=cron,
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    for job, cron in ((daily, "30 5 * * *"), (training, "0 4 * * 0"), (planning, "0 17 * * 5"))
]
