"""``fieldhouse db reset``: back to before the first ``make up``."""

from __future__ import annotations

import shutil

import sqlalchemy as sa

from cli.platform.processes import stop_all
from core.settings import get_settings
from core.vocabulary import ERP_DATABASE, SERVICE_DATABASES, Schema
from warehouse.connection import admin_url, embedded_server

_STATE = (
    "house.json",
    "clock.json",
    "inbox",
    "truth",
    "dagster",
    "mlflow",
    "dlt",
    "plannings",
    "run",
    "superset",
)


def reset() -> None:
    """Delete data of the demo and the services; secrets and Superset's environment stay.

    On a server of the user's own, the warehouse's database stays and loses our schemas only.
    """
    home = get_settings().home
    stop_all(home / "run")
    server = embedded_server()
    if server is not None:
        server.drop()
    else:
        _drop_databases()
    for name in _STATE:
        path = home / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _drop_databases() -> None:
    engine = sa.create_engine(admin_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for schema in Schema:
            connection.exec_driver_sql(f"drop schema if exists {schema} cascade")
        for name in (ERP_DATABASE, *SERVICE_DATABASES):
            connection.exec_driver_sql(f'drop database if exists "{name}" with (force)')
    engine.dispose()
