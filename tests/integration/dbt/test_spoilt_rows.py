"""Everything the simulated company spoilt meets its expected fate, and no good row is in quarantine."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import RunningHouse
from warehouse.connection import pipeline_engine

pytestmark = pytest.mark.house

_FEEDS = {
    "app": "base_app__evenements",
    "portail": "base_portail__demandes",
    "enquete": "base_enquete__reponses",
}
_SERVES = {"courante", "remplacee"}
_WARNINGS = {
    "encodage": "encodage_repare",
    "evenement_tardif": "recu_en_retard",
    "gps_manquant": "gps_absent",
}
Row = tuple[str, str | None]  # statut_ligne, avertissement


@pytest.fixture(scope="module")
def sorted_rows(running_house: RunningHouse) -> dict[tuple, list[Row]]:
    """Fates by (source, file, line), or by ('erp', table, key)."""
    found: dict[tuple, list[Row]] = defaultdict(list)
    with pipeline_engine().connect() as connection:
        for source, table in _FEEDS.items():
            columns = "fichier, ligne, statut_ligne, avertissement"
            for file, line, *fate in connection.execute(sa.text(f"select {columns} from staging.{table}")):
                found[source, file, line].append(tuple(fate))
        tables = sa.text("select tablename from pg_tables where tablename like 'base\\_erp\\_\\_%'")
        for table in connection.scalars(tables).all():
            columns = "cle_source, statut_ligne, avertissement"
            for key, *fate in connection.execute(sa.text(f"select {columns} from staging.{table}")):
                found["erp", table.removeprefix("base_erp__"), key].append(tuple(fate))
    return found


@pytest.fixture(scope="module")
def spoilt(running_house: RunningHouse) -> list[dict]:
    """What was spoilt up to the last day that is loaded; ``fini``: corrected since."""
    with pipeline_engine().connect() as connection:
        last = connection.scalar(
            sa.text(
                "select max((updated_at at time zone 'Europe/Paris')::date) from landing.erp_interventions"
                " where not _supprime"
            )
        )
    ledger = Path(running_house.home, "truth", "spoilt.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in ledger]
    for row in rows:
        row["fini"] = bool(row.get("corrige_le")) and date.fromisoformat(row["corrige_le"]) <= last
    return [row for row in rows if date.fromisoformat(row["day"]) <= last]


def _place(row: dict) -> tuple:
    if row["source"] == "erp":
        return "erp", row["table"], str(row["key"])
    return row["source"], row["file"], row["line"]


def _meets(row: dict, fates: list[Row]) -> bool:
    """Whether one spoilt row became what the ledger expects."""
    states = {state for state, _ in fates}
    match row["expected_fate"]:
        case "quarantaine" if row["fini"] or "supprimee" in states:
            return "quarantaine" not in states
        case "quarantaine":
            return "quarantaine" in states
        case "doublon":
            return states == {"doublon"}
        case "repare" | "accepte_tard" | "accepte_avertissement":
            warning = _WARNINGS[row["kind"]]
            return any(state in _SERVES and warning in (said or "") for state, said in fates)
    return False


def test_every_spoilt_row_meets_its_fate(spoilt: list[dict], sorted_rows: dict[tuple, list[Row]]) -> None:
    """Row by row; a new column or key is accepted, which shows in all other rows being there."""
    rows = [row for row in spoilt if row["kind"] not in ("colonne_ajoutee", "cle_json_ajoutee")]
    missed = [(row, sorted_rows[_place(row)]) for row in rows if not _meets(row, sorted_rows[_place(row)])]
    assert not missed
    assert {row["expected_fate"] for row in rows} >= {"quarantaine", "repare", "doublon", "accepte_tard"}


def test_no_good_row_is_in_quarantine(spoilt: list[dict], sorted_rows: dict[tuple, list[Row]]) -> None:
    """Whatever waits in quarantine is in the ledger, uncorrected."""
    expected = {_place(row) for row in spoilt if row["expected_fate"] == "quarantaine" and not row["fini"]}
    waiting = {
        place for place, fates in sorted_rows.items() if "quarantaine" in {state for state, _ in fates}
    }
    assert waiting <= expected
