"""Iterated local search through overloaded and late routes (PyVRP), as a second source of routes.

Wouda, Lan, Kool, "PyVRP: a high-performance VRP solver package", INFORMS Journal on Computing 36(4), 2024. It
leaves valleys that ruin and recreate, which keeps every rule at every step, comes back to.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks

from optimisers.vrptw.partition import Lists
from optimisers.vrptw.search import POOL_REACH, Search


def explore(search: Search, seed: int, ended: Callable[[], bool], start: Lists | None) -> None:
    """Search from `start` or nothing until `ended()`, asked once an iteration; `search` gets what is good."""
    n, window = search.n, search.window
    opens, closes = int(window[n, 0]), int(window[n, 1])
    order = np.r_[n, 0:n]
    matrix = np.ascontiguousarray(search.distance[np.ix_(order, order)], np.int64)
    clients = [
        pyvrp.Client(
            c + 1,
            delivery=[int(search.demand[c])],
            service_duration=int(search.service[c]),
            tw_early=int(window[c, 0]),
            tw_late=int(window[c, 1]),
        )
        for c in range(n)
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(n + 1)],
        clients,
        [pyvrp.Depot(0, tw_early=opens, tw_late=closes)],
        [pyvrp.VehicleType(search.routes, [search.capacity], tw_early=opens, tw_late=closes)],
        [matrix],
        [matrix],
    )
    ils = pyvrp.IteratedLocalSearchParams(callbacks=_Watch(search))
    params = pyvrp.SolveParams(ils=ils)
    initial = None if start is None else pyvrp.Solution(data, start)
    pyvrp.solve(
        data,
        lambda _: ended(),
        seed=seed,
        collect_stats=False,
        params=params,
        initial_solution=initial,
    )


class _Watch(IteratedLocalSearchCallbacks):
    """Sees every candidate: pools the routes of good ones, takes the best over."""

    def __init__(self, search: Search) -> None:
        self.search, self.last = search, -1

    def on_iteration(
        self,
        current: pyvrp.Solution,
        candidate: pyvrp.Solution,
        best: pyvrp.Solution,
        cost_evaluator: pyvrp.CostEvaluator,
    ) -> None:
        """PyVRP's callback."""
        for solution in (candidate, best):
            cost = solution.distance()
            if cost == self.last or not (solution.is_feasible() and solution.is_complete()):
                continue
            if self.search.complete and cost > self.search.best_cost * POOL_REACH:
                continue
            self.last = cost
            routes = [[stop.idx for stop in route if stop.is_client()] for route in solution.routes()]
            self.search.learn([route for route in routes if route], cost)
