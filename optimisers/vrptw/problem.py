"""The problem and its answer: capacitated routing with time windows, distance only, in integer tenths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LIMIT = 200_000_000  # tenths; sums of three such values stay within 32 bits


@dataclass(frozen=True, eq=False)
class Vrptw:
    """Row 0 is the depot, rows 1..n the customers; times and distances are integer tenths.

    Travel time = distance. A service begins inside [ready, due]; waiting is allowed and free. A route leaves
    the depot at `ready[0]` or later and is back by `due[0]`.
    """

    name: str
    vehicles: int
    capacity: int
    demand: np.ndarray  # (n+1,), 0 at the depot
    ready: np.ndarray  # (n+1,)
    due: np.ndarray  # (n+1,)
    service: np.ndarray  # (n+1,), 0 at the depot
    distance: np.ndarray  # (n+1, n+1)

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return len(self.demand) - 1


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes as tuples of customers 1..n. `cost` is the distance of these routes, tenths.

    `feasible` is true only when every customer is on a route; who is on none is in `left_out`. `lower_bound`
    holds for every solution of the problem; None: none is known.
    """

    routes: tuple[tuple[int, ...], ...]
    cost: int
    feasible: bool
    left_out: tuple[int, ...] = ()
    lower_bound: int | None = None
    iterations: int = 0


def truncated_distance(places: np.ndarray) -> np.ndarray:
    """floor(10 × Euclid) between points (n+1, 2), the convention of the 12th DIMACS challenge for VRPTW."""
    gap = places[:, None, :] - places[None, :, :]
    return np.floor(10.0 * np.sqrt((gap * gap).sum(axis=2))).astype(np.int64)


def unreachable(problem: Vrptw) -> list[int]:
    """Customers that no route can serve, even alone: demand above capacity, or windows that cannot be met."""
    there = problem.distance[0]
    begin = np.maximum(problem.ready[0] + there, problem.ready)
    back = begin + problem.service + problem.distance[:, 0]
    bad = (begin > problem.due) | (back > problem.due[0]) | (problem.demand > problem.capacity)
    return [int(c) for c in np.flatnonzero(bad) if c > 0]
