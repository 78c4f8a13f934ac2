"""The customer portal: requests for a time slot, validated or refused by the office on a following day."""

from __future__ import annotations

from datetime import date
from typing import Any

from simulator import demand
from simulator.calendar import at_minute, next_working_day, shift_to_working
from simulator.catalogue import TYPE_BY_ID, TYPE_OF
from simulator.promises import free_day, promise, slot_for
from simulator.today import Today
from simulator.world import Client, Visit

REQUESTS_A_DAY = 2.3
COMMENTS = (
    "", "", "", "Merci de sonner chez le gardien", "Disponible le matin de préférence",
    "Code portail : voir fiche", "Le disjoncteur saute régulièrement", "Bruit anormal depuis une semaine",
    "Parking côté école", "Préférence pour le même technicien que d'habitude",
    "Accès par l'arrière du bâtiment",
)  # fmt: skip


def _publish(today: Today, record: dict[str, Any], minute: float) -> None:
    record["emis_at"] = today.at(minute).isoformat()
    today.portal_records.append((minute, dict(record)))


def _waiting_visit(today: Today, client: Client) -> Visit | None:
    return next((v for v in today.world.visits_of(client) if not v.planned and not v.urgent), None)


def receive(today: Today) -> None:
    """Requests of the day: a slot for a visit that is waiting anyway, or for a new problem."""
    world, rng = today.world, today.rng("portal")
    ids = list(world.clients)
    for _ in range(
        int(rng.poisson(REQUESTS_A_DAY * world.scale * (0.5 if today.day.weekday() > 4 else 1.2)))
    ):
        client = world.clients[ids[int(rng.random() * len(ids))]]
        minute = 420 + rng.random() * 900
        if not client.contract_id:
            continue
        waiting = _waiting_visit(today, client)
        skill = client.installations[int(rng.random() * len(client.installations))][1]
        type_id = (
            waiting.type_id if waiting else TYPE_OF["Depannage" if rng.random() < 0.8 else "Controle", skill]
        )
        wanted = shift_to_working(date.fromordinal(today.ordinal + 4 + int(rng.random() * 10)))
        slot = slot_for(client, rng.random())
        number = f"P-{world.next_id('demande'):06d}"
        record = {
            "demande_id": number, "client_id": client.client_id, "type_intervention_id": type_id,
            "creneau_debut": at_minute(wanted, slot[0]).isoformat(), "creneau_fin": at_minute(wanted,
            slot[1]).isoformat(), "urgence": "Normale",
            "commentaire": COMMENTS[int(rng.random() * len(COMMENTS))], "statut": "A valider",
            "intervention_id": None, "emis_at": "",
        }  # fmt: skip
        _publish(today, record, minute)
        world.portal[number] = {**record, "wanted": wanted.toordinal(), "slot": list(slot)}
        world.schedule(
            next_working_day(today.day).toordinal() + int(rng.random() * 2), "portail_decision", number
        )


def decide(today: Today, number: str) -> None:
    """The office answers a request: a promised window, or a refusal when no technician is free that week."""
    world, rng = today.world, today.rng("portal-decisions")
    minute = 545 + rng.random() * 420
    request = world.portal.pop(number)
    wanted, slot = request.pop("wanted"), tuple(request.pop("slot"))
    client = world.clients[request["client_id"]]
    found = None
    if client.contract_id:
        found = free_day(today, client, request["type_intervention_id"], wanted, slot)
    if found is None or rng.random() < 0.07:
        _publish(today, {**request, "statut": "Annule"}, minute)
        return
    visit = _waiting_visit(today, client)
    if visit is None or visit.type_id != request["type_intervention_id"]:
        visit_type = TYPE_BY_ID[request["type_intervention_id"]]
        installation = next(i for i in client.installations if i[1] == visit_type.skill_id)
        visit = demand.open_visit(today, client, visit_type.category, installation, wanted + 3, minute)
    promise(today, visit, *found, slot, minute + 1)
    when = date.fromordinal(found[0])
    request.update(
        statut="Valide", intervention_id=visit.visit_id, creneau_debut=at_minute(when, slot[0]).isoformat(),
        creneau_fin=at_minute(when, slot[1]).isoformat(),
    )  # fmt: skip
    _publish(today, request, minute + 2)
    if rng.random() < 0.05 and found[0] > today.ordinal + 2:
        world.portal[number] = request
        world.schedule(today.ordinal + 1, "portail_annulation", number)


def withdraw(today: Today, number: str) -> None:
    """The customer cancels a validated request."""
    request = today.world.portal.pop(number)
    minute = 540 + today.rng("portal-withdrawals").random() * 300
    visit = today.world.visits.get(request["intervention_id"])
    if visit is not None:
        demand.cancel_visit(today, visit, minute)
        _publish(today, {**request, "statut": "Annule"}, minute + 1)
