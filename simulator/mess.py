"""The mess of real systems, at known rates; the ledger notes each spoilt row or line and its expected fate.

Fates: `quarantaine` (until `corrige_le` when the row is corrected), `repare`, `doublon`, `accepte_tard`,
`accepte_avertissement`. Only leaves are spoilt (invoices, parts, quotes, complaints; lines of files),
so that one bad row does not drag good ones with it. The last version of a key is the one that is spoilt,
never one that a later line replaces.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np

from simulator.journal import Change
from simulator.spoilt_lines import spoil_app, spoil_portal, spoil_survey
from simulator.today import Line, Today

NEGATIVE_INVOICE_RATE = 0.004
NEGATIVE_PART_RATE = 0.003
UNKNOWN_CLIENT_RATE = 0.008  # quotes and complaints
IMPOSSIBLE_DATE_RATE = 0.008  # quotes dated a century ahead
CORRECTED_SHARE = 0.5
UNKNOWN_ID = 9_000_000
CODE_NAF_DAYS_BEFORE_END = 60
PAYMENT_MODE_DAYS_AFTER_END = 3
APP_VERSION_DAYS_BEFORE_END = 45


def grow_schema(today: Today) -> None:
    """The editor's updates: a column, another one after the history, a new key in the messages."""
    world = today.world
    for table, column, sql_type, offset in (
        ("clients", "code_naf", "varchar(6)", -CODE_NAF_DAYS_BEFORE_END),
        ("factures", "mode_paiement", "varchar(12)", PAYMENT_MODE_DAYS_AFTER_END),
    ):
        if today.ordinal == world.history_end + offset:
            today.added_columns.append((table, column, sql_type))
            world.columns_added.append(f"{table}.{column}")
            _note(
                today,
                "colonne_ajoutee",
                "accepte_avertissement",
                table,
                column,
                f"colonne {column} {sql_type}",
            )
    if today.ordinal == world.history_end - APP_VERSION_DAYS_BEFORE_END:
        world.columns_added.append("evenements.version_app")
        today.ledger.append(
            {"kind": "cle_json_ajoutee", "source": "app", "file": None, "line": None, "key": "version_app",
             "expected_fate": "accepte_avertissement",
             "details": "clé version_app dans chaque événement dès ce jour"}
        )  # fmt: skip


def _note(
    today: Today, kind: str, fate: str, table: str, key: Any, details: str, corrected: date | None = None
) -> None:
    today.ledger.append(
        {"kind": kind, "source": "erp", "table": table, "key": key, "expected_fate": fate, "details": details,
         "corrige_le": corrected.isoformat() if corrected else None}
    )  # fmt: skip


def _spoil_row(today: Today, change: Change, kind: str, bad: dict[str, Any], corrected: bool) -> None:
    rng = today.rng("mess-erp")
    good = {column: change.values[column] for column in bad}
    when = today.ordinal + 3 + int(rng.random() * 4) if corrected else 0
    change.values.update(bad)
    details = ", ".join(f"{column} = {value}" for column, value in bad.items())
    _note(
        today,
        kind,
        "quarantaine",
        change.table,
        change.key,
        details,
        date.fromordinal(when) if when else None,
    )
    if when:
        plain = {c: v.isoformat() if isinstance(v, date) else v for c, v in good.items()}
        today.world.schedule(when, "correction", change.table, change.key, plain)


def correct(today: Today, table: str, key: int, values: dict[str, Any]) -> None:
    """Somebody corrects a spoilt row: its good values come back."""
    good = {c: date.fromisoformat(v) if c.startswith("date_") else v for c, v in values.items()}
    today.journal.update(table, key, 650 + today.rng("corrections").random() * 200, **good)


def _spoil_erp(today: Today, rng: np.random.Generator) -> None:
    # Every Friday the first invoice is typed as a credit and put right the following week: a sure example.
    friday = today.day.weekday() == 4
    for change in [c for c in today.journal.changes if c.action == "insert"]:
        corrected = bool(rng.random() < CORRECTED_SHARE)
        draw = rng.random()
        values = change.values
        if (
            change.table == "factures"
            and values["nature"] == "Intervention"
            and (friday or draw < NEGATIVE_INVOICE_RATE)
        ):
            bad = {"montant_total_eur": -values["montant_total_eur"]}
            _spoil_row(today, change, "montant_negatif", bad, corrected or friday)
            friday = False
        elif change.table == "intervention_pieces" and draw < NEGATIVE_PART_RATE:
            bad = {"prix_unitaire_eur": -values["prix_unitaire_eur"]}
            _spoil_row(today, change, "montant_negatif", bad, corrected)
        elif change.table in ("devis", "reclamations") and draw < UNKNOWN_CLIENT_RATE:
            _spoil_row(
                today, change, "client_inconnu", {"client_id": UNKNOWN_ID + values["client_id"]}, corrected
            )
        elif change.table == "devis" and draw < UNKNOWN_CLIENT_RATE + IMPOSSIBLE_DATE_RATE:
            bad = {"date_emission": today.day + timedelta(days=36525)}
            _spoil_row(today, change, "date_impossible", bad, corrected)


def deliver_late(today: Today, text: str, minute: float, note: dict[str, Any]) -> None:
    """A message that a phone kept for days arrives."""
    event = json.loads(text)
    event["envoye_at"] = today.at(minute).isoformat()
    payload = json.dumps(event, ensure_ascii=False).encode()
    today.app_lines.append(Line(minute, payload, [note]))


def spoil(today: Today) -> None:
    """Spoil the day's rows and turn its messages into lines, some of them spoilt."""
    _spoil_erp(today, today.rng("mess-erp-choice"))
    spoil_app(today, today.rng("mess-app"))
    spoil_portal(today, today.rng("mess-portal"))
    spoil_survey(today, today.rng("mess-survey"))
