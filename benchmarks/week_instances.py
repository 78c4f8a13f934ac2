"""Seeded weeks as the requirements describe them: seven zones, five trades, urgent calls, promised slots.

Positions are drawn around the centres of the seven declared zones (Annecy and its former communes). Nothing
of it comes from the simulator of the demo company, so that the planner is not tuned to
what it is measured on.
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

from optimisers.model import Appointment, Place, Problem, Technician, Visit, Weights, Window, places_of
from optimisers.travel import DetourTravel

MONDAY = date(2025, 11, 17)
# Zone → centre and spread in km; the last one is everything outside the agglomeration.
ZONES = {
    1: ((45.8992, 6.1294), 1.5),
    2: ((45.9188, 6.1540), 1.8),
    3: ((45.8685, 6.0995), 2.0),
    4: ((45.9064, 6.1001), 1.5),
    5: ((45.9420, 6.1020), 2.5),
    6: ((45.8420, 6.1900), 4.0),
    7: ((45.8900, 6.0800), 14.0),
}
DEMAND = (0.22, 0.16, 0.14, 0.12, 0.12, 0.10, 0.14)
TRADES = ("Tableau", "VMC", "IRVE", "Alarme", "Photovoltaique")
# What each trade's visits last, minutes.
DURATIONS = {
    "Tableau": (45, 60, 90),
    "VMC": (30, 45, 60),
    "IRVE": (45, 60, 90),
    "Alarme": (30, 45),
    "Photovoltaique": (60, 90),
}
HOURS = (((480, 1080),), ((510, 720), (810, 1050)), ((480, 720),), ((810, 1080),))
SLOTS = ((480, 600), (600, 720), (810, 930), (930, 1020))


def week(visits: int, technicians: int, seed: int, weights: Weights | None = None) -> Problem:
    """A five-day week. About a tenth is urgent, a sixth is promised, a fifth is late already.

    Leaving a visit that is not due out costs as much as any other, since the peers have to plan everything.
    """
    chance = random.Random(seed)
    crew = [_technician(chance, number) for number in range(technicians)]
    work = [_visit(chance, number) for number in range(visits)]
    places = places_of(crew, work)
    days = tuple(MONDAY + timedelta(number) for number in range(5))
    chosen = weights or Weights(unassigned_waiting=Weights().unassigned)
    return Problem(days, tuple(crew), tuple(work), DetourTravel().matrix(places), weights=chosen)


def _technician(chance: random.Random, number: int) -> Technician:
    zone = number % 7 + 1
    # Two in three visits need a trade that most technicians know: every trade is held by three in five.
    held = [TRADES[(number + step) % len(TRADES)] for step in range(3)]
    return Technician(
        number + 1, f"Technicien {number + 1}", _near(chance, zone), dict.fromkeys(held, 1), 8.0, zone
    )


def _visit(chance: random.Random, number: int) -> Visit:
    zone = chance.choices(list(ZONES), DEMAND)[0]
    trade = chance.choice(TRADES)
    promise = None
    if chance.random() < 1 / 6:
        promise = Appointment(MONDAY + timedelta(chance.randrange(5)), *chance.choice(SLOTS))
    opening = chance.choices(HOURS, (0.6, 0.2, 0.1, 0.1))[0]
    return Visit(
        1000 + number,
        _near(chance, zone),
        chance.choice(DURATIONS[trade]),
        {trade: 1},
        zone,
        tuple(Window(*hours) for hours in opening),
        promise,
        chance.random() < 0.1,
        MONDAY + timedelta(chance.choice((-3, -1, 0, 1, 2, 3, 4, 7, 9, 14))),
    )


def _near(chance: random.Random, zone: int) -> Place:
    (latitude, longitude), spread_km = ZONES[zone]
    north, east = chance.gauss(0, spread_km / 2), chance.gauss(0, spread_km / 2)
    return Place(latitude + north / 111.2, longitude + east / (111.2 * math.cos(math.radians(latitude))))
