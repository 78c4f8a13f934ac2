"""Hypothesis strategies: weeks with every feature of the model, kind, cruel and impossible."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from optimisers.law import public_holidays
from optimisers.model import (
    Absence,
    Appointment,
    Depot,
    Derogation,
    InvalidProblem,
    Moment,
    Pin,
    Place,
    Problem,
    Rules,
    Slot,
    Technician,
    TravelMatrix,
    Visit,
    Weights,
    Window,
    places_of,
)
from optimisers.travel import DetourTravel

# Plain; both weeks around each change of the clocks; with 11 November; with 1 and 8 May; Christmas.
MONDAYS = [
    date(2025, 11, 17),
    date(2026, 3, 23),
    date(2026, 3, 30),
    date(2025, 10, 20),
    date(2025, 10, 27),
    date(2025, 11, 10),
    date(2026, 4, 27),
    date(2026, 5, 4),
    date(2025, 12, 22),
]
SKILLS = ("VMC", "IRVE", "Tableau")
TOOLS = ("camera", "nacelle")
PARTS = ("filtre", "carte")
places = st.builds(Place, st.floats(45.80, 46.00), st.floats(6.00, 6.35))
holdings = st.dictionaries(st.sampled_from(SKILLS), st.integers(1, 3))
WHOLE_DAY = (Window(480, 1080),)


def often(value, other):
    """Mostly `value`; sometimes what the other strategy draws."""
    return st.one_of(st.just(value), st.just(value), st.just(value), other)


@st.composite
def technicians(draw, number: int, days: tuple[date, ...]) -> Technician:
    held = dict.fromkeys(SKILLS, 2) if draw(st.booleans()) else draw(holdings)
    absences = []
    if draw(st.integers(0, 3)) == 0:
        day = draw(st.sampled_from(days))
        absences = [draw(st.sampled_from([Absence(day, 0, 720), Absence(day, 720), Absence(day, 640)]))]
    end = draw(often(None, places))
    return Technician(
        number,
        f"T{number}",
        draw(places),
        held,
        draw(st.sampled_from([4.0, 7.0, 7.8, 8.0, 11.0])),
        draw(st.sampled_from([None, 1, 2])),
        frozenset(draw(st.sets(st.sampled_from(days), max_size=2))),
        tuple(absences),
        frozenset(draw(st.sets(st.sampled_from(TOOLS)))),
        draw(st.dictionaries(st.sampled_from(PARTS), st.integers(0, 3))),
        end,
        end is None and draw(often(False, st.just(True))),
        draw(often(0.0, st.sampled_from([3.0, 20.0, 39.0, 47.0]))),
        draw(often((), st.sampled_from([(35.0,) * 11, (48.0,) * 10 + (30.0,), (44.0,) * 11]))),
    )


@st.composite
def visits(draw, number: int, days: tuple[date, ...], crew: list[Technician]) -> Visit:
    day = draw(st.sampled_from(days))
    who = draw(st.sampled_from(crew))
    promise = None
    if draw(st.integers(0, 5)) == 0:
        start = draw(st.sampled_from([450, 600, 760, 1020]))
        on = draw(st.sampled_from([day, days[-1] + timedelta(1)]))
        promise = Appointment(on, start, start + draw(st.sampled_from([0, 60, 120])), draw(st.booleans()))
    pins = [Pin(who.technician_id), Pin(None, day), Pin(who.technician_id, day), Pin(None, day, 600)]
    published = ()
    if draw(st.integers(0, 4)) == 0:
        published = (Slot(who.technician_id, day, 600),)
    return Visit(
        number,
        draw(places),
        draw(st.sampled_from([5, 30, 60, 60, 90, 120, 240, 500])),
        draw(often({}, st.dictionaries(st.sampled_from((*SKILLS, "Alarme")), st.integers(1, 2), max_size=2))),
        draw(st.sampled_from([None, 1, 2, 3])),
        draw(opening_hours(days)),
        promise,
        draw(st.booleans()),
        draw(st.sampled_from([None, days[0], days[-1] - timedelta(9), days[-1] + timedelta(20)])),
        draw(often(None, often(None, st.sampled_from(pins)))),
        draw(st.sampled_from([1.0, 1.0, 0.5, 3.0])),
        frozenset(draw(often((), st.sets(st.sampled_from(TOOLS), min_size=1)))),
        draw(often({}, st.dictionaries(st.sampled_from(PARTS), st.integers(1, 2), min_size=1))),
        draw(often(1, st.integers(1, min(2, len(crew))))),
        frozenset(draw(often((), st.just((number - 1,))))) if number > 1 else frozenset(),
        published,
    )


def opening_hours(days: tuple[date, ...]):
    """All day, short, several a day, by day, or never."""
    by_day = st.sampled_from(days).map(lambda day: (Window(480, 720, day), Window(600, 1000)))
    short = st.sampled_from([0, 480, 540, 840, 1050]).map(lambda start: (Window(start, start + 30),))
    two = st.just((Window(480, 640), Window(840, 1080)))
    return st.one_of(*[st.just(WHOLE_DAY)] * 5, two, by_day, short, st.just(()))


@st.composite
def derogations(draw, days: tuple[date, ...], crew: list[Technician]) -> Derogation:
    limit, value = draw(
        st.sampled_from(
            [
                ("max_day_min", 720),
                ("max_week_min", 60 * 60),
                ("max_average_week_min", 46 * 60),
                ("daily_rest_min", 9 * 60),
                ("max_days_a_week", 7),
                ("longest_stretch_min", 420),
                ("sunday_off", 0),
                ("holidays_off", 0),
            ]
        )
    )
    first = draw(st.sampled_from(days))
    who = draw(st.sampled_from([None, crew[0].technician_id]))
    return Derogation(limit, value, first, days[-1], "accord d’entreprise", who)


@st.composite
def rules(draw, days: tuple[date, ...], crew: list[Technician]) -> Rules:
    return Rules(
        *draw(st.sampled_from([(480, 1080), (480, 1080), (360, 1260), (420, 1200)])),
        lunch_min=draw(st.sampled_from([45, 45, 60, 15, 0])),
        commute_counts=draw(often(True, st.just(False))),
        derogations=tuple(draw(st.lists(derogations(days, crew), max_size=2))),
        holidays=public_holidays({day.year for day in days}),
    )


@st.composite
def matrices(draw, of: list[Place]) -> TravelMatrix:
    """Great circles, sometimes made asymmetric."""
    travel = DetourTravel().matrix(of)
    if draw(st.integers(0, 3)):
        return travel
    skew = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 9, travel.minutes.shape)
    np.fill_diagonal(skew, 0)
    return TravelMatrix(travel.metres + 100 * skew, travel.minutes + skew)


@st.composite
def weeks(
    draw, most_technicians: int = 3, most_visits: int = 12, most_days: int = 7, facts: bool = True
) -> Problem:
    """A problem of one or two weeks, days in any holes, sometimes planned again in the middle."""
    monday = draw(st.sampled_from(MONDAYS))
    last = draw(st.sampled_from([4, 4, 6, 9]))
    offsets = draw(st.sets(st.integers(0, last), min_size=1, max_size=most_days))
    days = tuple(monday + timedelta(offset) for offset in sorted(offsets))
    crew = [draw(technicians(n + 1, days)) for n in range(draw(st.integers(1, most_technicians)))]
    work = [draw(visits(n + 1, days, crew)) for n in range(draw(st.integers(0, most_visits)))]
    depot = draw(
        st.one_of(
            st.none(),
            st.builds(
                Depot,
                places,
                st.sampled_from([0, 10]),
                st.sampled_from([0, 540]),
                st.sampled_from([900, 1440]),
            ),
        )
    )
    weights = Weights(
        per_km=draw(st.sampled_from([0.0, 1.0, 2.5])),
        balance_per_hour2=draw(st.sampled_from([0, 0.5, 5])),
        moved=draw(st.sampled_from([0.0, 10.0])),
    )
    travel = draw(matrices(places_of(crew, work, depot)))
    chosen = draw(rules(days, crew))
    problem = _sound(days, crew, work, travel, chosen, weights, depot)
    return draw(replanned(problem)) if facts and draw(st.integers(0, 3)) == 0 else problem


def _sound(days, crew, work, travel, chosen, weights, depot) -> Problem:
    """Without the pins that validation refuses (absent, another day than promised)."""
    try:
        return Problem(days, tuple(crew), tuple(work), travel, chosen, weights, depot)
    except InvalidProblem as error:
        refused = {fault.subject for fault in error.faults}
        kept = [replace(v, pin=None) if f"visit {v.visit_id}" in refused else v for v in work]
        return Problem(days, tuple(crew), tuple(kept), travel, chosen, weights, depot)


@st.composite
def replanned(draw, problem: Problem) -> Problem:
    """The same problem at a moment of its first days, up to two visits being facts."""
    day = problem.days[0]
    now = Moment(day, draw(st.sampled_from([480, 640, 800])))
    work, begins = list(problem.visits), 480
    for number in range(min(len(work), draw(st.integers(0, 2)))):
        visit = work[number]
        if visit.crew > 1 or begins >= now.minute:
            continue
        pin = Pin(problem.technicians[0].technician_id, day, begins)
        work[number] = replace(visit, frozen=True, pin=pin, published=(), after=frozenset())
        begins += visit.duration_min + 30
    return replace(problem, visits=tuple(work), now=now)


def dense(seed: int) -> Problem:
    """A full week of a seed: long days, seven of them, most visits can be placed."""
    chance = random.Random(seed)
    monday = chance.choice(MONDAYS)
    days = tuple(monday + timedelta(n) for n in sorted(chance.sample(range(10), 7)))

    def near() -> Place:
        return Place(45.9 + chance.gauss(0, 0.03), 6.12 + chance.gauss(0, 0.05))

    crew = [
        Technician(
            n + 1,
            f"T{n + 1}",
            near(),
            dict.fromkeys(SKILLS, chance.randint(1, 2)),
            chance.choice([7.0, 8.0, 11.0]),
            absences=(Absence(chance.choice(days), 700),) if chance.random() < 0.3 else (),
            tools=frozenset(chance.sample(TOOLS, chance.randrange(3))),
            stock={part: chance.randrange(4) for part in PARTS},
            end=near() if chance.random() < 0.2 else None,
        )
        for n in range(3)
    ]
    work = [
        Visit(
            n + 1,
            near(),
            chance.choice([20, 45, 60, 90, 120]),
            {chance.choice(SKILLS): chance.randint(1, 2)} if chance.random() < 0.4 else {},
            windows=chance.choice([WHOLE_DAY, WHOLE_DAY, (Window(480, 700), Window(800, 1100))]),
            tools=frozenset([chance.choice(TOOLS)]) if chance.random() < 0.2 else frozenset(),
            parts={chance.choice(PARTS): chance.randint(1, 2)} if chance.random() < 0.3 else {},
            crew=2 if chance.random() < 0.15 else 1,
            after=frozenset({chance.randint(1, n)}) if n and chance.random() < 0.2 else frozenset(),
        )
        for n in range(20)
    ]
    lifted = tuple(
        Derogation(limit, 0, days[0], days[-1], "accord d’entreprise")
        for limit in ("sunday_off", "holidays_off")
        if chance.random() < 0.7
    )
    chosen = Rules(
        *chance.choice([(480, 1080), (360, 1260)]),
        lunch_min=chance.choice([45, 45, 15, 0]),
        commute_counts=chance.random() < 0.7,
        derogations=lifted,
        holidays=public_holidays({day.year for day in days}),
    )
    depot = Depot(near(), 10, 540, 1000) if chance.random() < 0.7 else None
    travel = DetourTravel().matrix(places_of(crew, work, depot))
    return Problem(days, tuple(crew), tuple(work), travel, chosen, depot=depot)
