"""The incremental fact equals a rebuild, whatever happened to the source rows in between."""

from __future__ import annotations

import pytest

from tests.integration.dbt.dbt_build import Warehouse
from tests.integration.dbt.landing_by_hand import Landing
from tests.integration.dbt.random_changes import Source
from tests.integration.dbt.small_company import TODAY, make_company

HISTORIES = ("dim_clients_historique", "dim_techniciens_historique")


def _table(warehouse: Warehouse, name: str) -> list[dict]:
    return warehouse.rows(f"select * from marts.{name} order by 1, 2")


@pytest.fixture(scope="module")
def lived(warehouse: Warehouse, landing: Landing) -> dict[str, list[dict]]:
    """Fact and histories built incrementally over three days of random changes."""
    company = make_company(seed=3)
    company.land(landing)
    tested = ("--indirect-selection", "buildable", "--exclude-resource-type", "unit_test")
    warehouse.dbt("run", "--select", "+fact_interventions", day=TODAY)
    source = Source(company, landing, seed=11)
    for _ in range(2):
        source.live_a_day()
        warehouse.dbt("run", "--select", "+fact_interventions", day=TODAY)
    source.live_a_day()
    warehouse.dbt("build", "--select", "+fact_interventions", *tested, day=TODAY)
    return {name: _table(warehouse, name) for name in ("fact_interventions", *HISTORIES)}


def test_incremental_equals_full_refresh(warehouse: Warehouse, lived: dict[str, list[dict]]) -> None:
    """Random late, edited, deleted, spoilt and corrected rows: the same rows both ways."""
    warehouse.dbt("run", "--full-refresh", "--select", "fact_interventions", *HISTORIES, day=TODAY)
    for name, incremental in lived.items():
        rebuilt = _table(warehouse, name)
        assert incremental == rebuilt, f"{name} differs from a rebuild"
    assert len(lived["fact_interventions"]) > 50


def test_rows_of_the_source_that_went_are_gone(warehouse: Warehouse, lived: dict[str, list[dict]]) -> None:
    """Deleted or cancelled interventions leave the fact."""
    gone = {
        row["intervention_id"]
        for row in warehouse.rows(
            "select intervention_id from staging.base_erp__interventions where statut_ligne = 'supprimee'"
            " union select intervention_id from staging.stg_erp__interventions where statut = 'Annulee'"
        )
    }
    assert gone
    assert not gone & {row["intervention_id"] for row in lived["fact_interventions"]}


def test_fact_keeps_its_foreign_keys(warehouse: Warehouse, lived: dict[str, list[dict]]) -> None:
    """Rebuilding the dimensions drops them; the fact declares them again."""
    found = warehouse.value(
        "select count(*) from pg_constraint"
        " where contype = 'f' and conrelid = 'marts.fact_interventions'::regclass"
    )
    assert found == 6


def test_only_changed_rows_are_written(warehouse: Warehouse, lived: dict[str, list[dict]]) -> None:
    """A run without news rewrites no row."""
    before = warehouse.rows(
        "select intervention_id, xmin::text as version from marts.fact_interventions order by 1"
    )
    warehouse.dbt("run", "--select", "fact_interventions", day=TODAY)
    assert before == warehouse.rows(
        "select intervention_id, xmin::text as version from marts.fact_interventions order by 1"
    )


def test_tally_balances_and_can_fail(warehouse: Warehouse, lived: dict[str, list[dict]]) -> None:
    """Every landed row is accounted for; a row lost on the way makes the blocking test fail."""
    tally = warehouse.rows("select * from staging.bilan_lignes")
    assert all(row["ecart"] == 0 for row in tally)
    assert {"remplacees", "doublons", "supprimees", "en_quarantaine"} <= {
        part for row in tally for part, count in row.items() if part != "source_table" and count
    }
    warehouse.execute(
        "delete from staging.base_erp__clients where ctid = (select min(ctid) from staging.base_erp__clients)"
    )
    result = warehouse.dbt("build", "--select", "bilan_lignes", day=TODAY, check=False)
    assert [r.node.name for r in result.result if r.status == "fail"] == ["bilan_lignes_equilibre"]
