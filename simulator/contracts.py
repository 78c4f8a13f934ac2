"""Contracts: signed, invoiced, renewed at their end, cancelled before it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from simulator import billing, demand
from simulator.calendar import add_months
from simulator.catalogue import CONTRACT_PRICE_EUR, SEGMENTS, VISITS_PER_YEAR
from simulator.today import Today
from simulator.world import Client

USUAL_RAISE = 0.025
SHARP_RAISE_SHARE = 0.16
LOWEST_PRICE_EUR, HIGHEST_PRICE_EUR = 150.0, 2500.0


def _draw_price(segment: str, rng: np.random.Generator) -> float:
    typical, lowest, highest = CONTRACT_PRICE_EUR[segment]
    return round(float(min(max(typical * rng.lognormal(0, 0.28), lowest), highest)), 2)


def _end_of(start: date) -> date:
    return add_months(start, 12) - timedelta(days=1)


def _open(today: Today, client: Client, start: date, previous: int | None, minute: float) -> None:
    number = today.world.next_id("contrat")
    end = _end_of(start)
    client.contract_id, client.contract_end, client.leaving = number, end.toordinal(), False
    client.visits_per_year = VISITS_PER_YEAR[client.segment]
    today.journal.insert(
        "contrats", minute, contrat_id=number, client_id=client.client_id,
        reference=f"CT-{start.year}-{number:05d}", date_debut=start, date_fin=end,
        montant_annuel_eur=client.price_eur, nb_visites_an=client.visits_per_year, statut="Actif",
        contrat_precedent_id=previous,
    )  # fmt: skip
    # The decision to leave or stay falls on the contract's last day.
    today.world.schedule(end.toordinal(), "fin_contrat", client.client_id, number)
    demand.schedule_year(today, client, start)


def take_over(today: Today, client: Client, start: date, years: int, rng: np.random.Generator) -> None:
    """Contracts of a customer from before the first day: past ones renewed, the last one running."""
    price = _draw_price(client.segment, rng)
    previous: int | None = None
    for year in range(years):
        begin = add_months(start, -12 * (years - year))
        number = today.world.next_id("contrat")
        today.journal.insert(
            "contrats", 5, contrat_id=number, client_id=client.client_id,
            reference=f"CT-{begin.year}-{number:05d}", date_debut=begin, date_fin=_end_of(begin),
            montant_annuel_eur=max(LOWEST_PRICE_EUR, round(price * (1 - USUAL_RAISE) ** (years - year), 2)),
            nb_visites_an=VISITS_PER_YEAR[client.segment], statut="Renouvele", contrat_precedent_id=previous,
        )  # fmt: skip
        previous = number
    client.price_eur, client.last_raise = price, USUAL_RAISE
    _open(today, client, start, previous, 6)


def sign_first(today: Today, client: Client, minute: float, rng: np.random.Generator) -> None:
    """First contract of a new customer, invoiced at once."""
    client.price_eur = _draw_price(client.segment, rng)
    _open(today, client, today.day, None, minute + 5)
    billing.bill_contract(today, client, minute + 10)


def reach_end(today: Today, client_id: int, contract_id: int) -> None:
    """The last day of a contract: it is renewed at a new price, or runs out."""
    client = today.world.clients.get(client_id)
    if client is None or client.contract_id != contract_id:
        return
    rng = today.rng("renewals")
    if client.leaving:
        _leave(today, client, "Expire", 330)
        return
    today.journal.update("contrats", contract_id, 335, statut="Renouvele")
    sharp = rng.random() < SHARP_RAISE_SHARE
    client.last_raise = round(0.07 + 0.08 * rng.random() if sharp else USUAL_RAISE, 4)
    client.price_eur = min(HIGHEST_PRICE_EUR, round(client.price_eur * (1 + client.last_raise), 2))
    if rng.random() < 0.05 and client.segment != "Or":
        client.segment = SEGMENTS[SEGMENTS.index(client.segment) + 1]
        client.price_eur, client.last_raise = _draw_price(client.segment, rng), USUAL_RAISE
        today.journal.update("clients", client_id, 336, segment=client.segment)
    _open(today, client, today.day + timedelta(days=1), contract_id, 337)
    billing.bill_contract(today, client, 340)


def cancel(today: Today, client_id: int, contract_id: int) -> None:
    """A customer leaves before the contract's end."""
    client = today.world.clients.get(client_id)
    if client is not None and client.contract_id == contract_id:
        _leave(today, client, "Resilie", 600 + today.rng("cancel").random() * 300)


def _reason(today: Today, client: Client) -> str:
    """The reason noted by the office, close to the true cause but often vague."""
    rng = today.rng("reason")
    if rng.random() < 0.25:
        return "Non communiqué"
    if client.complaints or client.low_notes:
        return "Insatisfaction"
    if client.late_visits and rng.random() < 0.5:
        return "Délais trop longs"
    if client.last_raise > 0.05:
        return "Prix"
    return ("Déménagement", "Concurrence", "Prix", "Sans besoin")[int(rng.random() * 4)]


def _leave(today: Today, client: Client, status: str, minute: float) -> None:
    today.journal.update(
        "contrats", client.contract_id, minute, statut=status, date_resiliation=today.day,
        motif_resiliation=_reason(today, client),
    )  # fmt: skip
    client.contract_id, client.leaving = 0, False
    for visit in today.world.visits_of(client):
        demand.cancel_visit(today, visit, minute + 1)
