"""A lower bound that holds for every lawful plan: the assignment relaxation of the routes.

Each planned visit is left exactly once, towards another visit or a home, and reached exactly once. Dropping
times, capacities and the demand that routes are connected leaves an assignment problem, solved exactly.
Balance is bounded by 0.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from optimisers.search.compiled import FORBIDDEN, CompiledProblem

METHOD = "relaxation en affectation (Hongrois)"
FAR = 1e9


def assignment_bound(compiled: CompiledProblem) -> float:
    """Points no lawful plan can beat. Rows depart, columns arrive: visits, then one home a shift."""
    count, shifts = len(compiled.service), len(compiled.shifts)
    if count == 0:
        return 0.0
    per_metre = compiled.weights.per_km / 1000
    metres = np.asarray(compiled.metres, dtype=float) * per_metre
    choice = np.asarray(compiled.choice_cost, dtype=float).reshape(shifts, count)
    cheapest = choice.min(axis=0) if shifts else np.full(count, np.inf)
    first = compiled.first_visit
    cost = np.full((count + shifts, count + shifts), FAR)
    between = metres[first:, first:] + np.where(np.isfinite(cheapest), cheapest, FAR)[None, :]
    cost[:count, :count] = between
    # A visit that leads to itself is left out; a home that leads to itself is a day off.
    np.fill_diagonal(cost[:count, :count], compiled.skip_cost)
    for row, shift in enumerate(compiled.shifts):
        doable = choice[row] != FORBIDDEN
        cost[count + row, :count] = np.where(doable, metres[shift.technician, first:] + cheapest, FAR)
        cost[:count, count + row] = np.where(doable, metres[first:, shift.technician], FAR)
        cost[count + row, count + row] = 0.0
    rows, columns = linear_sum_assignment(cost)
    return float(cost[rows, columns].sum())
