"""Windows promised to customers, by phone or through the portal."""

from __future__ import annotations

from datetime import date

from simulator.calendar import at_minute, shift_to_working
from simulator.catalogue import TYPE_BY_ID
from simulator.today import Today
from simulator.world import Client, Visit, World

SLOTS_MIN = ((480, 600), (600, 720), (810, 930), (900, 1020))
MOST_PROMISES_A_DAY = 3


def responsible(world: World, client: Client, type_id: int, day: int) -> int:
    """Who serves the visit: the customer's usual technician if skilled and present, else a skilled colleague.

    Returns 0 when nobody with the skill is present that day.
    """
    skill = TYPE_BY_ID[type_id].skill_id
    usual = world.technician(client.technician_id)
    if skill in usual.skills and not usual.is_away(day):
        return usual.technician_id
    # Colleagues of the same office first: the search wraps around from the usual one.
    count = len(world.technicians)
    for step in range(1, count):
        other = world.technicians[(usual.technician_id - 1 + step) % count]
        if skill in other.skills and not other.is_away(day):
            return other.technician_id
    return 0


def promised_load(today: Today) -> dict[tuple[int, int], list[int]]:
    """Slots promised by (technician, day), as their first minutes; gathered once a day, then kept."""
    if today.promises is None:
        today.promises = {}
        for visit in today.world.visits.values():
            if visit.promised:
                today.promises.setdefault((visit.technician_id, visit.planned), []).append(
                    visit.promise_start
                )
    return today.promises


def slot_for(client: Client, draw: float) -> tuple[int, int]:
    """A slot within the customer's opening hours."""
    fitting = [s for s in SLOTS_MIN if s[0] >= client.opens_min and s[1] <= client.closes_min]
    return fitting[int(draw * len(fitting))] if fitting else SLOTS_MIN[2]


def free_day(
    today: Today, client: Client, type_id: int, wanted: int, slot: tuple[int, int]
) -> tuple[int, int] | None:
    """The first day from `wanted` on, among six working days, with the slot free, and who comes."""
    load = promised_load(today)
    day = max(wanted, today.ordinal + 2)
    for _ in range(6):
        day = shift_to_working(date.fromordinal(day)).toordinal()
        technician = responsible(today.world, client, type_id, day)
        taken = load.get((technician, day), [])
        if technician and len(taken) < MOST_PROMISES_A_DAY and slot[0] not in taken:
            return day, technician
        day += 1
    return None


def promise(
    today: Today, visit: Visit, day: int, technician: int, slot: tuple[int, int], minute: float
) -> None:
    """Promise a window: the visit is planned on that day, for that technician."""
    load = promised_load(today)
    load.setdefault((technician, day), []).append(slot[0])
    visit.technician_id, visit.planned, visit.hour_min = technician, day, slot[0]
    visit.promise_start, visit.promise_end = slot
    when = date.fromordinal(day)
    today.journal.update(
        "interventions", visit.visit_id, minute, statut="Planifiee", technicien_id=technician,
        date_planifiee=when, heure_prevue=at_minute(when, slot[0]).time(), rdv_debut=at_minute(when, slot[0]),
        rdv_fin=at_minute(when, slot[1]),
    )  # fmt: skip


def promise_by_phone(today: Today, visit_id: int) -> None:
    """The office calls a customer and promises a window close to the due date."""
    visit = today.world.visits.get(visit_id)
    if visit is None or visit.planned:
        return
    rng = today.rng("phone")
    client = today.world.clients[visit.client_id]
    slot = slot_for(client, rng.random())
    found = free_day(today, client, visit.type_id, visit.due - 5 + int(rng.random() * 7), slot)
    if found:
        promise(today, visit, *found, slot, 560 + rng.random() * 420)
