"""Public solvers on a compiled week: PyVRP, OR-Tools routing and VROOM, each with the model it can hold.

All get the same arrays: legs, windows, skills, contract hours, lunch and choice costs (lateness, urgent wait,
zone) as far as they can express them. None can express balance. An order that turns out not to keep a rule
the solver cannot hold is mended afterwards by leaving out as few visits as needed, which is counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from optimisers.routing.instance import NOWHERE, Instance
from optimisers.routing.schedule import schedule

UNITS = 1000  # a point is 1,000 units, as a kilometre is 1,000 metres
LUNCH_POINTS = 30
DAY = 24 * 60
Solver = Callable[[Instance, float, int], list[list[int]]]


def lawful(instance: Instance, orders: Sequence[Sequence[int]]) -> list[list[int]]:
    """The orders without what no timing can keep: the visit whose absence mends a day, else the last."""
    kept = []
    for shift, given in enumerate(orders):
        order = list(given)
        while order and schedule(instance, shift, order) is None:
            shorter = [order[:i] + order[i + 1 :] for i in range(len(order))]
            order = next((s for s in shorter if schedule(instance, shift, s) is not None), order[:-1])
        kept.append(order)
    return kept


def pyvrp_week(instance: Instance, seconds: float, seed: int) -> list[list[int]]:
    """One vehicle a shift; choice costs on the arcs of its profile, skills and promised days as load limits.

    PyVRP has neither breaks nor several windows: each visit is offered once for each window, alone or with
    lunch right after it, as alternatives of a group; a vehicle saves its fixed cost by taking its lunch.
    """
    import pyvrp
    import pyvrp.stop

    shifts, visits = instance.shape
    allowed = _possible(instance)
    kinds, kind_of = np.unique(allowed, axis=1, return_inverse=True)
    extra = np.where(allowed, instance.choice_cost, 0.0)
    common = np.min(np.where(allowed, instance.choice_cost, np.inf), axis=0)
    common = np.where(np.isfinite(common), common, 0.0)
    profiles, profile_of = np.unique(np.where(allowed, extra, common[None, :]), axis=0, return_inverse=True)
    lunch = instance.pause
    lunch_units = LUNCH_POINTS * UNITS if lunch.length_min else 0
    clients, groups, meaning = [], [], []
    for visit in range(visits):
        offers = list(_offers(instance, visit))
        group = len(groups) if len(offers) > 1 else None
        if group is not None:
            groups.append(pyvrp.ClientGroup(list(range(len(clients), len(clients) + len(offers))), False))
        need = np.zeros(len(kinds.T) + 1, dtype=int)
        need[kind_of.reshape(-1)[visit]] = 1
        for first, last, service, lunches in offers:
            need[-1] = lunches
            clients.append(
                pyvrp.Client(
                    int(instance.visit_at[visit]),
                    delivery=need.tolist(),
                    service_duration=service,
                    tw_early=first,
                    tw_late=last,
                    prize=round(instance.skip_cost[visit] * UNITS) + lunches * lunch_units,
                    required=False,
                    group=group,
                )
            )
            meaning.append(visit)
    places = len(instance.leg_cost)
    depots = sorted({int(place) for place in instance.start_at})
    base = np.rint(instance.leg_cost * UNITS).astype(np.int64)
    distances = []
    for profile in profiles:
        costs = base.copy()
        into = np.zeros(places)
        into[instance.visit_at] = np.rint(profile * UNITS)
        costs += into.astype(np.int64)[None, :]
        np.fill_diagonal(costs, 0)
        distances.append(costs)
    minutes = np.rint(instance.leg_min).astype(np.int64)
    vehicles = [
        pyvrp.VehicleType(
            1,
            capacity=[*(kinds[s].astype(int) * visits).tolist(), 1],
            start_depot=depots.index(int(instance.start_at[s])),
            end_depot=depots.index(int(instance.end_at[s])),
            fixed_cost=lunch_units,
            tw_early=int(instance.earliest[s]),
            tw_late=int(instance.latest[s]),
            shift_duration=int(instance.max_work[s] + lunch.length_min),
            profile=int(profile_of.reshape(-1)[s]),
        )
        for s in range(shifts)
    ]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(places)],
        clients,
        [pyvrp.Depot(place) for place in depots],
        vehicles,
        distances,
        [minutes] * len(distances),
        groups,
    )
    found = pyvrp.solve(data, pyvrp.stop.MaxRuntime(seconds), seed=seed, collect_stats=False, display=False)
    orders: list[list[int]] = [[] for _ in range(shifts)]
    for route in found.best.routes():
        orders[route.vehicle_type()] = [meaning[a.idx] for a in route if a.is_client()]
    return orders


def _offers(instance: Instance, visit: int):
    """(first, last, minutes, lunches) alternatives of a visit, over the windows of all its days."""
    lunch = instance.pause
    service = int(instance.service_min[visit])
    seen = set()
    for first, last in instance.windows[visit].reshape(-1, 2).tolist():
        if first > last or (first, last) in seen:
            continue
        seen.add((first, last))
        yield int(first), int(last), service, 0
        low = max(first, lunch.from_min - service)
        high = min(last, lunch.until_min - lunch.length_min - service)
        if lunch.length_min and low <= high:
            yield int(low), int(high), service + int(lunch.length_min), 1


def ortools_week(instance: Instance, seconds: float, seed: int) -> list[list[int]]:
    """OR-Tools routing: a vehicle a shift with its own arc costs, breaks for lunch, guided local search.

    Windows are joined to their hull over the days a visit can be made, gaps cut out.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    shifts, visits = instance.shape
    places = np.concatenate([instance.visit_at, instance.start_at, instance.end_at])
    manager = pywrapcp.RoutingIndexManager(
        len(places), shifts, list(range(visits, visits + shifts)), list(range(visits + shifts, len(places)))
    )
    model = pywrapcp.RoutingModel(manager)
    legs = np.rint(instance.leg_cost[np.ix_(places, places)] * UNITS).astype(np.int64)
    service = np.concatenate([instance.service_min, np.zeros(2 * shifts)])
    minutes = np.rint(instance.leg_min[np.ix_(places, places)] + service[:, None]).astype(np.int64)
    allowed = _possible(instance)
    costs, cost_of = np.unique(np.where(allowed, instance.choice_cost, 0.0), axis=0, return_inverse=True)
    evaluators = []
    for cost in costs:
        into = np.concatenate([np.rint(cost * UNITS), np.zeros(2 * shifts)]).astype(np.int64)
        evaluators.append(model.RegisterTransitMatrix((legs + into[None, :]).tolist()))
    for shift in range(shifts):
        model.SetArcCostEvaluatorOfVehicle(evaluators[int(cost_of.reshape(-1)[shift])], shift)
    clock = model.RegisterTransitMatrix(minutes.tolist())
    model.AddDimension(clock, DAY, DAY, False, "time")
    time = model.GetDimensionOrDie("time")
    solver, lunch = model.solver(), instance.pause
    for visit in range(visits):
        node = manager.NodeToIndex(visit)
        able = [s for s in range(shifts) if allowed[s, visit]]
        model.VehicleVar(node).SetValues([-1, *able])
        model.AddDisjunction([node], round(instance.skip_cost[visit] * UNITS))
        _windows_of(instance, visit, time.CumulVar(node))
    for shift in range(shifts):
        start, end = time.CumulVar(model.Start(shift)), time.CumulVar(model.End(shift))
        start.SetRange(int(instance.earliest[shift]), int(instance.latest[shift]))
        end.SetRange(int(instance.earliest[shift]), int(instance.latest[shift]))
        time.SetSpanUpperBoundForVehicle(int(instance.max_work[shift] + lunch.length_min), shift)
        if lunch.length_min:
            pause = solver.FixedDurationIntervalVar(
                int(lunch.from_min), int(lunch.until_min - lunch.length_min), int(lunch.length_min), False, ""
            )
            time.SetBreakIntervalsOfVehicle([pause], shift, [*service.astype(int).tolist()])
        model.AddVariableMinimizedByFinalizer(end)
    options = pywrapcp.DefaultRoutingSearchParameters()
    options.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    options.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    options.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(options)
    orders: list[list[int]] = [[] for _ in range(shifts)]
    if found is None:
        return orders
    for shift in range(shifts):
        index = found.Value(model.NextVar(model.Start(shift)))
        while not model.IsEnd(index):
            orders[shift].append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
    return orders


def _possible(instance: Instance) -> np.ndarray:
    """(shifts, visits) who may make what, and has a window that day."""
    days = (instance.windows[..., 0] <= instance.windows[..., 1]).any(axis=2)
    return np.isfinite(instance.choice_cost) & days[:, instance.shift_day].T


def _spans(instance: Instance, visit: int) -> list[tuple[int, int]]:
    given = {(int(a), int(b)) for a, b in instance.windows[visit].reshape(-1, 2) if a <= b}
    return sorted(given)


def _windows_of(instance: Instance, visit: int, moment) -> None:
    spans = _spans(instance, visit)
    if not spans:
        return
    moment.SetRange(spans[0][0], max(last for _, last in spans))
    for (_, last), (first, _) in itertools.pairwise(spans):
        if first > last + 1:
            moment.RemoveInterval(last + 1, first - 1)


def vroom_week(instance: Instance, seconds: float, seed: int) -> list[list[int]]:
    """VROOM: days one after the other on one clock, so that windows say the day; skills, breaks.

    It has no limit on working time, so a vehicle leaves as early as it may and is back after the contract's
    hours and lunch. It cannot weigh lateness or zones: it minimises driving time.
    """
    import vroom

    shifts, visits = instance.shape
    allowed = np.isfinite(instance.choice_cost)
    data = vroom.Input()
    to_seconds = 60
    data.set_durations_matrix("car", np.rint(instance.leg_min * to_seconds).astype(np.uint32))
    data.set_costs_matrix("car", np.rint(instance.leg_cost * UNITS).astype(np.uint32))
    by_day = [np.flatnonzero(instance.shift_day == day) for day in range(instance.windows.shape[1])]
    kinds, kind_of = np.unique(allowed, axis=1, return_inverse=True)
    kind_of = kind_of.reshape(-1)
    lunch = instance.pause
    for shift in range(shifts):
        offset = int(instance.shift_day[shift]) * DAY
        begin = offset + int(instance.earliest[shift])
        end = offset + int(
            min(
                instance.latest[shift],
                instance.earliest[shift] + instance.max_work[shift] + lunch.length_min,
            )
        )
        pause = vroom.Break(
            shift,
            [
                vroom.TimeWindow(
                    (offset + int(lunch.from_min)) * to_seconds,
                    (offset + int(lunch.until_min - lunch.length_min)) * to_seconds,
                )
            ],
            int(lunch.length_min) * to_seconds,
        )
        data.add_vehicle(
            vroom.Vehicle(
                shift,
                start=int(instance.start_at[shift]),
                end=int(instance.end_at[shift]),
                skills={int(k) for k in np.flatnonzero(kinds[shift])} | {10_000},
                time_window=vroom.TimeWindow(begin * to_seconds, end * to_seconds),
                breaks=[pause] if lunch.length_min else [],
            )
        )
    for visit in range(visits):
        days = [day for day, own in enumerate(by_day) if allowed[own, visit].any()]
        windows = [
            vroom.TimeWindow((day * DAY + int(a)) * to_seconds, (day * DAY + int(b)) * to_seconds)
            for day in days
            for a, b in sorted(instance.windows[visit, day].tolist())
            if a <= b
        ]
        data.add_job(
            vroom.Job(
                visit,
                int(instance.visit_at[visit]),
                default_service=int(instance.service_min[visit]) * to_seconds,
                skills={int(kind_of[visit])},
                priority=int(min(100, instance.skip_cost[visit] / 15)),
                time_windows=windows,
            )
        )
    import datetime

    found = data.solve(exploration_level=5, nb_threads=1, timeout=datetime.timedelta(seconds=seconds))
    routes = found.routes
    jobs = routes[routes["type"] == "job"]
    orders: list[list[int]] = [[] for _ in range(shifts)]
    for row in jobs.itertuples(index=False):
        orders[int(row.vehicle_id)].append(int(row.id))
    return orders


PEERS: dict[str, Solver] = {"pyvrp": pyvrp_week, "ortools": ortools_week, "vroom": vroom_week}
__all__ = ["NOWHERE", "PEERS", "lawful"]
