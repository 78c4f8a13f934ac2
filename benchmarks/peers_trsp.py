"""Public solvers on technician routing: PyVRP, OR-Tools routing and VROOM, each on one thread.

None of them can say that all is at hand once the depot was passed. Every technician is therefore two
vehicles: one with what he carries, one that passes the depot before anything else and has it all. Only
OR-Tools can be told that he drives one of them at most; plans of the others that use both are not feasible.
Times are whole thousandths, rounded up. A solver returns routes, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

FORBIDDEN = 10_000_000
Routes = list[tuple[int, list[int]]]  # technician's row, rows of requests in order, 0 for the depot


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

    @property
    def vehicles(self) -> list[tuple[int, bool]]:
        """(technician, by the depot first?)"""
        return [(t, first) for first in (False, True) for t in range(1, self.crew + 1)]

    def may(self, technician: int, by_depot: bool, request: int) -> bool:
        """With what he knows and has at hand, parts apart."""
        tools = self.tools[request] & ~self.tools[technician]
        return not ((self.skills[request] & ~self.skills[technician]).any() or (tools.any() and not by_depot))

    def stock(self, technician: int, by_depot: bool) -> list[int]:
        """Parts at hand."""
        requests = self.parts[self.crew + 1 :]
        return (requests.sum(axis=0) if by_depot else self.parts[technician]).tolist()


Solver = Callable[[Data, float, int], Routes | None]


def _whole(data: Data) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(minutes between rows, opening–closing–service of rows) in thousandths, on the safe side."""
    table = data.table[:, 2:] * 1000
    spans = np.stack([np.ceil(table[:, 0]), np.floor(table[:, 1]), np.ceil(table[:, 2])], axis=1)
    return np.ceil(data.minutes * 1000).astype(np.int64), spans.astype(np.int64)


def _from_home(minutes: NDArray[np.int64], technician: int, by_depot: bool) -> NDArray[np.int64]:
    """The matrix of a vehicle: legs from home lead by the depot where it goes there first."""
    if not by_depot:
        return minutes
    own = minutes.copy()
    own[technician] = minutes[technician, 0] + minutes[0]
    own[technician, technician] = 0
    return own


def _route(technician: int, by_depot: bool, stops: list[int]) -> tuple[int, list[int]]:
    return technician, [0, *stops] if by_depot else stops


def pyvrp_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """A vehicle a technician with his own matrix; duration is the cost, parts are loads."""
    import pyvrp
    import pyvrp.stop

    minutes, spans = _whole(data)
    requests, crew = range(data.crew + 1, len(data.table)), range(1, data.crew + 1)
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
    far, legs, vehicles = [], [], []
    for number, (t, by_depot) in enumerate(data.vehicles):
        matrix = np.zeros_like(minutes)
        for r in requests:
            if not data.may(t, by_depot, r):
                matrix[r, :] = matrix[:, r] = FORBIDDEN
                matrix[r, r] = 0
        far.append(matrix)
        legs.append(_from_home(minutes, t, by_depot))
        vehicles.append(
            pyvrp.VehicleType(
                1,
                data.stock(t, by_depot),
                start_depot=t - 1,
                end_depot=t - 1,
                tw_early=int(spans[t, 0]),
                tw_late=int(spans[t, 1]),
                unit_distance_cost=1,
                unit_duration_cost=1,
                profile=number,
            )
        )
    locations = [pyvrp.Location(0, 0) for _ in data.table]
    model = pyvrp.ProblemData(locations, clients, depots, vehicles, far, legs)
    found = pyvrp.solve(model, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False)
    routes: Routes = []
    for route in found.best.routes():
        stops = [stop.idx + data.crew + 1 for stop in route if stop.is_client()]
        routes.append(_route(*data.vehicles[route.vehicle_type()], stops))
    return routes


def ortools_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """Spans are the cost; cheapest insertion in parallel, then guided local search. It has no seed."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    minutes, spans = _whole(data)
    vehicles = data.vehicles
    homes = [t for t, _ in vehicles]
    manager = pywrapcp.RoutingIndexManager(len(data.table), len(vehicles), homes, homes)
    routing = pywrapcp.RoutingModel(manager)
    stay = spans[:, 2:].copy()
    stay[: data.crew + 1] = 0
    times = [
        routing.RegisterTransitMatrix((_from_home(minutes, *vehicle) + stay).tolist()) for vehicle in vehicles
    ]
    latest = int(spans[:, 1].max())
    routing.AddDimensionWithVehicleTransits(times, latest, latest, False, "time")
    clock = routing.GetDimensionOrDie("time")
    # What counts is the span alone; legs cost nothing beside it.
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(np.zeros_like(minutes).tolist()))
    routing.AddDisjunction([manager.NodeToIndex(0)], 0)
    for part in range(data.parts.shape[1]):
        needs = [0 if r <= data.crew else int(data.parts[r, part]) for r in range(len(data.table))]
        stock = [data.stock(*vehicle)[part] for vehicle in vehicles]
        load = routing.RegisterUnaryTransitVector(needs)
        routing.AddDimensionWithVehicleCapacity(load, 0, stock, True, f"part {part}")
    for r in range(data.crew + 1, len(data.table)):
        index = manager.NodeToIndex(r)
        clock.CumulVar(index).SetRange(int(spans[r, 0]), int(spans[r, 1]))
        allowed = [number for number, vehicle in enumerate(vehicles) if data.may(*vehicle, r)]
        routing.VehicleVar(index).SetValues([-1, *allowed])
    for number, home in enumerate(homes):
        clock.SetSpanCostCoefficientForVehicle(1, number)
        for index in (routing.Start(number), routing.End(number)):
            clock.CumulVar(index).SetRange(int(spans[home, 0]), int(spans[home, 1]))
            routing.AddVariableMinimizedByFinalizer(clock.CumulVar(index))
        if number < data.crew:
            used = routing.ActiveVehicleVar(number) + routing.ActiveVehicleVar(number + data.crew)
            routing.solver().Add(used <= 1)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    routes: Routes = []
    for number, vehicle in enumerate(vehicles):
        index, stops = found.Value(routing.NextVar(routing.Start(number))), []
        while not routing.IsEnd(index):
            stops.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        if stops:
            routes.append(_route(*vehicle, [stop for stop in stops if stop != 0]))
    return routes


def vroom_routes(data: Data, seconds: float, seed: int) -> Routes | None:
    """Skills and tools are skills, parts are loads; it minimises travel, waiting costs it nothing."""
    import vroom

    minutes, spans = _whole(data)
    problem = vroom.Input()
    for number, vehicle in enumerate(data.vehicles):
        own = _from_home(minutes, *vehicle).astype(np.uint32)
        problem.set_durations_matrix(f"{number}", own)
        problem.set_costs_matrix(f"{number}", own)

    def wants(row: int) -> set[int]:
        return {
            int(k) for k in (*np.flatnonzero(data.skills[row]), *(1000 + np.flatnonzero(data.tools[row])))
        }

    def span(row: int) -> tuple[int, int]:
        return int(spans[row, 0]), int(spans[row, 1])

    all_tools = {1000 + k for k in range(data.tools.shape[1])}
    problem.add_vehicle(
        [
            vroom.Vehicle(
                number,
                start=t,
                end=t,
                profile=f"{number}",
                capacity=data.stock(t, by_depot),
                skills=wants(t) | (all_tools if by_depot else set()),
                time_window=span(t),
            )
            for number, (t, by_depot) in enumerate(data.vehicles)
        ]
    )
    problem.add_job(
        [
            vroom.Job(
                r,
                location=r,
                delivery=data.parts[r].tolist(),
                skills=wants(r),
                default_service=int(spans[r, 2]),
                time_windows=[span(r)],
            )
            for r in range(data.crew + 1, len(data.table))
        ]
    )
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds))
    jobs = found.routes[found.routes["type"] == "job"]
    return [
        _route(*data.vehicles[int(number)], [int(r) for r in group["id"]])
        for number, group in jobs.groupby("vehicle_id", sort=True)
    ]


PEERS: dict[str, Solver] = {
    "PyVRP": pyvrp_routes,
    "OR-Tools routing": ortools_routes,
    "VROOM": vroom_routes,
}
