"""Lower bounds of a week: the best that is available within the time given."""

from __future__ import annotations

import numpy as np

from optimisers.routing.instance import NOWHERE, Instance
from optimisers.weekly.compile import HOLD, Compiled

ASSIGNMENT = "relaxation en affectation (Hongrois)"
FAR = 1e9


def lower_bound(compiled: Compiled, upper_bound: float, seconds: float) -> tuple[float, str]:
    """Points that no lawful plan of the problem can beat, and the method.

    `compiled` is the problem without decisions; `upper_bound` the points of a known plan.
    """
    relaxed = Compiled(
        compiled.problem,
        _without_hold(compiled.instance),
        compiled.decisions,
        compiled.shifts,
        compiled.visit_of,
        compiled.elements,
        compiled.facts,
        compiled.constant,
    )
    value = assignment_bound(relaxed.instance) + compiled.constant
    return min(value, upper_bound), ASSIGNMENT


def _without_hold(instance: Instance) -> Instance:
    from dataclasses import replace

    skip = instance.skip_cost
    return replace(instance, skip_cost=np.where(np.isfinite(skip) & (skip >= HOLD), skip - HOLD, skip))


def assignment_bound(instance: Instance) -> float:
    """Assignment relaxation of the routes, solved exactly (Kuhn 1955).

    Each planned visit is left exactly once, towards another visit or an end of a day, and reached exactly
    once. Times, capacities, balance (at least 0) and the demand that routes are connected are dropped. Rows
    depart, columns arrive: visits, then one shift each; a visit that leads to itself is left out.
    """
    from scipy.optimize import linear_sum_assignment

    shifts, visits = instance.shape
    if not visits:
        return 0.0
    at, choice = instance.visit_at, instance.choice_cost
    cheapest = choice.min(axis=0) if shifts else np.full(visits, np.inf)
    cheapest = np.where(np.isfinite(cheapest), cheapest, FAR)
    legs = _shortest(instance)
    cost = np.full((visits + shifts, visits + shifts), FAR)
    cost[:visits, :visits] = legs[np.ix_(at, at)] + cheapest[None, :]
    skip = np.where(np.isfinite(instance.skip_cost), instance.skip_cost, FAR)
    cost[np.arange(visits), np.arange(visits)] = skip
    for shift in range(shifts):
        row = visits + shift
        doable = np.isfinite(choice[shift])
        start, end = instance.start_at[shift], instance.end_at[shift]
        out = legs[start, at] if start != NOWHERE else np.zeros(visits)
        back = legs[at, end] if end != NOWHERE else np.zeros(visits)
        cost[row, :visits] = np.where(doable, out + cheapest, FAR)
        cost[:visits, row] = np.where(doable, back, FAR)
        cost[row, row] = 0.0
    rows, columns = linear_sum_assignment(cost)
    return float(cost[rows, columns].sum())


def _shortest(instance: Instance) -> np.ndarray:
    """Legs, or the way through the depot where that is cheaper: a passage is free to be made anywhere."""
    legs, depot = instance.leg_cost, instance.depot_at
    if depot == NOWHERE:
        return legs
    return np.minimum(legs, legs[:, depot][:, None] + legs[depot][None, :])
