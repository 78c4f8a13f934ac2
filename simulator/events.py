"""Messages of the technicians' mobile application: one dictionary an event, still with its minutes."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np

from simulator.today import Today

SYNC_EVERY_MIN = 5


def send(
    today: Today, kind: str, technician_id: int, visit_id: int | None, minute: float, data: dict[str, Any]
) -> dict[str, Any]:
    """Record an event at `minute`; the phone sends it some minutes later, when the network allows."""
    rng = today.rng("phone-network")
    delay = 0.3 + float(rng.exponential(1.6))
    event = {
        "evenement_id": str(uuid.UUID(bytes=rng.bytes(16), version=4)),
        "type": kind,
        "intervention_id": visit_id,
        "technicien_id": technician_id,
        "survenu_at": today.at(minute).isoformat(),
        "envoye_at": today.at(minute + delay).isoformat(),
        "donnees": data,
        "_minute": minute + delay,
    }
    today.app_events.append(event)
    return event


def position(latitude: float, longitude: float, rng: np.random.Generator) -> dict[str, float]:
    """A GPS fix some ten metres around a point."""
    shift = rng.normal(0, 0.00012, 2)
    return {
        "latitude": round(latitude + float(shift[0]), 6),
        "longitude": round(longitude + float(shift[1]), 6),
    }


def file_minute(minute: float) -> int:
    """The synchronisation that carries a message sent at `minute`: the next multiple of five."""
    return int(-(-minute // SYNC_EVERY_MIN) * SYNC_EVERY_MIN)
