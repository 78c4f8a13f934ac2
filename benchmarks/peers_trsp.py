"""Public solvers on technician routing: PyVRP, OR-Tools routing and VROOM, each on one thread.

Skills, tools and spare parts are modelled as carried: none of them can say that all is at hand once the depot
was passed. A solver returns routes of rows by technician, or None. Times are whole thousandths, rounded up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = 10_000_000
Routes = dict[int, list[int]]  # technician's row → rows of requests, 0 for the depot


@dataclass(frozen=True)
class Data:
    """An instance as the judge reads it. Rows: the depot, `crew` technicians, requests."""

    crew: int
    table: NDArray[np.float64]  # (n, 5) x, y, opening, closing, service
    skills: NDArray[np.bool_]  # (n, skills) known or needed
    tools: NDArray[np.bool_]  # (n, tools) carried or needed
    parts: NDArray[np.int64]  # (n, parts) carried or needed

    @property
    def minutes(self) -> NDArray[np.float64]:
        x, y = self.table[:, 0], self.table[:, 1]
        return np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])

    def may(self, technician: int, request: int) -> bool:
        """With what he knows and carries, parts apart."""
        needs = self.skills[request] & ~self.skills[technician], self.tools[request] & ~self.tools[technician]
        return not (needs[0].any() or needs[1].any())


Solver = Callable[[Data, float, int], Routes | None]


def _whole(data: Data) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(minutes between rows, opening–closing–service of rows) in thousandths, on the safe side."""
    table = data.table[:, 2:] * 1000
    spans = np.stack([np.ceil(table[:, 0]), np.floor(table[:, 1]), np.ceil(table[:, 2])], axis=1)
    return np.ceil(data.minutes * 1000).astype(np.int64), spans.astype(np.int64)


def pyvrp_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """A vehicle a technician with his own matrix; duration is the cost, parts are loads."""
    import pyvrp
    import pyvrp.stop

    minutes, spans = _whole(data)
    requests, crew = range(data.crew + 1, len(data.table)), range(1, data.crew + 1)
    # PyVRP numbers depots and clients by themselves and reads places from locations.
    clients = [
        pyvrp.Client(
            r,
            delivery=data.parts[r].tolist(),
            service_duration=int(spans[r, 2]),
            tw_early=int(spans[r, 0]),
            tw_late=int(spans[r, 1]),
        )
        for r in requests
    ]
    depots = [pyvrp.Depot(t, tw_early=int(spans[t, 0]), tw_late=int(spans[t, 1])) for t in crew]
    far = []
    for t in crew:
        matrix = np.zeros_like(minutes)
        for r in requests:
            if not data.may(t, r):
                matrix[r, :] = matrix[:, r] = FORBIDDEN
                matrix[r, r] = 0
        far.append(matrix)
    vehicles = [
        pyvrp.VehicleType(
            1,
            data.parts[t].tolist(),
            start_depot=t - 1,
            end_depot=t - 1,
            tw_early=int(spans[t, 0]),
            tw_late=int(spans[t, 1]),
            unit_distance_cost=1,
            unit_duration_cost=1,
            profile=t - 1,
        )
        for t in crew
    ]
    locations = [pyvrp.Location(0, 0) for _ in data.table]
    model = pyvrp.ProblemData(locations, clients, depots, vehicles, far, [minutes] * data.crew)
    found = pyvrp.solve(model, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False)
    routes: Routes = {}
    for route in found.best.routes():
        stops = [stop.idx + data.crew + 1 for stop in route if stop.is_client()]
        routes[route.vehicle_type() + 1] = stops
    return routes


def ortools_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """Spans are the cost; cheapest insertion in parallel, then guided local search. It has no seed."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    minutes, spans = _whole(data)
    homes = list(range(1, data.crew + 1))
    manager = pywrapcp.RoutingIndexManager(len(data.table), data.crew, homes, homes)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(minutes.tolist()))
    times = routing.RegisterTransitMatrix((minutes + np.where(spans[:, 2:] > 0, spans[:, 2:], 0)).tolist())
    latest = int(spans[:, 1].max())
    routing.AddDimension(times, latest, latest, False, "time")
    clock = routing.GetDimensionOrDie("time")
    routing.AddDisjunction([manager.NodeToIndex(0)], 0)
    for part in range(data.parts.shape[1]):
        needs = [0 if r <= data.crew else int(data.parts[r, part]) for r in range(len(data.table))]
        stock = [int(data.parts[t, part]) for t in homes]
        load = routing.RegisterUnaryTransitVector(needs)
        routing.AddDimensionWithVehicleCapacity(load, 0, stock, True, f"part {part}")
    for r in range(data.crew + 1, len(data.table)):
        index = manager.NodeToIndex(r)
        clock.CumulVar(index).SetRange(int(spans[r, 0]), int(spans[r, 1]))
        allowed = [t - 1 for t in homes if data.may(t, r)]
        if not allowed:
            return None
        routing.VehicleVar(index).SetValues([-1, *allowed])
    for vehicle in range(data.crew):
        ends = routing.Start(vehicle), routing.End(vehicle)
        clock.SetSpanCostCoefficientForVehicle(1, vehicle)
        for index in ends:
            clock.CumulVar(index).SetRange(int(spans[vehicle + 1, 0]), int(spans[vehicle + 1, 1]))
            routing.AddVariableMinimizedByFinalizer(clock.CumulVar(index))
        # What counts is the span alone; legs cost nothing beside it.
        routing.SetArcCostEvaluatorOfVehicle(routing.RegisterTransitCallback(lambda _a, _b: 0), vehicle)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    routes: Routes = {}
    for vehicle in range(data.crew):
        index, stops = found.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(index):
            stops.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        if stops:
            routes[vehicle + 1] = stops
    return routes


def vroom_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """Skills and tools are skills, parts are loads; it minimises travel, waiting costs it nothing."""
    import vroom

    minutes, spans = _whole(data)
    problem = vroom.Input()
    problem.set_durations_matrix("car", minutes.astype(np.uint32))
    problem.set_costs_matrix("car", minutes.astype(np.uint32))

    def wants(row: int) -> set[int]:
        return {*np.flatnonzero(data.skills[row]), *(1000 + np.flatnonzero(data.tools[row]))}

    def span(row: int) -> tuple[int, int]:
        return int(spans[row, 0]), int(spans[row, 1])

    problem.add_vehicle(
        [
            vroom.Vehicle(
                t,
                start=t,
                end=t,
                capacity=data.parts[t].tolist(),
                skills={int(k) for k in wants(t)},
                time_window=span(t),
            )
            for t in range(1, data.crew + 1)
        ]
    )
    problem.add_job(
        [
            vroom.Job(
                r,
                location=r,
                delivery=data.parts[r].tolist(),
                skills={int(k) for k in wants(r)},
                default_service=int(spans[r, 2]),
                time_windows=[span(r)],
            )
            for r in range(data.crew + 1, len(data.table))
        ]
    )
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    jobs = found.routes[found.routes["type"] == "job"]
    return {int(t): [int(r) for r in group["id"]] for t, group in jobs.groupby("vehicle_id", sort=True)}


PEERS: dict[str, Solver] = {
    "PyVRP": pyvrp_routes,
    "OR-Tools routing": ortools_routes,
    "VROOM": vroom_routes,
}
