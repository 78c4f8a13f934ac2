"""The only place that reads the environment."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Settings of one installation, from ``FIELDHOUSE_*`` variables.

    Without any variable the demo runs: embedded PostgreSQL, the simulated company, local ports.
    """

    model_config = SettingsConfigDict(env_prefix="FIELDHOUSE_", extra="ignore")

    home: Path = Field(default=PROJECT_ROOT / ".fieldhouse", description="where all state lives")
    host: str = Field(default="127.0.0.1", description="address the services listen on")
    database_url: SecretStr | None = Field(
        default=None,
        description="any PostgreSQL server instead of the embedded one (a role that may create roles)",
    )
    erp_url: SecretStr | None = Field(
        default=None, description="the company's ERP; empty means the demo's own"
    )
    inbox_url: str | None = Field(default=None, description="folder or fsspec address where files arrive")
    postgres_port: int = 54329
    dagster_port: int = 3000
    code_server_port: int = 4266
    code_server_host: str | None = Field(default=None, description="where Dagster finds the code server")
    mlflow_port: int = 5000
    superset_port: int = 8088
    superset_venv: Path | None = Field(default=None, description="Superset's own environment")
    min_free_disk_gb: float = Field(default=3.0, description="refuse to start below this")
    dbt_threads: int = 2
    osrm_url: str | None = Field(
        default=None, description="OSRM-compatible server for travel times; empty: estimated from the map"
    )
    osrm_profile: str = Field(default="driving", description="the server's profile")
    osrm_max_table: int = Field(default=100, gt=0, description="the server's --max-table-size")
    travel_cache_days: float = Field(default=30.0, ge=0, description="how long travel times are kept")
    parking_min: float = Field(default=3.0, ge=0, description="minutes to park and walk, at every address")

    @property
    def is_demo(self) -> bool:
        """True when the simulated company is the source system."""
        return self.erp_url is None

    @property
    def superset_environment(self) -> Path:
        """Folder of Superset's own Python environment."""
        return self.superset_venv or self.home / "superset-venv"

    @property
    def inbox(self) -> str:
        """Folder or fsspec address where source systems drop their files."""
        return self.inbox_url or str(self.home / "inbox")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Settings read once per process."""
    settings = Settings()
    settings.home = settings.home.expanduser().resolve()
    return settings


def environment_with(**extra: str) -> dict[str, str]:
    """A copy of this process's environment for a child, with ``extra`` on top."""
    return {**os.environ, **extra}


def export(**values: str) -> None:
    """Set variables for libraries that can be configured through the environment only."""
    os.environ.update(values)
