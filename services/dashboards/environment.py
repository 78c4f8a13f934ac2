"""What Superset's processes need to know, made from the settings and secrets of this installation."""

from __future__ import annotations

import json
from pathlib import Path

from core.settings import environment_with, get_settings
from core.vocabulary import DatabaseRole
from services.dashboards.assets import SUPERSET
from warehouse.connection import installation_secrets, role_url, service_url


def superset_python() -> Path:
    """The Python of Superset's own environment."""
    return get_settings().superset_environment / "bin" / "python"


def superset_url() -> str:
    """Where Superset answers."""
    settings = get_settings()
    return f"http://{settings.host}:{settings.superset_port}"


def superset_environment(*, with_accounts: bool = False) -> dict[str, str]:
    """This process's environment with the variables listed in ``superset/bootstrap.py``.

    Args:
        with_accounts: also the accounts' passwords, which only the bootstrap needs.
    """
    secrets = installation_secrets()
    cache = get_settings().home / "superset-cache"
    cache.mkdir(parents=True, exist_ok=True)
    accounts = {"FIELDHOUSE_SUPERSET_ACCOUNTS": json.dumps(secrets.accounts)} if with_accounts else {}
    return environment_with(
        SUPERSET_CONFIG_PATH=str(SUPERSET / "superset_config.py"),
        SUPERSET_SECRET_KEY=secrets.superset_key,
        FIELDHOUSE_SUPERSET_METADATA_URL=service_url("superset").render_as_string(hide_password=False),
        FIELDHOUSE_WAREHOUSE_READER_URL=role_url(DatabaseRole.READER).render_as_string(hide_password=False),
        FIELDHOUSE_SUPERSET_CACHE_DIR=str(cache),
        PYTHONWARNINGS="ignore",
        **accounts,
    )


def serve_command() -> list[str]:
    """The command that serves Superset: one process, threads (two cores, in-memory rate limits)."""
    settings = get_settings()
    return [
        str(superset_python().with_name("gunicorn")),
        "--workers=1",
        "--worker-class=gthread",
        "--threads=8",
        "--timeout=120",
        f"--bind={settings.host}:{settings.superset_port}",
        "superset.app:create_app()",
    ]
