"""Public solvers on a matrix of whole lengths: PyVRP, OR-Tools routing and VROOM, each on one thread.

A solver returns a tour from stop 0 as a list of stops, or None when it found none in time. Building its
model is not counted: the seconds are those it may search.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Solver = Callable[[Whole, float, int], list[int] | None]


def pyvrp_tour(lengths: Whole, seconds: float, seed: int) -> list[int] | None:
    """One vehicle, distances only, default settings."""
    import pyvrp
    import pyvrp.stop

    n = len(lengths)
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(n)],
        [pyvrp.Client(stop) for stop in range(1, n)],
        [pyvrp.Depot(0)],
        [pyvrp.VehicleType()],
        [lengths],
        [np.zeros_like(lengths)],
    )
    found = pyvrp.solve(data, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    routes = found.best.routes()
    if len(routes) != 1:
        return None
    return [0, *(activity.idx + 1 for activity in routes[0] if activity.is_client())]


def ortools_tour(lengths: Whole, seconds: float, seed: int) -> list[int] | None:
    """Cheapest arcs first, then guided local search. It has no seed: equal runs differ by the clock alone."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(lengths), 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(lengths.tolist()))
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    tour, index = [], routing.Start(0)
    while not routing.IsEnd(index):
        tour.append(manager.IndexToNode(index))
        index = found.Value(routing.NextVar(index))
    return tour


def vroom_tour(lengths: Whole, seconds: float, seed: int) -> list[int] | None:
    """Greatest exploration. It has no seed and stops by itself, mostly long before the time is up."""
    import vroom

    problem = vroom.Input()
    problem.set_durations_matrix("car", lengths.astype(np.uint32))
    problem.add_vehicle([vroom.Vehicle(1, start=0, end=0)])
    problem.add_job([vroom.Job(stop, location=stop) for stop in range(1, len(lengths))])
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    steps = found.routes
    jobs = steps[steps["type"] == "job"]
    return [0, *(int(stop) for stop in jobs["id"])]


PEERS: dict[str, Solver] = {
    "PyVRP": pyvrp_tour,
    "OR-Tools routing": ortools_tour,
    "VROOM": vroom_tour,
}
