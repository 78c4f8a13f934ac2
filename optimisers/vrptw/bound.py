"""A valid, cheap lower bound: every customer has one predecessor and one successor."""

from __future__ import annotations

import numpy as np

from optimisers.vrptw.problem import Vrptw


def assignment_bound(problem: Vrptw) -> int | None:
    """Cheapest assignment of a successor to every customer and vehicle, over possible arcs.

    An arc is possible when time and capacity allow it alone. The bound forgets that routes begin at the depot
    and that loads and times add up (assignment relaxation: Toth, Vigo, "The Vehicle Routing Problem", SIAM
    2002, chapter 2). None when there is no such assignment: the problem has no solution.
    """
    from scipy.optimize import linear_sum_assignment

    n = problem.customers
    depots = min(problem.vehicles, n)
    leave = np.maximum(problem.ready[0] + problem.distance[0], problem.ready) + problem.service
    possible = leave[:, None] + problem.distance <= problem.due[None, :]
    possible &= problem.demand[:, None] + problem.demand[None, :] <= problem.capacity
    np.fill_diagonal(possible, False)
    arc = np.where(possible, problem.distance.astype(float), np.inf)
    place = np.concatenate([np.zeros(depots, np.int64), np.arange(1, n + 1)])
    cost = arc[np.ix_(place, place)]
    cost[:depots, :depots] = 0.0
    try:
        rows, columns = linear_sum_assignment(cost)
    except ValueError:
        return None
    return round(float(cost[rows, columns].sum()))
