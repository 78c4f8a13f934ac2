"""What assets need from the outside, injectable in tests."""

from pathlib import Path

import dagster as dg
import sqlalchemy as sa

from core.clock import BusinessClock, read_clock
from core.settings import get_settings
from core.vocabulary import DatabaseRole
from warehouse.connection import erp_url, pipeline_engine, plain, role_url, service_url

RETRY = dg.RetryPolicy(max_retries=2, delay=5, backoff=dg.Backoff.EXPONENTIAL)
WAREHOUSE_POOL = "warehouse"


class House(dg.ConfigurableResource):
    """The installation the assets work in: addresses, folders, business date."""

    @property
    def home(self) -> Path:
        """Folder of all state."""
        return get_settings().home

    @property
    def inbox(self) -> str:
        """Where source systems drop their files."""
        return get_settings().inbox

    @property
    def erp_url(self) -> str:
        """The company's ERP, read-only."""
        return plain(erp_url())

    @property
    def warehouse_url(self) -> str:
        """The warehouse, as the pipeline."""
        return plain(role_url(DatabaseRole.PIPELINE))

    @property
    def tracking_url(self) -> str:
        """MLflow's store."""
        return plain(service_url("mlflow"))

    def engine(self) -> sa.Engine:
        """Engine of the pipeline role."""
        return pipeline_engine()

    def clock(self) -> BusinessClock:
        """The business clock, read anew at each call: the demo's date moves."""
        return read_clock(self.home)
