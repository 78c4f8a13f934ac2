"""Invoices: yearly contracts, visits, signed quotes; and their payment some weeks later. Euros before tax."""

from __future__ import annotations

from simulator.catalogue import ARTICLE_BY_ID
from simulator.today import Today
from simulator.world import Client, Visit

# Share of a breakdown's labour that the contract's level leaves to the customer.
LABOUR_SHARE = {"Bronze": 1.0, "Argent": 0.5, "Or": 0.0}
PAYMENT_MODES = ("Virement", "Prelevement", "Cheque", "Carte")
FORGOTTEN_OVERTIME_RATE = 0.07  # accepted overtime that nobody bills


def _write(
    today: Today,
    client_id: int,
    nature: str,
    minute: float,
    parts: float,
    labour: float,
    overtime: float,
    **refs: int,
) -> None:
    world, rng = today.world, today.rng("billing")
    number = world.next_id("facture")
    parts, labour, overtime = round(parts, 2), round(labour, 2), round(overtime, 2)
    today.journal.insert(
        "factures", minute, facture_id=number, client_id=client_id, date_facture=today.day, nature=nature,
        montant_pieces_eur=parts, montant_mo_eur=labour, montant_heures_sup_eur=overtime,
        montant_total_eur=round(parts + labour + overtime, 2), statut="Emise", **refs,
    )  # fmt: skip
    status = "Annulee" if nature == "Intervention" and rng.random() < 0.012 else "Payee"
    world.schedule(today.ordinal + 14 + int(rng.gamma(3.0, 7.0)), "paiement", number, status)


def bill_contract(today: Today, client: Client, minute: float) -> None:
    """The yearly invoice of the running contract."""
    _write(
        today, client.client_id, "Contrat", minute, 0.0, client.price_eur, 0.0, contrat_id=client.contract_id
    )


def bill_quote(
    today: Today, client_id: int, quote_id: int, visit_id: int, amount_eur: float, minute: float
) -> None:
    """The invoice of a signed quote, once its work is done."""
    _write(
        today, client_id, "Devis", minute, 0.55 * amount_eur, 0.45 * amount_eur, 0.0, devis_id=quote_id,
        intervention_id=visit_id,
    )  # fmt: skip


def bill_visit(
    today: Today, client: Client, visit: Visit, category: str, worked_min: float, parts: list[tuple[int,
    int]], overtime_min: int, rate_eur: float, minute: float,
) -> None:  # fmt: skip
    """The invoice of a visit: parts, the labour that the contract does not cover, accepted overtime.

    `parts` holds (article_id, quantity). A free return after an unresolved problem is never billed.
    """
    if visit.origin_id or category == "Installation":
        return
    parts_eur = sum(ARTICLE_BY_ID[article].price_eur * quantity for article, quantity in parts)
    covered = category in ("Preventif", "Controle")
    labour_min = 0.0 if covered else min(worked_min, visit.minutes + 15) * LABOUR_SHARE[client.segment]
    overtime_eur = rate_eur * overtime_min / 60
    if parts_eur + labour_min + overtime_eur > 0:
        _write(
            today, client.client_id, "Intervention", minute, parts_eur, rate_eur * labour_min / 60,
            overtime_eur, intervention_id=visit.visit_id,
        )  # fmt: skip


def settle(today: Today, invoice_id: int, status: str) -> None:
    """Payment (or cancellation) of an invoice."""
    rng = today.rng("settle")
    changes = {"statut": status}
    if status == "Payee" and "factures.mode_paiement" in today.world.columns_added:
        changes["mode_paiement"] = PAYMENT_MODES[int(rng.random() * len(PAYMENT_MODES))]
    today.journal.update("factures", invoice_id, 540 + rng.random() * 300, **changes)
