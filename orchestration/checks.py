"""Great Expectations as Dagster checks, on what arrives and on what is served."""

import dagster as dg

from core.vocabulary import Schema
from orchestration.keys import key
from orchestration.resources import House
from warehouse.sources.catalogue import ERP_TABLES, FEEDS

_ARRIVALS = [key(Schema.LANDING, t.landed) for t in ERP_TABLES.values()] + [
    key(Schema.LANDING, name) for name in FEEDS
]
_SERVED = [
    key(Schema.MARTS, mart)
    for mart in ("fact_interventions", "fact_contrats", "fact_satisfaction", "dim_clients", "dim_techniciens")
]


def _verdict(suite: str, house: House) -> dg.AssetCheckResult:
    from warehouse.quality.suites import run_suite

    docs = house.home / "data_docs"
    result = run_suite(suite, house.engine(), docs, today=house.clock().today())
    return dg.AssetCheckResult(
        passed=not result.failures,
        severity=dg.AssetCheckSeverity.WARN if result.success else dg.AssetCheckSeverity.ERROR,
        metadata={
            "attentes": result.checked,
            "ecarts": dg.MetadataValue.md("\n".join(f"- {words}" for words in result.words()) or "aucun"),
            "data_docs": dg.MetadataValue.path(str(result.docs)),
        },
    )


@dg.asset_check(
    asset=key(Schema.LANDING, "erp_interventions"),
    additional_deps=[k for k in _ARRIVALS if k.path[-1] != "erp_interventions"],
    name="arrivees",
    description="Volume, freshness, distribution and schema of what arrived.",
)
def arrivals_check(house: House) -> dg.AssetCheckResult:
    """Great Expectations on landing."""
    return _verdict("arrivees", house)


@dg.asset_check(
    asset=_SERVED[0],
    additional_deps=_SERVED[1:],
    name="servis",
    description="Volume, freshness, distribution and schema of what dashboards and planners read.",
)
def served_check(house: House) -> dg.AssetCheckResult:
    """Great Expectations on the marts."""
    return _verdict("servis", house)


CHECKS = [arrivals_check, served_check]
