"""Technician routing and scheduling instances (own homes, skills, tools, spare parts, depot)."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import numpy as np

from optimisers.bench.runner import Solved
from optimisers.bounds.week import week_bound
from optimisers.readers.trsp import TrspInstance, read_trsp
from optimisers.routing import search as engine
from optimisers.routing.instance import NOWHERE, Orders
from optimisers.routing.search import search

EXPECTED = "<instance>.*.txt files of the technician routing and scheduling problem"
NOT_INSTANCES = "dynamic_release_dates"
_FINISH_S = 0.3  # kept back for the last slice, re-timing and writing
_BOUND_PART = 0.1  # of the time goes into the bound
_WRITTEN = 1e-3  # what rounding may take off a bound


def find(data: Path) -> list[tuple[str, Path]]:
    """Instances below `data`, called by what stands before the first point, or all of it where shared."""
    paths = sorted(
        path for path in data.rglob("*.txt") if NOT_INSTANCES not in path.parts and "_rd_" not in path.stem
    )
    shared = Counter(path.name.split(".")[0] for path in paths)
    names = [path.name.split(".")[0] for path in paths]
    return sorted((n if shared[n] == 1 else p.stem, p) for n, p in zip(names, paths, strict=True))


def warm_up() -> None:
    """Compile, so that no instance pays for it."""
    engine.warm_up()
    week_bound(engine.one_visit(), upper_bound=9.0, max_rounds=1)


def solve_file(path: Path, seconds: float, seed: int) -> Solved:
    """Routes and a lower bound within `seconds`, reading included."""
    began = time.perf_counter()
    instance = read_trsp(path)
    for_bound = _BOUND_PART * seconds
    left = max(seconds - (time.perf_counter() - began) - for_bound - _FINISH_S, 0.05)
    orders = search(instance.routing, seconds=left, seed=seed)
    if not np.isfinite(orders.objective):
        return Solved(None, False, None, None)
    bound = week_bound(
        instance.routing, upper_bound=orders.objective, orders=orders.orders, seconds=for_bound
    )
    return Solved(
        cost=f"{orders.objective:.6f}",
        feasible=True,
        lower_bound=f"{bound.value - _WRITTEN:.3f}",
        solution=routes_of(instance, orders),
    )


def routes_of(instance: TrspInstance, orders: Orders) -> dict[str, list[dict[str, object]]]:
    """Routes by technician, 0 where the depot is passed."""
    routes = []
    for technician, order, depot in zip(instance.technicians, orders.orders, orders.via_depot, strict=True):
        visits = [instance.requests[visit] for visit in order]
        if depot != NOWHERE:
            visits.insert(depot, 0)
        if order:
            routes.append({"technician": technician, "visits": visits})
    return {"routes": routes}
