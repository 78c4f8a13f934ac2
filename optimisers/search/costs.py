"""The solver's own account of a plan's cost, by term. The checker has another, written apart."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from optimisers.model import Costs
from optimisers.search.compiled import CompiledProblem, zone_cost


def fair_shares(compiled: CompiledProblem) -> list[float]:
    """Part of the week's work that falls to each technician: in proportion to the time available."""
    available = [0] * len(compiled.problem.technicians)
    for shift in compiled.shifts:
        available[shift.technician] += shift.max_work_min
    total = sum(available)
    return [minutes / total if total else 0.0 for minutes in available]


def balance_cost(compiled: CompiledProblem, work_min: Sequence[float], shares: Sequence[float]) -> float:
    """Points for Σ (hours − fair share)²; `work_min` is indexed by technician."""
    total = sum(work_min)
    squares = sum((work - total * share) ** 2 for work, share in zip(work_min, shares, strict=True))
    return compiled.weights.balance_per_hour2 * squares / 3600


def costs_of(
    compiled: CompiledProblem, orders: Mapping[int, Sequence[int]], work_min: Mapping[int, int]
) -> Costs:
    """Costs of visits (positions) ordered by shift number; `work_min` by shift number."""
    problem = compiled.problem
    metres, lateness, wait, zone = 0, 0.0, 0.0, 0.0
    by_technician = [0.0] * len(problem.technicians)
    planned = set()
    for number, order in orders.items():
        shift = compiled.shifts[number]
        day, technician = problem.days[shift.day], problem.technicians[shift.technician]
        stops = [shift.technician, *[compiled.first_visit + v for v in order], shift.technician]
        metres += sum(compiled.metres[a][b] for a, b in itertools.pairwise(stops))
        by_technician[shift.technician] += work_min[number]
        for visit in (problem.visits[v] for v in order):
            waited = (
                problem.weights.urgent_wait_per_day * (day - problem.days[0]).days if visit.urgent else 0.0
            )
            zone += zone_cost(problem, visit, technician)
            wait += waited
            if visit.due is not None and day > visit.due:
                factor = problem.weights.urgent_factor if visit.urgent else 1.0
                lateness += problem.weights.lateness_per_day * factor * (day - visit.due).days
        planned.update(order)
    unassigned = sum(cost for visit, cost in enumerate(compiled.skip_cost) if visit not in planned)
    balance = balance_cost(compiled, by_technician, fair_shares(compiled))
    return Costs(problem.weights.per_km * metres / 1000, balance, lateness, wait, zone, unassigned)
