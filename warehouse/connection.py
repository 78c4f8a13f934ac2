"""Who connects where: addresses and engines, one per database role. Only this package opens the warehouse."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from core.secrets import Secrets, load_or_create
from core.settings import get_settings
from core.vocabulary import ERP_DATABASE, WAREHOUSE, DatabaseRole
from warehouse.embedded import EmbeddedServer, cluster_home


@lru_cache(maxsize=1)
def installation_secrets() -> Secrets:
    """Secrets of this installation, made on first use."""
    return load_or_create(get_settings().home, tuple(DatabaseRole))


def embedded_server() -> EmbeddedServer | None:
    """The embedded server, or None when FIELDHOUSE_DATABASE_URL points to another one."""
    settings = get_settings()
    if settings.database_url is not None:
        return None
    return EmbeddedServer(
        cluster_home(settings.home), settings.postgres_port, installation_secrets().postgres
    )


def admin_url(database: str | None = None) -> URL:
    """Address of the account that may create roles and databases."""
    settings = get_settings()
    if settings.database_url is not None:
        url = make_url(settings.database_url.get_secret_value()).set(drivername="postgresql+psycopg2")
        return url if database is None else url.set(database=database)
    return URL.create(
        "postgresql+psycopg2",
        "postgres",
        installation_secrets().postgres,
        "127.0.0.1",
        settings.postgres_port,
        database or "postgres",
    )


def warehouse_name() -> str:
    """Name of the warehouse's database: the one in FIELDHOUSE_DATABASE_URL, else ``fieldhouse``."""
    settings = get_settings()
    if settings.database_url is None:
        return WAREHOUSE
    return make_url(settings.database_url.get_secret_value()).database or WAREHOUSE


def role_url(role: DatabaseRole, database: str | None = None) -> URL:
    """Address of ``database`` (the warehouse by default) for one role."""
    return admin_url(database or warehouse_name()).set(
        username=str(role), password=installation_secrets().role_password(role)
    )


def erp_url(role: DatabaseRole = DatabaseRole.PIPELINE) -> URL:
    """Address of the company's ERP: the user's own, or the demo's read by the pipeline."""
    settings = get_settings()
    if settings.erp_url is not None:
        return make_url(settings.erp_url.get_secret_value())
    return role_url(role, ERP_DATABASE)


def service_url(database: str) -> URL:
    """Address of a service's own database (Dagster, MLflow, Superset)."""
    return role_url(DatabaseRole.SERVICES, database)


def plain(url: URL) -> str:
    """The address with its password, as libpq and most tools want it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@lru_cache(maxsize=4)
def _engine(role: DatabaseRole) -> sa.Engine:
    return sa.create_engine(role_url(role), pool_pre_ping=True)


def pipeline_engine() -> sa.Engine:
    """Engine of the role that fills the warehouse."""
    return _engine(DatabaseRole.PIPELINE)


def owner_engine() -> sa.Engine:
    """Engine of the role that owns schemas and runs migrations."""
    return _engine(DatabaseRole.OWNER)


def reader_engine() -> sa.Engine:
    """Engine of the role dashboards use: reads the marts, nothing else."""
    return _engine(DatabaseRole.READER)
