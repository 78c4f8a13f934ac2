"""Everything Dagster knows: ``dagster code-server start -m orchestration.definitions``."""

import dagster as dg

from orchestration.assets.dashboards import DASHBOARDS
from orchestration.assets.dbt import DBT_RESOURCE, warehouse_models
from orchestration.assets.landing import LANDING_ASSETS
from orchestration.assets.maintenance import MAINTENANCE_ASSETS
from orchestration.checks import CHECKS
from orchestration.jobs import JOBS, SCHEDULES
from orchestration.resources import House
from orchestration.running import step_lines
from orchestration.sensors import inbox_sensor

defs = dg.Definitions(
    assets=[*LANDING_ASSETS, warehouse_models, *MAINTENANCE_ASSETS, *DASHBOARDS],
    asset_checks=CHECKS,
    jobs=JOBS,
    schedules=SCHEDULES,
    sensors=[inbox_sensor],
    resources={"house": House(), "dbt": DBT_RESOURCE},
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "step_lines": step_lines},
)
