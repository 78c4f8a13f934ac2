"""What another assignment would have saved: the visits of a day shared out again between those who worked.

Beside `replay`, which changes only each technician's order. The day, the visits, the promises and the people
stay; a visit may go to another technician who has the skills. Nobody comes home later or works longer than
the longest of contract and driven day. Visits stay on their day: on Monday nobody knew Thursday's calls.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from optimisers.model import Problem, Rules, Technician, Visit, Weights, Window, places_of
from optimisers.routing.search import search
from optimisers.tours.replay import DrivenDay, EndlessDay, compare_day, driven_problem
from optimisers.travel import DetourTravel, TravelProvider
from optimisers.weekly.compile import compile_problem

ITERATIONS = 4000
ALL_PLANNED = 1e6


@dataclass(frozen=True, slots=True)
class TeamDay:
    """All technicians' driven days of one date; skills by technician, and by visit what it needs."""

    day: date
    driven: tuple[DrivenDay, ...]
    held: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    needed: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TeamComparison:
    """Kilometres of a team's day: as driven, each in the best order, and shared out again.

    `technician_days` counts the tours compared.
    """

    day: date
    technician_days: int
    visits: int
    driven_km: float
    sequenced_km: float
    assigned_km: float


def compare_team_day(team: TeamDay, travel: TravelProvider | None = None, seed: int = 0) -> TeamComparison:
    """Compare a day. Tours that cannot be replayed, or had no time for lunch, are not part of it.

    Raises ValueError when fewer than two tours remain: there is nobody to share with.
    """
    travel = travel or DetourTravel()
    tours = [(day, problem) for day in team.driven if (problem := _lunched(day, travel)) is not None]
    if len(tours) < 2:
        raise ValueError(f"{team.day}: {len(tours)} tour(s) to compare, expected two at least; leave it out")
    alone = [compare_day(day, travel, seed) for day, _ in tours]
    driven_km = sum(tour.driven_km for tour in alone)
    sequenced_km = sum(tour.optimised_km for tour in alone)
    problem = _shared(team, [problem for _, problem in tours], travel)
    instance = compile_problem(problem).instance
    bounds = itertools.accumulate((len(day.stops) for day, _ in tours), initial=0)
    start = [tuple(range(first, last)) for first, last in itertools.pairwise(bounds)]
    found = search(instance, max_iterations=ITERATIONS, seed=seed, start=start)
    whole = sum(map(len, found.orders)) == len(problem.visits)
    assigned_km = min(sequenced_km, found.objective) if whole else sequenced_km
    return TeamComparison(
        team.day, len(tours), len(problem.visits), driven_km, sequenced_km, float(assigned_km)
    )


def _lunched(day: DrivenDay, travel: TravelProvider) -> Problem | None:
    matrix = travel.matrix([day.home, *[stop.place for stop in day.stops]])
    try:
        problem = driven_problem(day, matrix)
    except EndlessDay:
        return None
    return problem if problem.rules.lunch_min else None


def _shared(team: TeamDay, problems: Sequence[Problem], travel: TravelProvider) -> Problem:
    """One problem of all tours: only kilometres count, and every visit is made."""
    crew = tuple(_skilled(team, problem) for problem in problems)
    visits: tuple[Visit, ...] = tuple(
        _open(visit, team.needed.get(visit.visit_id, {}), crew[number])
        for number, problem in enumerate(problems)
        for visit in problem.visits
    )
    rules = Rules(
        day_end_min=max(problem.rules.day_end_min for problem in problems), law=problems[0].rules.law
    )
    weights = Weights(
        balance_per_hour2=0.0, lateness_per_day=0.0, urgent_wait_per_day=0.0, outside_zone=0.0,
        unassigned=ALL_PLANNED,
    )  # fmt: skip
    return Problem((team.day,), crew, visits, travel.matrix(places_of(crew, visits)), rules, weights)


def _skilled(team: TeamDay, problem: Problem) -> Technician:
    technician = problem.technicians[0]
    return Technician(
        technician.technician_id,
        technician.name,
        technician.home,
        dict(team.held.get(technician.technician_id, {})),
        technician.hours_per_day,
    )


def _open(visit: Visit, needed: Mapping[str, int], driver: Technician) -> Visit:
    """What the visit needs, as far as the technician who made it had it: he did make it."""
    skills = {skill: min(level, driver.skills.get(skill, 0)) for skill, level in needed.items()}
    windows = tuple(Window(window.start_min, window.end_min) for window in visit.windows)
    return Visit(
        visit.visit_id,
        visit.place,
        visit.duration_min,
        {skill: level for skill, level in skills.items() if level},
        windows=windows,
    )
