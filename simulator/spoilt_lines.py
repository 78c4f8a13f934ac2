"""Messages and exports as lines of files, some of them spoilt at known rates."""

from __future__ import annotations

import csv
import json
import uuid
from typing import Any

import numpy as np

from simulator.survey import as_line
from simulator.today import Line, Today

# Shares of application messages.
TWICE_RATE = 0.008
LATE_RATE = 0.007
BROKEN_RATE = 0.0025
CP1252_RATE = 0.008  # of messages that hold an accent
NO_GPS_RATE = 0.012  # of arrivals
NEGATIVE_STAY_RATE = 0.002  # of departures
WRONG_NOTE_RATE = 0.004  # of notes
UNKNOWN_VISIT_RATE = 0.0012
IMPOSSIBLE_DATE_RATE = 0.003  # of notes
# Shares of portal and survey lines.
PORTAL_RATE = 0.008  # for each of four kinds
SURVEY_RATE = 0.004  # for each of four kinds
UNKNOWN_ID = 9_000_000
LATE_DAYS = 4


def _dump(record: dict[str, Any]) -> bytes:
    return json.dumps({k: v for k, v in record.items() if not k.startswith("_")}, ensure_ascii=False).encode()


def _note(kind: str, source: str, key: Any, fate: str, details: str) -> dict[str, Any]:
    return {"kind": kind, "source": source, "key": key, "expected_fate": fate, "details": details}


def _break(payload: bytes, rng: np.random.Generator) -> bytes:
    """Cut a line in its middle, at a character's start."""
    text = payload.decode()
    return text[: int(len(text) * (0.3 + 0.5 * rng.random()))].encode()


def _has_accent(payload: bytes) -> bool:
    return any(byte > 127 for byte in payload)


def _as_cp1252(payload: bytes) -> bytes:
    return payload.decode().encode("cp1252")


def _arrivals(today: Today) -> dict[int, str]:
    return {e["intervention_id"]: e["survenu_at"] for e in today.app_events if e["type"] == "arrivee"}


def _spoil_content(
    event: dict[str, Any], arrivals: dict[int, str], arrival_kept: bool, rng: np.random.Generator
) -> dict[str, Any] | None:
    """Spoil what an event says; returns the ledger's note, or None for a good event."""
    key, draw = event["evenement_id"], rng.random()
    kind = event["type"]
    if kind == "arrivee" and draw < NO_GPS_RATE:
        event["donnees"].update(latitude=None, longitude=None)
        return _note("gps_manquant", "app", key, "accepte_avertissement", "position vide à l'arrivée")
    if kind == "depart" and draw < NEGATIVE_STAY_RATE and not arrival_kept:
        arrival = arrivals[event["intervention_id"]]
        hour = int(arrival[11:13]) - 1
        event["survenu_at"] = f"{arrival[:11]}{hour:02d}{arrival[13:]}"
        return _note("depart_avant_arrivee", "app", key, "quarantaine", f"départ une heure avant {arrival}")
    if kind == "note" and draw < WRONG_NOTE_RATE:
        event["donnees"]["note"] = 7
        return _note("note_hors_echelle", "app", key, "quarantaine", "note 7 au lieu de 1 à 5")
    if kind == "note" and draw < WRONG_NOTE_RATE + IMPOSSIBLE_DATE_RATE:
        future = draw < WRONG_NOTE_RATE + IMPOSSIBLE_DATE_RATE / 2
        stamp = event["survenu_at"]
        event["survenu_at"] = (
            f"{int(stamp[:4]) + 10}{stamp[4:]}" if future else f"{stamp[:5]}13-45T25:61:00+01:00"
        )
        name = "date_future" if future else "date_impossible"
        return _note(name, "app", key, "quarantaine", f"survenu_at {event['survenu_at']}")
    return None


def spoil_app(today: Today, rng: np.random.Generator) -> None:
    """Application messages of the day as lines, in the order in which they are sent."""
    kept_arrivals: set[int] = set()  # visits whose arrival is still in the phone
    versioned = "evenements.version_app" in today.world.columns_added
    arrivals = _arrivals(today)
    for event in sorted(today.app_events, key=lambda e: e["_minute"]):
        if versioned:
            event["version_app"] = "4.2.0"
        minute = event["_minute"]
        note = _spoil_content(event, arrivals, event["intervention_id"] in kept_arrivals, rng)
        payload = _dump(event)
        twice, late, broken, odd, unknown = rng.random(5)
        if note is not None:
            today.app_lines.append(Line(minute, payload, [note]))
        elif late < LATE_RATE:
            days = 1 + int(late / LATE_RATE * LATE_DAYS)
            if event["type"] == "arrivee":
                kept_arrivals.add(event["intervention_id"])
            details = f"survenu le {today.day.isoformat()}, reçu {days} jour(s) plus tard"
            held = _note("evenement_tardif", "app", event["evenement_id"], "accepte_tard", details)
            today.world.schedule(
                today.ordinal + days, "livraison_retardee", payload.decode(), 480 + 30 * float(broken), held
            )
        elif broken < BROKEN_RATE:
            # The phone sees the failure and sends the same message again with the next synchronisation.
            note = _note(
                "json_casse", "app", event["evenement_id"], "quarantaine", "ligne coupée, renvoyée ensuite"
            )
            today.app_lines.append(Line(minute, _break(payload, rng), [note]))
            today.app_lines.append(Line(minute + 5, payload))
        elif odd < CP1252_RATE and _has_accent(payload):
            note = _note("encodage", "app", event["evenement_id"], "repare", "ligne en cp1252")
            today.app_lines.append(Line(minute, _as_cp1252(payload), [note]))
        else:
            today.app_lines.append(Line(minute, payload))
            if twice < TWICE_RATE:
                note = _note("evenement_double", "app", event["evenement_id"], "doublon", "envoyé deux fois")
                today.app_lines.append(Line(minute + 5, payload, [note]))
        if unknown < UNKNOWN_VISIT_RATE and event["type"] == "note":
            stray = {**event, "evenement_id": str(uuid.UUID(bytes=rng.bytes(16), version=4)),
                     "intervention_id": UNKNOWN_ID + event["intervention_id"]}  # fmt: skip
            note = _note(
                "intervention_inconnue", "app", stray["evenement_id"], "quarantaine", "numéro mal saisi"
            )
            today.app_lines.append(Line(minute, _dump(stray), [note]))


def spoil_portal(today: Today, rng: np.random.Generator) -> None:
    """Portal requests of the day as lines. Spoilt lines are strays with numbers of their own, or copies."""
    for minute, record in sorted(today.portal_records, key=lambda item: item[0]):
        payload = _dump(record)
        key = record["demande_id"]
        unknown, inverted, broken, twice, odd = rng.random(5)
        if odd < 4 * PORTAL_RATE and _has_accent(payload):
            today.portal_lines.append(
                Line(
                    minute,
                    _as_cp1252(payload),
                    [_note("encodage", "portail", key, "repare", "ligne en cp1252")],
                )
            )
        else:
            today.portal_lines.append(Line(minute, payload))
        if twice < PORTAL_RATE:
            note = _note("demande_double", "portail", key, "doublon", "ligne répétée à l'identique")
            copy = today.portal_lines[-1].payload
            today.portal_lines.append(Line(minute, copy, [note]))
        if broken < PORTAL_RATE:
            note = _note("json_casse", "portail", key, "quarantaine", "ligne coupée")
            today.portal_lines.append(Line(minute, _break(payload, rng), [note]))
        if record["statut"] == "A valider" and unknown < PORTAL_RATE:
            stray = {
                **record,
                "demande_id": key.replace("P-", "P-9"),
                "client_id": UNKNOWN_ID + record["client_id"],
            }
            note = _note(
                "client_inconnu", "portail", stray["demande_id"], "quarantaine", "client absent de l'ERP"
            )
            today.portal_lines.append(Line(minute, _dump(stray), [note]))
        if record["statut"] == "A valider" and inverted < PORTAL_RATE:
            stray = {**record, "demande_id": key.replace("P-", "P-8"), "creneau_debut": record["creneau_fin"],
                     "creneau_fin": record["creneau_debut"]}  # fmt: skip
            note = _note("creneau_inverse", "portail", stray["demande_id"], "quarantaine", "fin avant début")
            today.portal_lines.append(Line(minute, _dump(stray), [note]))


def spoil_survey(today: Today, rng: np.random.Generator) -> None:
    """Spoil some answered lines of the weekly export (answered lines are final)."""
    lines, today.survey_lines = today.survey_lines, []
    for line in lines:
        row = next(csv.reader([line.payload.decode()], delimiter=";"))
        kinds = rng.random(5)
        if not row[5]:
            today.survey_lines.append(line)
        elif kinds[0] < SURVEY_RATE:
            row[6] = "12"
            note = _note(
                "note_hors_echelle", "enquete", row[0], "quarantaine", "recommandation 12 au lieu de 0 à 10"
            )
            today.survey_lines.append(Line(line.minute, as_line(row), [note]))
        elif kinds[1] < SURVEY_RATE:
            row[5] = "31/02/" + row[5][6:]
            note = _note("date_impossible", "enquete", row[0], "quarantaine", f"répondu le {row[5]}")
            today.survey_lines.append(Line(line.minute, as_line(row), [note]))
        elif kinds[2] < SURVEY_RATE:
            row[1] = str(UNKNOWN_ID + int(row[1]))
            note = _note(
                "intervention_inconnue", "enquete", row[0], "quarantaine", "intervention absente de l'ERP"
            )
            today.survey_lines.append(Line(line.minute, as_line(row), [note]))
        elif kinds[3] < 6 * SURVEY_RATE and _has_accent(line.payload):
            note = _note("encodage", "enquete", row[0], "repare", "ligne en cp1252")
            today.survey_lines.append(Line(line.minute, _as_cp1252(line.payload), [note]))
        else:
            today.survey_lines.append(line)
            if kinds[4] < SURVEY_RATE:
                note = _note("ligne_double", "enquete", row[0], "doublon", "ligne répétée à l'identique")
                today.survey_lines.append(Line(line.minute, line.payload, [note]))
