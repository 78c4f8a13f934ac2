"""The dispatcher's habits, as written down."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.catalogue import TYPE_BY_ID
from simulator.dispatcher import Tour, fill
from simulator.world import Client, Technician, Visit, new_world
from tests.unit.simulator.company_in_memory import FIRST

DAY = FIRST.toordinal()
HOME = (45.90, 6.12)
FROZEN_TOUR = [4, 9, 10, 6, 5, 14, 12]


def _world(*places: tuple[float, float], known: frozenset[int] = frozenset()):
    world = new_world(7, 1.0, FIRST, FIRST)
    world.technicians.append(Technician(1, "Zoé", "Métral", *HOME, [1], list(range(1, 9)), 1.0, 0.0, 0.0))
    for number, (latitude, longitude) in enumerate(places, start=1):
        client = Client(
            number,
            1,
            "Particulier",
            "Or",
            "x",
            latitude,
            longitude,
            480,
            1140,
            1,
            0,
            0.4,
            4.1,
            DAY,
            DAY,
            True,
        )
        client.known_by = [1] if number in known else []
        world.clients[number] = client
        world.visits[number] = _visit(number)
    return world


def _visit(
    number: int, *, due: int = DAY + 3, urgent: bool = False, promise: tuple[int, int] = (0, 0)
) -> Visit:
    planned, hour = (DAY, promise[0]) if promise[1] else (0, 0)
    return Visit(
        number, number, 1, 1, 1, 1, DAY - 9, due, planned, hour, 50, urgent, *promise, 0, 0, 0.0, 600.0
    )


def _order(world, pool: list[int], fixed: list[int] = ()) -> list[int]:
    person = world.technicians[0]
    tour = Tour(person, person.latitude, person.longitude, fixed=[world.visits[n] for n in fixed])
    fill(tour, [world.visits[n] for n in pool], world, DAY)
    return [visit.visit_id for visit, _start in tour.stops]


def test_nearest_first_from_stop_to_stop():
    world = _world((45.95, 6.12), (45.91, 6.12), (45.93, 6.12))
    assert _order(world, [1, 2, 3]) == [2, 3, 1]


def test_a_known_customer_goes_before_a_nearer_unknown_one():
    world = _world((45.905, 6.12), (45.92, 6.12), known=frozenset({2}))
    assert _order(world, [1, 2]) == [2, 1]


def test_urgent_then_oldest_overdue_then_the_near_ones():
    world = _world((45.901, 6.12), (45.93, 6.12), (45.96, 6.12))
    world.visits[2] = _visit(2, due=DAY - 4)
    world.visits[3] = _visit(3, urgent=True)
    assert _order(world, [1, 2, 3]) == [3, 2, 1]


def test_a_promise_is_driven_in_time_even_from_afar():
    world = _world((45.905, 6.12), (45.91, 6.12), (45.915, 6.12), (46.03, 6.11))
    world.visits[4] = _visit(4, promise=(600, 720))
    person = world.technicians[0]
    tour = Tour(person, *HOME, fixed=[world.visits[4]])
    fill(tour, [world.visits[n] for n in (1, 2, 3)], world, DAY)
    start = dict((visit.visit_id, start) for visit, start in tour.stops)[4]
    assert 600 <= start <= 720


def test_closed_doors_are_respected():
    world = _world((45.905, 6.12))
    world.clients[1].opens_min = 13 * 60
    person = world.technicians[0]
    tour = Tour(person, *HOME)
    fill(tour, [world.visits[1]], world, DAY)
    assert tour.stops[0][1] == 13 * 60


def test_promises_are_kept_but_for_the_hazards_of_the_road(company):
    windows = {}
    for change, _when in company.changes:
        if change.table == "interventions" and "rdv_debut" in change.values:
            windows[change.key] = (change.values["rdv_debut"], change.values["rdv_fin"])
    kept = [
        event["survenu_at"] <= windows[event["intervention_id"]][1].isoformat()
        for today in company.days
        for event in today.app_events
        if event["type"] == "arrivee" and windows.get(event["intervention_id"], (None,))[0]
    ]
    assert len(kept) > 200
    assert sum(kept) / len(kept) > 0.85


def test_nobody_is_sent_without_the_skill(company):
    skills = {person.technician_id: person.skills for person in company.world.technicians}
    types = {
        c.key: c.values["type_intervention_id"]
        for c, _ in company.changes
        if c.table == "interventions" and c.action == "insert"
    }
    done = [e for day in company.days for e in day.app_events if e["type"] == "arrivee"]
    assert len(done) > 1000
    assert all(TYPE_BY_ID[types[e["intervention_id"]]].skill_id in skills[e["technicien_id"]] for e in done)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 7, 20])
def test_every_skill_is_held_by_two_and_from_three_people_on_not_by_all(count):
    from simulator.technicians import _skills_of

    held = [sum(skill in _skills_of(index, count) for index in range(count)) for skill in range(1, 9)]
    assert min(held) >= 2
    assert count == 2 or max(held) < count


def test_the_policy_is_frozen():
    """A tour worked out once: whoever changes the habits changes the yardstick of every planner."""
    rng = np.random.default_rng(2025)
    places = [(45.90 + 0.03 * float(a), 6.12 + 0.04 * float(b)) for a, b in rng.normal(size=(16, 2))]
    world = _world(*places, known=frozenset({2, 5, 8, 11, 14}))
    world.visits[4] = _visit(4, urgent=True)
    world.visits[9] = _visit(9, due=DAY - 6)
    world.visits[12] = _visit(12, promise=(840, 960))
    pool = [number for number in world.visits if number != 12]
    assert _order(world, pool, fixed=[12]) == FROZEN_TOUR
