"""What if: a scenario solved beside the base, with the same budget and seed, and compared term by term."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimisers import weekly
from optimisers.model import Place, Problem, Result, Stop, Technician, Visit, places_of
from optimisers.travel import TravelProvider
from optimisers.weekly.costs import worked_min

Scenario = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A scenario against the base. Differences are scenario − base: points, kilometres, hours, visits."""

    name: str
    result: Result
    objective: float
    km: float
    hours: float
    planned: int
    lateness: float


def compare(
    problem: Problem, scenarios: Mapping[str, Scenario], stop: Stop, seed: int
) -> tuple[Result, tuple[Comparison, ...]]:
    """The base's result and each scenario's comparison. Raises InvalidProblem for an impossible scenario.

    Points left by a search are part of each difference: give both enough budget, and see the gaps. Half a
    search compares with nothing: an interruption is raised as KeyboardInterrupt.
    """
    changed = {name: change(problem) for name, change in scenarios.items()}
    base = _whole(weekly.solve(problem, stop, seed))
    found = []
    for name, other in changed.items():
        result = _whole(weekly.solve(other, stop, seed))
        found.append(
            Comparison(
                name,
                result,
                objective=result.objective - base.objective,
                km=result.km - base.km,
                hours=hours_of(other, result) - hours_of(problem, base),
                planned=planned_in(result) - planned_in(base),
                lateness=result.costs.lateness - base.costs.lateness,
            )
        )
    return base, tuple(found)


def _whole(result: Result) -> Result:
    if result.interrupted:
        raise KeyboardInterrupt
    return result


def hours_of(problem: Problem, result: Result) -> float:
    """Hours worked in a result's plan, as the balance counts them."""
    return sum(worked_min(problem, day) for day in result.plan) / 60


def planned_in(result: Result) -> int:
    """Different visits in the plan."""
    return len({stop.visit_id for day in result.plan for stop in day.visits})


def one_more_technician(technician: Technician, travel: TravelProvider) -> Scenario:
    """Hire: the technician joins, and the ways are computed again."""

    def change(problem: Problem) -> Problem:
        crew = (*problem.technicians, technician)
        matrix = travel.matrix(places_of(crew, problem.visits, problem.depot))
        return replace(problem, technicians=crew, travel=matrix)

    return change


def other_hours(hours_per_day: float, technician_ids: Sequence[int] | None = None) -> Scenario:
    """Another contract for the technicians named (None: for all)."""

    def change(problem: Problem) -> Problem:
        crew = tuple(
            replace(t, hours_per_day=hours_per_day)
            if technician_ids is None or t.technician_id in technician_ids
            else t
            for t in problem.technicians
        )
        return replace(problem, technicians=crew)

    return change


def other_zones(zone_of: Callable[[Place], int], zone_of_technician: Mapping[int, int]) -> Scenario:
    """Another zoning: the zone of each place, and the zone that each technician prefers."""

    def change(problem: Problem) -> Problem:
        visits: tuple[Visit, ...] = tuple(replace(v, zone=zone_of(v.place)) for v in problem.visits)
        crew = tuple(
            replace(t, preferred_zone=zone_of_technician.get(t.technician_id, t.preferred_zone))
            for t in problem.technicians
        )
        return replace(problem, visits=visits, technicians=crew)

    return change


def longer_ways(factor: float) -> Scenario:
    """Slower roads (snow, works): minutes × `factor`, rounded up; kilometres stay."""

    def change(problem: Problem) -> Problem:
        minutes = np.ceil(problem.travel.minutes * factor - 1e-9).astype(np.int64)
        return replace(problem, travel=replace(problem.travel, minutes=minutes))

    return change
