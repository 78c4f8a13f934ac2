"""Words shared by all floors: schemas, roles, databases, jobs."""

from __future__ import annotations

from enum import StrEnum


class Schema(StrEnum):
    """Schemas of the warehouse, in the order data flows through them."""

    LANDING = "landing"
    STAGING = "staging"
    QUARANTINE = "quarantine"
    INTERMEDIATE = "intermediate"
    MARTS = "marts"
    ML = "ml"
    PLANNING = "planning"
    OPS = "ops"


class DatabaseRole(StrEnum):
    """Roles of the PostgreSQL server, from most to least rights on the warehouse."""

    OWNER = "fieldhouse_owner"
    PIPELINE = "fieldhouse_pipeline"
    READER = "fieldhouse_reader"
    SERVICES = "fieldhouse_services"
    ERP = "erp_terrain"


WAREHOUSE = "fieldhouse"
ERP_DATABASE = "erp_terrain"
SERVICE_DATABASES = ("dagster", "mlflow", "superset")

JOBS = ("build", "daily", "realtime", "training", "planning")
