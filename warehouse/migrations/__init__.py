"""Alembic migrations of the tables in ``warehouse/tables.py``."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade() -> None:
    """Bring the warehouse's Python-owned tables to the newest revision."""
    command.upgrade(alembic_config(), "head")


def alembic_config() -> Config:
    """Alembic's configuration for this folder; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
