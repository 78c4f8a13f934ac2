"""What lands spoilt waits in quarantine with its reason, and leaves by itself once corrected."""

from __future__ import annotations

import json
from datetime import timedelta

import holidays
import pytest

from tests.integration.dbt.dbt_build import Warehouse
from tests.integration.dbt.landing_by_hand import Landing, as_line, event
from tests.integration.dbt.small_company import TODAY, add, answer, at, make_company

_NOW = at(TODAY, 12)


@pytest.fixture(scope="module")
def spoilt(warehouse: Warehouse, landing: Landing) -> dict[tuple[str, str], str]:
    """Reasons by (quarantine table, key) after a first load in which something of everything is wrong."""
    company = make_company(seed=2, clients=12)
    visit = next(row for row in company.erp["interventions"] if row["statut"] == "Terminee")
    add(
        company,
        "devis",
        devis_id=1,
        client_id=777,
        technicien_id=1,
        date_emission=TODAY,
        montant_eur=10,
        statut="Envoye",
    )
    add(
        company,
        "devis",
        devis_id=2,
        client_id=1,
        technicien_id=1,
        date_emission=TODAY + timedelta(days=36525),
        montant_eur=10,
        statut="Envoye",
    )
    add(
        company,
        "factures",
        facture_id=1,
        client_id=1,
        date_facture=TODAY,
        nature="Contrat",
        montant_total_eur=-3,
        statut="Emise",
    )
    add(
        company,
        "reclamations",
        reclamation_id=900,
        client_id=777,
        date_ouverture=TODAY,
        motif="Bruit",
        statut="Ouvert",
    )
    add(
        company,
        "clients",
        client_id=50,
        nom="\u00c3\u2030lise  ",
        type_client="Particulier",
        segment="Or",
        zone_id=1,
        latitude=48.0,
        longitude=60.0,
        date_creation=TODAY,
    )
    number = visit["intervention_id"]
    company.events += [
        event("depart", number, 1, at(TODAY - timedelta(days=600), 6), 1),
        event("note", 123456, 1, at(TODAY - timedelta(days=9), 9), 2, note=4),
        event("arrivee", number, 1, at(TODAY - timedelta(days=9), 9), 3, km_trajet=-2),
        event("teleportation", number, 1, at(TODAY - timedelta(days=9), 9), 4),
        event("note", number, 99, at(TODAY - timedelta(days=9), 9), 5, note=4),
        event("note", number, 1, at(TODAY + timedelta(days=900), 9), 6, note=4),
    ]
    company.answers.append(answer("E-1", number, 1, TODAY - timedelta(days=5), 12))
    company.answers.append(
        {**answer("E-2", number, 1, TODAY - timedelta(days=5), 8), "Repondu le": "31/02/2025 10:00"}
    )
    company.requests.append(
        {
            "demande_id": "P-1",
            "client_id": 1,
            "type_intervention_id": 1,
            "statut": "A valider",
            "creneau_debut": "2025-11-20T10:00:00+01:00",
            "creneau_fin": "2025-11-20T08:00:00+01:00",
            "urgence": "Normale",
            "emis_at": "2025-11-10T08:00:00+01:00",
        }
    )
    company.land(landing)
    landing.lines(
        "app_evenements", "app/2025/11/14/casse.jsonl", ['{"evenement_id":"x', '{"a": "\\u0000"}', "[]"]
    )
    warehouse.dbt("build", "--exclude", "kpi_*", "--exclude-resource-type", "unit_test", day=TODAY)
    return _quarantine(warehouse)


def _quarantine(warehouse: Warehouse) -> dict[tuple[str, str], str]:
    tables = [
        row["table_name"]
        for row in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'quarantine'"
        )
    ]
    query = " union all ".join(f"select '{t}' as nom, cle_source, regle from quarantine.{t}" for t in tables)
    return {(row["nom"], row["cle_source"]): row["regle"] for row in warehouse.rows(query)}


def _event_key(number: int) -> tuple[str, str]:
    return "app__evenements", f"00000000-0000-4000-8000-{number:012d}"


def test_each_reason(spoilt: dict[tuple[str, str], str]) -> None:
    """Exactly the spoilt rows, each with its rule."""
    assert spoilt == {
        ("erp__devis", "1"): "client_inconnu",
        ("erp__devis", "2"): "date_impossible",
        ("erp__factures", "1"): "montant_invalide",
        ("erp__reclamations", "900"): "client_inconnu",
        _event_key(1): "depart_avant_arrivee",
        _event_key(2): "intervention_inconnue",
        _event_key(3): "km_invalide",
        _event_key(4): "type_inconnu",
        _event_key(5): "technicien_inconnu",
        _event_key(6): "date_impossible",
        ("enquete__reponses", "E-1"): "note_invalide",
        ("enquete__reponses", "E-2"): "date_impossible",
        ("portail__demandes", "P-1"): "creneau_invalide",
        ("app__evenements", "app/2025/11/14/casse.jsonl:1"): "json_illisible",
        ("app__evenements", "app/2025/11/14/casse.jsonl:2"): "json_illisible",
        ("app__evenements", "app/2025/11/14/casse.jsonl:3"): "json_illisible",
    }


def test_payload_is_the_row_as_it_landed(warehouse: Warehouse, spoilt: dict[tuple[str, str], str]) -> None:
    """With source, batch and load time."""
    row = warehouse.rows("select * from quarantine.erp__factures")[0]
    assert (row["source"], row["lot"], row["payload"]["montant_total_eur"]) == ("erp_terrain", "lot-001", -3)
    broken = warehouse.rows(
        "select payload from quarantine.app__evenements where cle_source like '%casse.jsonl:1'"
    )
    assert broken[0]["payload"] == {"texte": '{"evenement_id":"x'}


def test_repaired_and_accepted_with_a_warning(
    warehouse: Warehouse, spoilt: dict[tuple[str, str], str]
) -> None:
    """A wrong encoding is repaired; a position outside France counts as none, and is said."""
    row = warehouse.rows(
        "select nom, latitude, avertissement from staging.stg_erp__clients where client_id = 50"
    )[0]
    assert row == {"nom": "Élise", "latitude": None, "avertissement": "gps_hors_france"}


def test_calendar_has_the_public_holidays(warehouse: Warehouse, spoilt: dict[tuple[str, str], str]) -> None:
    """2015 to 2035, as an independent library has them."""
    found = {row["date"] for row in warehouse.rows("select date from marts.dim_temps where est_ferie")}
    assert found == set(holidays.country_holidays("FR", years=range(2015, 2036)))
    monday = warehouse.rows("select * from marts.dim_temps where date_id = 20251110")[0]
    assert (monday["jour_semaine"], monday["semaine"], monday["est_weekend"]) == ("Lundi", 46, False)


def test_corrected_rows_leave_by_themselves(
    warehouse: Warehouse, landing: Landing, spoilt: dict[tuple[str, str], str]
) -> None:
    """A new version of a row, the same message sent right, a line completed at its place."""
    landing.begin_load()
    landing.erp(
        "factures",
        [
            {
                "facture_id": 1,
                "client_id": 1,
                "date_facture": TODAY,
                "nature": "Contrat",
                "montant_total_eur": 3,
                "statut": "Emise",
                "updated_at": _NOW,
            }
        ],
    )
    landing.erp(
        "clients",
        [
            {
                "client_id": 777,
                "nom": "Favre",
                "type_client": "Particulier",
                "segment": "Or",
                "zone_id": 1,
                "date_creation": TODAY,
                "updated_at": _NOW,
            }
        ],
    )
    right = event("teleportation", 100, 1, at(TODAY - timedelta(days=9), 9), 4)
    right.update(
        type="fin_journee", intervention_id=None, envoye_at=_NOW.isoformat(), donnees={"km_trajet": 5}
    )
    landing.lines("app_evenements", "app/2025/11/15/suite.jsonl", [as_line(right)])
    whole = event("fin_journee", None, 1, at(TODAY - timedelta(days=8), 17), 7, km_trajet=6)
    landing.lines("app_evenements", "app/2025/11/14/casse.jsonl", [json.dumps(whole)])
    warehouse.dbt("build", "--exclude", "kpi_*", "--exclude-resource-type", "unit_test", day=TODAY)
    gone = spoilt.keys() - _quarantine(warehouse).keys()
    assert gone == {
        ("erp__factures", "1"),
        ("erp__devis", "1"),
        ("erp__reclamations", "900"),
        _event_key(4),
        ("app__evenements", "app/2025/11/14/casse.jsonl:1"),
    }
