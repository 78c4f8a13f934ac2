"""What customers feel after a visit, why, and what they do about it: note at signature, complaint."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.today import Today
from simulator.world import Client, Technician

# True coefficients of the latent satisfaction (1 to 5 scale) of one visit.
NOTE_BASE = 4.38
NOTE_PER_DAY_LATE = -0.07  # per day after the due date, 20 days at most
NOTE_UNRESOLVED = -1.6
NOTE_PER_WINDOW_MIN_LATE = -0.012  # per minute after the promised window, 90 at most
NOTE_OVERRUN = -0.25  # overrun of more than 30 minutes
NOTE_NOISE = 0.62
NOTE_GIVEN_SHARE = 0.86
MEMORY = 0.65  # weight of the past in a customer's running satisfaction
LATE_DAYS = 7

COMPLAINT_BASE = -4.6  # log-odds of a complaint after a visit
COMPLAINT_LATE = 1.5
COMPLAINT_UNRESOLVED = 1.9
COMPLAINT_WINDOW = 1.1
COMPLAINT_TEMPER = -0.8  # per point of the customer's own bias


@dataclass(frozen=True, slots=True)
class Experience:
    """What happened during a visit, from the customer's side. Days and minutes, zero when on time."""

    days_late: int
    window_late_min: float
    overrun_min: float
    resolved: bool


def feel(
    client: Client, technician: Technician, experience: Experience, ordinal: int, rng: np.random.Generator
) -> tuple[float, int | None]:
    """Latent satisfaction of the visit and the note given (None: no note); updates the customer's memory."""
    latent = (
        NOTE_BASE
        + client.bias
        + technician.warmth
        + NOTE_PER_DAY_LATE * min(experience.days_late, 20)
        + NOTE_UNRESOLVED * (not experience.resolved)
        + NOTE_PER_WINDOW_MIN_LATE * min(experience.window_late_min, 90.0)
        + NOTE_OVERRUN * (experience.overrun_min > 30)
        + NOTE_NOISE * float(rng.standard_normal())
    )
    client.satisfaction = round(MEMORY * client.satisfaction + (1 - MEMORY) * latent, 5)
    note = max(1, min(5, round(latent))) if rng.random() < NOTE_GIVEN_SHARE else None
    if note is not None and note < 3:
        client.low_notes.append(ordinal)
    if experience.days_late > LATE_DAYS:
        client.late_visits.append(ordinal)
    return latent, note


def maybe_complain(
    today: Today, client: Client, visit_id: int, experience: Experience, rng: np.random.Generator
) -> None:
    """Some visits are followed by a complaint, up to four days later."""
    late, unresolved = experience.days_late > LATE_DAYS, not experience.resolved
    window = experience.window_late_min > 30
    odds = (
        COMPLAINT_BASE
        + COMPLAINT_LATE * late
        + COMPLAINT_UNRESOLVED * unresolved
        + COMPLAINT_WINDOW * window
        + COMPLAINT_TEMPER * client.bias
    )
    if rng.random() < 1 / (1 + np.exp(-odds)):
        reasons = [
            text
            for true, text in (
                (unresolved, "Problème non résolu"),
                (late, "Délai d'intervention"),
                (window, "Rendez-vous non respecté"),
                (experience.overrun_min > 30, "Facturation contestée"),
            )
            if true
        ] or ["Comportement", "Propreté du chantier", "Facturation contestée"]
        reason = reasons[int(rng.random() * len(reasons))]
        today.world.schedule(
            today.ordinal + 1 + int(rng.random() * 4), "reclamation", client.client_id, visit_id, reason
        )


def open_complaint(today: Today, client_id: int, visit_id: int, reason: str) -> None:
    """Record a complaint; it is answered one to four weeks later."""
    world, rng = today.world, today.rng("complaints")
    number = world.next_id("reclamation")
    world.clients[client_id].complaints.append(today.ordinal)
    today.journal.insert(
        "reclamations", 560 + rng.random() * 420, reclamation_id=number, client_id=client_id,
        intervention_id=visit_id, date_ouverture=today.day, motif=reason, statut="Ouvert",
    )  # fmt: skip
    world.schedule(today.ordinal + 4 + int(rng.random() * 24), "resout_reclamation", number)


def resolve_complaint(today: Today, complaint_id: int) -> None:
    """Close a complaint."""
    minute = 560 + today.rng("complaints").random() * 420
    today.journal.update("reclamations", complaint_id, minute, statut="Resolu", date_resolution=today.day)
