"""Small weeks around Annecy, made by hand or by a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from optimisers.model import Appointment, Place, Problem, Technician, Visit, Window, places_of
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
