"""One day in the life of the company, from the morning's draws to the evening's plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import (
    billing,
    churn,
    clients,
    contracts,
    demand,
    dispatcher,
    mess,
    portal,
    promises,
    quotes,
    satisfaction,
    survey,
    technicians,
    visits,
)
from simulator.calendar import is_working
from simulator.catalogue_writer import write_catalogue
from simulator.today import Today, begin
from simulator.world import World


def _cancel_if_open(today: Today, visit_id: int, _reason: str) -> None:
    visit = today.world.visits.get(visit_id)
    if visit is not None and not visit.planned:
        demand.cancel_visit(today, visit, 600)


def _erase_visit(today: Today, visit_id: int) -> None:
    today.journal.delete("interventions", visit_id, 615)


DUTIES: dict[str, Callable[..., None]] = {
    "annule_visite": _cancel_if_open,
    "correction": mess.correct,
    "decision_devis": quotes.decide,
    "efface_client": clients.erase,
    "efface_intervention": _erase_visit,
    "enquete_envoi": survey.send,
    "enquete_reponse": survey.answer,
    "fin_contrat": contracts.reach_end,
    "livraison_retardee": mess.deliver_late,
    "paiement": billing.settle,
    "portail_annulation": portal.withdraw,
    "portail_decision": portal.decide,
    "promesse": promises.promise_by_phone,
    "reclamation": satisfaction.open_complaint,
    "resiliation": contracts.cancel,
    "resout_reclamation": satisfaction.resolve_complaint,
    "visite_contrat": demand.open_contract_visit,
}


def _found(today: Today) -> None:
    write_catalogue(today)
    technicians.hire_staff(today)
    technicians.plan_leave(today, today.day.year)
    clients.take_over_base(today)


def _do_agenda(today: Today) -> None:
    items: list[list[Any]] = today.world.agenda.pop(today.ordinal, [])
    for kind, *payload in items:
        DUTIES[kind](today, *payload)


def live_day(world: World) -> Today:
    """Live the day after `world.day`, changing `world`; returns what the day wrote."""
    today = begin(world, world.day + 1)
    if today.ordinal == world.first_day:
        _found(today)
    mess.grow_schema(today)
    if (today.day.month, today.day.day) == (1, 1):
        technicians.plan_leave(today, today.day.year)
        technicians.raise_rates(today)
    churn.draw_departures(today)
    technicians.fall_sick(today)
    _do_agenda(today)
    if is_working(today.day):
        clients.welcome_new(today)
        clients.edit_records(today)
    demand.take_calls(today)
    portal.receive(today)
    visits.drive_day(today)
    dispatcher.plan_next_day(today)
    survey.export(today)
    mess.spoil(today)
    world.day = today.ordinal
    return today
