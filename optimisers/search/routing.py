"""The problem as PyVRP understands it: one vehicle a shift, whose own distances carry the choice costs.

PyVRP 0.14 has no breaks. Each visit is offered twice, alone or with lunch right after it; a vehicle may
take one lunch (a load of 1) and saves its fixed cost by taking it. Days without the break come out rarely
and are repaired afterwards by exact timing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from optimisers.model import Stop
from optimisers.search.compiled import FORBIDDEN, CompiledProblem

if TYPE_CHECKING:
    import pyvrp

# One point is 1000 units, as metres are when a kilometre costs a point.
UNITS = 1000
LUNCH_POINTS = 30
# Tuned on the demo's week (182 candidates, three seeds, equal time): 4 % below where we began. Each visit
# counts twice among neighbours, once with lunch.
NEIGHBOURS = 80
LARGEST_PERTURBATION = 5
HISTORY = 100


def search(
    compiled: CompiledProblem,
    stop: Stop,
    seed: int,
    visits: Sequence[int] | None = None,
    progress: Callable[[], None] | None = None,
) -> dict[int, list[int]]:
    """Visits (positions) in order, by shift number. `progress` is called at each iteration."""
    import pyvrp
    import pyvrp.stop
    from pyvrp.search import NeighbourhoodParams, PerturbationParams

    kept = [
        v for v in (range(len(compiled.service)) if visits is None else visits) if compiled.latest[v] >= 0
    ]
    if not kept or not compiled.shifts:
        return {}
    model, meaning = _data(compiled, kept)
    limits: list[object] = []
    if stop.max_iterations is not None:
        limits.append(pyvrp.stop.MaxIterations(stop.max_iterations))
    if stop.seconds is not None:
        limits.append(pyvrp.stop.MaxRuntime(stop.seconds))
    criterion = pyvrp.stop.MultipleCriteria(limits)

    def stopping(best_cost: int) -> bool:
        if progress is not None:
            progress()
        return criterion(best_cost)

    settings = pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(history_length=HISTORY),
        neighbourhood=NeighbourhoodParams(num_neighbours=NEIGHBOURS),
        perturbation=PerturbationParams(1, LARGEST_PERTURBATION),
    )
    found = pyvrp.solve(model, stopping, seed=seed, collect_stats=False, display=False, params=settings)
    orders: dict[int, list[int]] = {}
    for route in found.best.routes():
        order = [meaning[activity.idx] for activity in route if activity.is_client()]
        if order:
            orders[route.vehicle_type()] = order
    return orders


def _data(compiled: CompiledProblem, kept: Sequence[int]) -> tuple[pyvrp.ProblemData, list[int]]:
    """PyVRP's data and, for each of its clients, the visit that it stands for."""
    import pyvrp

    problem, rules = compiled.problem, compiled.rules
    homes = compiled.first_visit
    places = [t.home for t in problem.technicians] + [problem.visits[v].place for v in kept]
    locations = [pyvrp.Location(place.longitude, place.latitude) for place in places]
    depots = [pyvrp.Depot(number) for number in range(homes)]
    clients: list[pyvrp.Client] = []
    groups: list[pyvrp.ClientGroup] = []
    meaning: list[int] = []
    lunch_units = LUNCH_POINTS * UNITS if rules.lunch_min else 0
    for position, visit in enumerate(kept):
        service, earliest, latest = compiled.service[visit], compiled.earliest[visit], compiled.latest[visit]
        variants = [(service, earliest, latest, 0)]
        first = max(earliest, rules.lunch_from_min - service)
        last = min(latest, rules.lunch_until_min - rules.lunch_min - service)
        if rules.lunch_min and first <= last:
            variants.append((service + rules.lunch_min, first, last, 1))
        group = len(groups) if len(variants) > 1 else None
        if group is not None:
            groups.append(pyvrp.ClientGroup([len(clients), len(clients) + 1], required=False))
        for duration, begin, end, lunches in variants:
            prize = round(compiled.skip_cost[visit] * UNITS) + lunches * lunch_units
            clients.append(
                pyvrp.Client(
                    homes + position,
                    delivery=[lunches],
                    service_duration=duration,
                    tw_early=begin,
                    tw_late=end,
                    prize=prize,
                    required=False,
                    group=group,
                )
            )
            meaning.append(visit)
    index = np.array([*range(homes), *[homes + v for v in kept]])
    metres = np.rint(np.asarray(compiled.metres)[np.ix_(index, index)] * compiled.weights.per_km).astype(
        np.int64
    )
    minutes = np.asarray(compiled.minutes, dtype=np.int64)[np.ix_(index, index)]
    forbidden = 2 * UNITS * int(sum(compiled.skip_cost) + 1000)
    distances, durations, vehicles = [], [], []
    for number, shift in enumerate(compiled.shifts):
        cost = compiled.choice_cost[number]
        extra = [forbidden if cost[v] == FORBIDDEN else round(cost[v] * UNITS) for v in kept]
        distance = metres.copy()
        distance[:, homes:] += np.array(extra, dtype=np.int64)[None, :]
        np.fill_diagonal(distance, 0)
        distances.append(distance)
        durations.append(minutes)
        vehicles.append(
            pyvrp.VehicleType(
                1,
                capacity=[1],
                start_depot=shift.technician,
                end_depot=shift.technician,
                fixed_cost=lunch_units,
                tw_early=rules.day_start_min,
                tw_late=rules.day_end_min,
                shift_duration=shift.max_work_min + rules.lunch_min,
                profile=number,
            )
        )
    return pyvrp.ProblemData(locations, clients, depots, vehicles, distances, durations, groups), meaning
