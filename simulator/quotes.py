"""Quotes written on site, their decision, and the work that follows a signature."""

from __future__ import annotations

from datetime import date

from simulator import demand
from simulator.calendar import shift_to_working
from simulator.catalogue import TYPE_BY_ID
from simulator.clients import add_installation
from simulator.today import Today
from simulator.world import Client, Visit

QUOTE_RATE = 0.115
NEVER_DECIDED_RATE = 0.04


def maybe_quote(today: Today, client: Client, visit: Visit, latent: float, minute: float) -> None:
    """Some visits end with a quote; decided one to six weeks later, about three in ten are signed."""
    world, rng = today.world, today.rng("quotes")
    if TYPE_BY_ID[visit.type_id].category == "Installation" or rng.random() >= QUOTE_RATE:
        return
    number = world.next_id("devis")
    amount = round(
        min(float(rng.lognormal(6.55, 0.62)) * (1.5 if client.kind == "Professionnel" else 1.0), 9500.0), 2
    )
    today.journal.insert(
        "devis", minute, devis_id=number, client_id=client.client_id, intervention_id=visit.visit_id,
        technicien_id=visit.technician_id, date_emission=today.day, montant_eur=amount, statut="Envoye",
    )  # fmt: skip
    if rng.random() < NEVER_DECIDED_RATE:
        return
    chance = min(0.9, max(0.03, 0.31 + 0.09 * (latent - 4.2) - 0.05 * (amount > 1500)))
    signed = rng.random() < chance
    when = today.ordinal + 3 + int(rng.gamma(2.0, 7.0))
    skill = TYPE_BY_ID[visit.type_id].skill_id
    world.schedule(when, "decision_devis", number, client.client_id, skill, amount, bool(signed))


def decide(today: Today, quote_id: int, client_id: int, skill: int, amount: float, signed: bool) -> None:
    """The customer signs or refuses; a signature opens an installation visit."""
    world, rng = today.world, today.rng("decisions")
    client, minute = world.clients[client_id], 520 + rng.random() * 560
    signed = signed and client.contract_id > 0
    today.journal.update(
        "devis", quote_id, minute, statut="Signe" if signed else "Refuse", date_decision=today.day
    )
    if signed:
        due = shift_to_working(date.fromordinal(today.ordinal + 14 + int(rng.random() * 14))).toordinal()
        number = add_installation(today, client, skill, date.fromordinal(due), minute + 1, rng)
        demand.open_visit(
            today,
            client,
            "Installation",
            [number, skill, due],
            due,
            minute + 2,
            quote_id=quote_id,
            quote_eur=amount,
        )
