"""Small weeks around Annecy, made by hand or by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from optimisers.model import (
    Appointment,
    Place,
    PlannedVisit,
    Problem,
    Technician,
    TechnicianDay,
    TravelMatrix,
    Visit,
    Window,
    places_of,
)
from optimisers.travel import DetourTravel

MONDAY = date(2025, 11, 17)
CENTRES = [
    (45.899, 6.129),
    (45.919, 6.154),
    (45.885, 6.090),
    (45.906, 6.100),
    (45.950, 6.090),
    (45.860, 6.170),
]
SKILLS = ("Tableau", "VMC", "IRVE", "Alarme")


def _problem(technicians: list[Technician], visits: list[Visit], days: int = 5, **options) -> Problem:
    """A problem from Monday 17 November 2025 on."""
    places = places_of(technicians, visits, options.get("depot"))
    horizon = tuple(MONDAY + timedelta(number) for number in range(days))
    return Problem(horizon, tuple(technicians), tuple(visits), DetourTravel().matrix(places), **options)


@pytest.fixture(scope="session")
def problem_of() -> Callable[..., Problem]:
    """`problem_of(technicians, visits, days, **options)`: a problem made by hand."""
    return _problem


@pytest.fixture(scope="session")
def random_week() -> Callable[..., Problem]:
    """A week like the demo company's: `random_week(seed, visits, technicians, days)`."""

    def build(seed: int, visits: int = 30, technicians: int = 3, days: int = 5, **options) -> Problem:
        chance = random.Random(seed)

        def near(zone: int) -> Place:
            latitude, longitude = CENTRES[zone % len(CENTRES)]
            return Place(latitude + chance.gauss(0, 0.02), longitude + chance.gauss(0, 0.02))

        crew = [
            Technician(
                n + 1, f"Technicien {n + 1}", near(n), dict.fromkeys(chance.sample(SKILLS, 3), 1), 8.0, n + 1
            )
            for n in range(technicians)
        ]
        work = []
        for number in range(visits):
            zone = chance.randrange(len(CENTRES))
            promise = None
            if chance.random() < 0.15:
                start = chance.choice([480, 600, 840, 960])
                promise = Appointment(MONDAY + timedelta(chance.randrange(days)), start, start + 120)
            hours = chance.choice([(480, 1080), (540, 720), (840, 1080)])
            work.append(
                Visit(
                    1000 + number,
                    near(zone),
                    chance.choice([30, 45, 60, 90, 120]),
                    {chance.choice(SKILLS): 1},
                    zone + 1,
                    (Window(*hours),),
                    appointment=promise,
                    urgent=chance.random() < 0.1,
                    due=MONDAY + timedelta(chance.randint(-10, 14)),
                )
            )
        return _problem(crew, work, days, **options)

    return build


LEG_MIN, LEG_M = 10, 5000


def _flat(technicians: list[Technician], visits: list[Visit], days: int = 5, **options) -> Problem:
    """Every way takes 10 minutes and is 5 km long; days from Monday 17 November 2025 on."""
    size = len(places_of(technicians, visits, options.get("depot")))
    apart = 1 - np.eye(size, dtype=np.int64)
    first = options.pop("first", MONDAY)
    horizon = tuple(first + timedelta(number) for number in range(days))
    travel = TravelMatrix(LEG_M * apart, LEG_MIN * apart)
    return Problem(horizon, tuple(technicians), tuple(visits), travel, **options)


def _flat_day(
    problem: Problem,
    technician_id: int,
    day: date,
    starts: dict[int, int],
    lunch: int | None = None,
    via_depot: Sequence[int] = (),
) -> TechnicianDay:
    """A day of a flat problem: visits with their beginnings, left for and left at once, back directly."""
    durations = {visit.visit_id: visit.duration_min for visit in problem.visits}
    handling = problem.depot.handling_min if problem.depot else 0
    technician = next(t for t in problem.technicians if t.technician_id == technician_id)
    stops: list[PlannedVisit] = []
    for visit_id, start in starts.items():
        through = visit_id in via_depot
        metres, minutes = (2 * LEG_M, 2 * LEG_MIN + handling) if through else (LEG_M, LEG_MIN)
        arrival = max(stops[-1].end_min + minutes, start - 30) if stops else start
        if lunch is not None and stops and stops[-1].end_min <= lunch < start:
            arrival = start
        end = start + durations[visit_id]
        stops.append(PlannedVisit(visit_id, min(arrival, start), start, end, metres, minutes, through))
    back = (0, 0) if technician.open_end else (LEG_M, LEG_MIN)
    depart = stops[0].arrival_min - stops[0].travel_min
    return TechnicianDay(technician_id, day, depart, stops[-1].end_min + back[1], lunch, tuple(stops), *back)


@pytest.fixture(scope="session")
def flat() -> Callable[..., Problem]:
    """`flat(technicians, visits, days, **options)`: every way takes 10 minutes."""
    return _flat


@pytest.fixture(scope="session")
def flat_day() -> Callable[..., TechnicianDay]:
    """`flat_day(problem, technician_id, day, {visit_id: start}, lunch, via_depot)`."""
    return _flat_day
