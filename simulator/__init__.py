"""The demo company: a service firm that lives day by day and writes into its own source systems only.

It knows nothing of the warehouse. `create_company` makes 24 months of history, `live` adds days.
"""

from simulator.company import CompanySummary, create_company, live, lived_until
from simulator.erp_schema import create_schema

__all__ = ["CompanySummary", "create_company", "create_schema", "live", "lived_until"]
