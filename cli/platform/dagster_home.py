"""Dagster's instance: storage in PostgreSQL, one pool for the warehouse, telemetry off."""

from __future__ import annotations

from pathlib import Path

import yaml

from core.settings import Settings, environment_with
from warehouse.connection import plain, service_url

_INSTANCE = {
    "storage": {"postgres": {"postgres_url": {"env": "FIELDHOUSE_DAGSTER_DATABASE"}}},
    "telemetry": {"enabled": False},
    "nux": {"enabled": False},
    "concurrency": {"runs": {"max_concurrent_runs": 2}, "pools": {"default_limit": 1}},
    "run_monitoring": {
        "enabled": True,
        "start_timeout_seconds": 300,
        "free_slots_after_run_end_seconds": 30,
    },
    "retention": {"schedule": {"purge_after_days": 30}, "sensor": {"purge_after_days": 7}},
}


def write_dagster_home(settings: Settings) -> Path:
    """Write dagster.yaml and workspace.yaml under ``.fieldhouse/dagster``; returns that folder."""
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    host = settings.code_server_host or settings.host
    server = {"host": host, "port": settings.code_server_port, "location_name": "fieldhouse"}
    (home / "dagster.yaml").write_text(yaml.safe_dump(_INSTANCE, sort_keys=False))
    (home / "workspace.yaml").write_text(yaml.safe_dump({"load_from": [{"grpc_server": server}]}))
    return home


def dagster_environment(settings: Settings) -> dict[str, str]:
    """Environment of every Dagster process."""
    return environment_with(
        DAGSTER_HOME=str(settings.home / "dagster"),
        FIELDHOUSE_DAGSTER_DATABASE=plain(service_url("dagster")),
        FIELDHOUSE_HOME=str(settings.home),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
        DO_NOT_TRACK="1",
        PYTHONUNBUFFERED="1",
    )
