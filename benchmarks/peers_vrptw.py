"""Public solvers on routes with capacity and windows: PyVRP, OR-Tools routing and VROOM, each on one thread.

All get the same integers (tenths). A solver returns routes of customers 1..n, or None when it found none in
time. Building its model is not counted: the seconds are those it may search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

Lists = list[list[int]]


@dataclass(frozen=True)
class Data:
    """An instance as the judge reads it; row 0 is the depot, times and distances are tenths."""

    vehicles: int
    capacity: int
    rows: NDArray[np.int64]  # (n+1, 4): demand, ready, due, service
    distance: NDArray[np.int64]  # (n+1, n+1)


Solver = Callable[[Data, float, int], Lists | None]


def pyvrp_routes(data: Data, seconds: float, seed: int) -> Lists | None:
    """Default settings."""
    import pyvrp
    import pyvrp.stop

    n = len(data.rows)
    opens, closes = int(data.rows[0, 1]), int(data.rows[0, 2])
    clients = [
        pyvrp.Client(c, delivery=[int(d)], service_duration=int(s), tw_early=int(a), tw_late=int(b))
        for c, (d, a, b, s) in enumerate(data.rows)
        if c > 0
    ]
    model = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(n)],
        clients,
        [pyvrp.Depot(0, tw_early=opens, tw_late=closes)],
        [pyvrp.VehicleType(data.vehicles, [data.capacity], tw_early=opens, tw_late=closes)],
        [data.distance],
        [data.distance],
    )
    found = pyvrp.solve(model, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False)
    if not found.is_feasible():
        return None
    return [[stop.idx + 1 for stop in route if stop.is_client()] for route in found.best.routes()]


def ortools_routes(data: Data, seconds: float, seed: int) -> Lists | None:
    """Cheapest arcs first, then guided local search. It has no seed: equal runs differ by the clock alone."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(data.rows), data.vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    legs = routing.RegisterTransitMatrix(data.distance.tolist())
    times = routing.RegisterTransitMatrix((data.distance + data.rows[:, 3:4]).tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(legs)
    loads = routing.RegisterUnaryTransitVector(data.rows[:, 0].tolist())
    routing.AddDimension(loads, 0, data.capacity, True, "load")
    latest = int(data.rows[0, 2])
    routing.AddDimension(times, latest, latest, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for c in range(1, len(data.rows)):
        opens, closes = int(data.rows[c, 1]), int(data.rows[c, 2])
        clock.CumulVar(manager.NodeToIndex(c)).SetRange(opens, closes)
    for vehicle in range(data.vehicles):
        clock.CumulVar(routing.Start(vehicle)).SetMin(int(data.rows[0, 1]))
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    routes = []
    for vehicle in range(data.vehicles):
        route, index = [], found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes.append(route)
    return [route for route in routes if route]


def vroom_routes(data: Data, seconds: float, seed: int) -> Lists | None:
    """Greatest exploration. It has no seed and stops by itself, mostly long before the time is up."""
    import vroom

    problem = vroom.Input()
    problem.set_durations_matrix("car", data.distance.astype(np.uint32))
    problem.set_costs_matrix("car", data.distance.astype(np.uint32))
    opens, closes = int(data.rows[0, 1]), int(data.rows[0, 2])
    problem.add_vehicle(
        [
            vroom.Vehicle(k, start=0, end=0, capacity=[data.capacity], time_window=(opens, closes))
            for k in range(data.vehicles)
        ]
    )
    problem.add_job(
        [
            vroom.Job(
                c, location=c, delivery=[int(d)], default_service=int(s), time_windows=[(int(a), int(b))]
            )
            for c, (d, a, b, s) in enumerate(data.rows)
            if c > 0
        ]
    )
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    jobs = found.routes[found.routes["type"] == "job"]
    return [[int(c) for c in group["id"]] for _, group in jobs.groupby("vehicle_id", sort=True)]


PEERS: dict[str, Solver] = {
    "PyVRP": pyvrp_routes,
    "OR-Tools routing": ortools_routes,
    "VROOM": vroom_routes,
}
