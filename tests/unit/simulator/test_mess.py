"""What is spoilt is in the ledger, at the known rates; and nothing else looks spoilt."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest

from simulator import mess, spoilt_lines
from simulator.inbox_writer import Inbox

FATES = {"quarantaine", "repare", "doublon", "accepte_tard", "accepte_avertissement"}


@pytest.fixture(scope="module")
def delivered(company, tmp_path_factory):
    """The company's inbox on disk, and the ledger of its files."""
    folder = tmp_path_factory.mktemp("inbox")
    inbox = Inbox(str(folder))
    ledger = [note for today in company.days for note in inbox.deliver(today)]
    return folder, ledger


def _lines(folder, pattern: str):
    for path in sorted(folder.glob(pattern)):
        for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
            yield str(path.relative_to(folder)), number, line


def test_every_note_has_a_place_and_a_fate(company, delivered):
    erp = [note for today in company.days for note in today.ledger]
    for note in delivered[1]:
        assert note["expected_fate"] in FATES
        assert note["file"]
        assert note["line"] >= 1
    for note in erp:
        assert note["expected_fate"] in FATES
        assert note["key"]


def test_app_mess_comes_at_the_written_rates(delivered, company):
    kinds = Counter(note["kind"] for note in delivered[1] if note["source"] == "app")
    events = [event for today in company.days for event in today.app_events]
    of = Counter(event["type"] for event in events)
    for kind, rate, base in (
        ("evenement_double", spoilt_lines.TWICE_RATE, len(events)),
        ("evenement_tardif", spoilt_lines.LATE_RATE, len(events)),
        ("json_casse", spoilt_lines.BROKEN_RATE, len(events)),
        ("gps_manquant", spoilt_lines.NO_GPS_RATE, of["arrivee"]),
        ("note_hors_echelle", spoilt_lines.WRONG_NOTE_RATE, of["note"]),
        ("depart_avant_arrivee", spoilt_lines.NEGATIVE_STAY_RATE, of["depart"]),
    ):
        expected = rate * base
        assert abs(kinds[kind] - expected) < 4 * expected**0.5 + 1, kind


def test_spoilt_app_lines_are_what_the_ledger_says_and_the_others_are_sound(delivered):
    folder, ledger = delivered
    notes = {(n["file"], n["line"]): n for n in ledger if n["source"] == "app"}
    seen: set[str] = set()
    arrivals: dict[int, str] = {}
    for name, number, line in _lines(folder, "app/**/*.jsonl"):
        note = notes.pop((name, number), None)
        kind = note["kind"] if note else None
        try:
            event = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            assert kind == "encodage"
            event = json.loads(line.decode("cp1252"))
        except json.JSONDecodeError:
            assert kind == "json_casse"
            continue
        assert (event["evenement_id"] in seen) == (kind == "evenement_double"), (name, number)
        seen.add(event["evenement_id"])
        sent = datetime.fromisoformat(event["envoye_at"])
        try:
            happened = datetime.fromisoformat(event["survenu_at"])
        except ValueError:
            assert kind == "date_impossible"
            continue
        assert (happened > sent) == (kind == "date_future")
        assert (sent - happened > timedelta(hours=8)) == (kind == "evenement_tardif")
        if event["type"] == "note":
            assert (event["donnees"]["note"] > 5) == (
                kind == "note_hors_echelle"
            ) or kind == "intervention_inconnue"
        if event["type"] in ("arrivee", "depart"):
            assert (event["donnees"]["latitude"] is None) == (kind == "gps_manquant")
        if event["type"] == "arrivee":
            arrivals[event["intervention_id"]] = event["survenu_at"]
        if event["type"] == "depart" and event["intervention_id"] in arrivals:
            early = event["survenu_at"] < arrivals[event["intervention_id"]]
            assert early == (kind == "depart_avant_arrivee")
        assert ((event["intervention_id"] or 0) > mess.UNKNOWN_ID) == (kind == "intervention_inconnue")
    assert not notes, "the ledger names lines that do not exist"


def test_spoilt_erp_rows_are_what_the_ledger_says_and_the_others_are_sound(company):
    notes = {
        (n["table"], n["key"]): n
        for today in company.days
        for n in today.ledger
        if n["source"] == "erp" and n["expected_fate"] == "quarantaine"
    }
    no_gps = {n["key"] for day in company.days for n in day.ledger if n["kind"] == "gps_manquant"}
    assert {n["kind"] for n in notes.values()} == {"montant_negatif", "client_inconnu", "date_impossible"}
    end = company.days[-1].day.isoformat()
    last: dict[tuple[str, int], dict] = {}
    for change, _when in company.changes:
        key = (change.table, change.key)
        if change.action == "delete":
            last.pop(key)
        else:
            last[key] = {**last.get(key, {}), **change.values}
    for key, row in last.items():
        note = notes.get(key)
        spoilt = note is not None and not (note["corrige_le"] and note["corrige_le"] <= end)
        assert _looks_spoilt(key[0], row) == spoilt, (key, row, note)
        assert key[0] != "clients" or (row["latitude"] is None) == (key[1] in no_gps)


def _looks_spoilt(table: str, row: dict) -> bool:
    if table == "factures":
        return row["montant_total_eur"] < 0
    if table == "intervention_pieces":
        return row["prix_unitaire_eur"] < 0 or row["quantite"] < 1
    if table in ("devis", "reclamations") and row["client_id"] > mess.UNKNOWN_ID:
        return True
    if table == "devis":
        return bool(row.get("date_decision") and row["date_decision"] < row["date_emission"]) or (
            row["date_emission"].year > 2100
        )
    if table == "contrats":
        return row["date_fin"] < row["date_debut"] or row["montant_annuel_eur"] <= 0
    return False


def test_a_column_is_added_once_and_noted(company):
    added = [column for today in company.days for column in today.added_columns]
    assert [column[:2] for column in added] == [("clients", "code_naf")]
    assert sum(n["kind"] == "colonne_ajoutee" for today in company.days for n in today.ledger) == 1
