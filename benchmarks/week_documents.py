"""The weekly model of the requirements, as written: x[i, j, t], zone to zone, 480 minutes without travel.

Its assignment is then driven in the best order that exists for each day: what it costs is due to the
assignment alone, not to how the day is routed.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from benchmarks.week_instances import ZONES
from optimisers.model import Place, PlannedVisit, Problem, TechnicianDay
from optimisers.routing.search import search
from optimisers.travel import DetourTravel
from optimisers.weekly.compile import compile_problem

DAY_MIN = 480
ROUTING_ITERATIONS = 20_000


def documents_plan(problem: Problem, seconds: float) -> tuple[TechnicianDay, ...]:
    """Days as a technician would live them: left at eight, lunch when its time comes, no waiting anywhere."""
    return _driven(problem, _assigned(problem, seconds))


def _assigned(problem: Problem, seconds: float) -> dict[tuple[int, int], list[int]]:
    """Visits by (technician, day), positions: SCIP on the documents' model."""
    from ortools.linear_solver import pywraplp

    centres = [Place(*centre) for centre, _ in ZONES.values()]
    km = DetourTravel().matrix(centres).metres / 1000
    zones = list(ZONES)
    solver = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetTimeLimit(int(seconds * 1000))
    x = {}
    for j, visit in enumerate(problem.visits):
        for i, technician in enumerate(problem.technicians):
            if all(skill in technician.skills for skill in visit.skills):
                for t in range(len(problem.days)):
                    x[i, j, t] = solver.BoolVar("")
        solver.Add(sum(var for (_, other, _), var in x.items() if other == j) == 1)
    for i, t in itertools.product(range(len(problem.technicians)), range(len(problem.days))):
        own = [(j, var) for (k, j, day), var in x.items() if (k, day) == (i, t)]
        solver.Add(sum(problem.visits[j].duration_min * var for j, var in own) <= DAY_MIN)
    solver.Minimize(
        sum(
            float(
                km[
                    zones.index(problem.technicians[i].preferred_zone),
                    zones.index(problem.visits[j].zone),
                ]
            )
            * var
            for (i, j, _), var in x.items()
        )
    )
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return {}
    chosen: dict[tuple[int, int], list[int]] = {}
    for (i, j, t), var in x.items():
        if var.solution_value() > 0.5:
            chosen.setdefault((i, t), []).append(j)
    return chosen


def _driven(problem: Problem, chosen: dict[tuple[int, int], list[int]]) -> tuple[TechnicianDay, ...]:
    compiled = compile_problem(problem)
    instance = compiled.instance
    shifts, visits = instance.shape
    where = np.full((shifts, visits), np.inf)
    for shift, place in enumerate(compiled.shifts):
        where[shift, chosen.get((place.technician, place.day), [])] = 0.0
    free = replace(
        instance,
        windows=np.tile(np.array([0.0, 1e6]), (visits, len(problem.days), 1, 1)),
        choice_cost=where,
        skip_cost=np.full(visits, 1e6),
        latest=np.full(shifts, 1e6),
        max_work=np.full(shifts, 1e6),
        max_week_min=np.full(len(problem.technicians), 1e6),
        pause=type(instance.pause)(),
        max_stretch=np.inf,
        balance_per_hour2=0.0,
    )
    orders = search(free, max_iterations=ROUTING_ITERATIONS).orders
    return tuple(
        _day(problem, compiled.shifts[shift].technician, compiled.shifts[shift].day, order)
        for shift, order in enumerate(orders)
        if order
    )


def _day(problem: Problem, technician: int, day: int, order: tuple[int, ...]) -> TechnicianDay:
    rules, travel = problem.rules, problem.travel
    clock, at, lunch = rules.day_start_min, technician, None
    stops = []
    for visit in order:
        if lunch is None and clock >= rules.lunch_from_min:
            lunch, clock = clock, clock + rules.lunch_min
        here = problem.visit_at(visit)
        minutes = int(travel.minutes[at, here])
        start, clock = clock + minutes, clock + minutes + problem.visits[visit].duration_min
        identifier = problem.visits[visit].visit_id
        stops.append(PlannedVisit(identifier, start, start, clock, int(travel.metres[at, here]), minutes))
        at = here
    back = int(travel.minutes[at, technician])
    return TechnicianDay(
        problem.technicians[technician].technician_id,
        problem.days[day],
        rules.day_start_min,
        clock + back,
        lunch,
        tuple(stops),
        int(travel.metres[at, technician]),
        back,
    )
