"""State of a search and its moves: cool down, choose routes from the pool, take over routes."""

from __future__ import annotations

import numpy as np

from optimisers.vrptw.chains import COUNT_OF_NODE_ROWS, NO_ROUTE, PRED, ROUTE, SUCC, lay
from optimisers.vrptw.partition import Lists
from optimisers.vrptw.pool import remember_route
from optimisers.vrptw.problem import Vrptw
from optimisers.vrptw.recreate import BEST_COST, BEST_LEFT, COST, run

NEAR = 40  # customers to insert beside
HUB = 100  # customers that may lose a string together
WAIT_WEIGHT = 0.2
LATE_WEIGHT = 1.0
POOL_ROUTES = 60_000
POOL_CUSTOMERS = 2_000_000
POOL_REACH = 1.01  # routes of solutions up to 1 % above the best


class Search:
    """Ruin and recreate on one problem. Customers are 0..n-1 here, the depot is the last location."""

    def __init__(self, problem: Vrptw, seed: int) -> None:
        n = problem.customers
        order = np.r_[1 : n + 1, 0]
        self.n, self.routes, self.capacity = n, min(problem.vehicles, n), problem.capacity
        self.distance = problem.distance[np.ix_(order, order)].astype(np.int32)
        self.window = np.stack([problem.ready[order], problem.due[order]], axis=1).astype(np.int32)
        self.service = problem.service[order].astype(np.int32)
        self.demand = problem.demand[1:].astype(np.int32)
        self.near, self.hub = neighbours(self.distance, self.window, self.service)
        self.node = np.zeros((COUNT_OF_NODE_ROWS, n + 2 * self.routes), np.int32)
        self.route = np.zeros((3, self.routes), np.int64)
        starts, ends = np.arange(n, n + self.routes), np.arange(n + self.routes, n + 2 * self.routes)
        self.node[SUCC, ends], self.node[PRED, starts] = ends, starts
        self.node[ROUTE, :n] = NO_ROUTE
        self.node[ROUTE, starts] = self.node[ROUTE, ends] = np.arange(self.routes)
        self.out = np.zeros(n + 1, np.int64)
        self.age = np.ones(n, np.int64)
        self.best = np.zeros(n + 2 * self.routes, np.int32)
        self.value = np.zeros(3, np.int64)
        self.rng = np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % 2**64 or 1], np.uint64)
        self.pool = np.zeros(min(POOL_CUSTOMERS, POOL_ROUTES * n), np.int32)
        self.keys = np.zeros(2 * 65_536, np.int64)
        self.rows = np.zeros((POOL_ROUTES + 1, 5), np.int64)
        self.take([])
        self.out[0], self.out[1:] = n, np.arange(n)
        self.value[BEST_COST], self.value[BEST_LEFT] = np.iinfo(np.int64).max // 4, n
        self.cool(1, 1.0, 1.0, 1.0)

    def take(self, routes: Lists) -> None:
        """Make `routes`, which serve everybody, the current solution."""
        for r in range(self.routes):
            customers = np.array(routes[r] if r < len(routes) else [], np.int64)
            lay(
                self.node,
                self.route,
                self.n,
                r,
                customers,
                self.distance,
                self.window,
                self.service,
                self.demand,
            )
        self.out[0] = 0
        self.value[COST] = cost = length(routes, self.distance)
        if self.value[BEST_LEFT] > 0 or cost < self.value[BEST_COST]:
            self.value[BEST_COST], self.value[BEST_LEFT] = cost, 0
            self.best[:] = self.node[SUCC]

    def cool(self, steps: int, hot: float, cold: float, reach: float = POOL_REACH) -> None:
        """`steps` iterations from temperature `hot` to `cold` (tenths of distance)."""
        run(
            self.distance,
            self.window,
            self.service,
            self.demand,
            self.capacity,
            self.near,
            self.hub,
            self.node,
            self.route,
            self.out,
            self.age,
            self.best,
            self.value,
            self.rng,
            steps,
            hot,
            cold,
            self.pool,
            self.keys,
            self.rows,
            reach,
        )

    def learn(self, routes: Lists, cost: int) -> None:
        """Pool the routes of a solution found elsewhere, and make it the current one when it is the best."""
        for route in routes:
            remember_route(np.array(route, np.int64), self.distance, cost, self.pool, self.keys, self.rows)
        if (not self.complete or cost < self.best_cost) and self.holds(routes):
            self.take(routes)

    @property
    def complete(self) -> bool:
        """Whether the best solution serves everybody."""
        return bool(self.value[BEST_LEFT] == 0)

    @property
    def best_cost(self) -> int:
        """Distance of the best solution, tenths."""
        return int(self.value[BEST_COST])

    def best_routes(self) -> Lists:
        """Routes of the best solution."""
        found = []
        for r in range(self.routes):
            route, at = [], int(self.best[self.n + r])
            while at < self.n:
                route.append(at)
                at = int(self.best[at])
            if route:
                found.append(route)
        return found

    def holds(self, routes: Lists) -> bool:
        """Whether these routes keep fleet, capacity and windows and serve everybody once."""
        if len(routes) > self.routes or sorted(c for route in routes for c in route) != list(range(self.n)):
            return False
        return all(self._holds(route) for route in routes)

    def _holds(self, route: list[int]) -> bool:
        before, time = self.n, int(self.window[self.n, 0])
        for c in [*route, self.n]:
            time += int(self.service[before]) + int(self.distance[before, c])
            time = max(time, int(self.window[c, 0]))
            if time > int(self.window[c, 1]):
                return False
            before = c
        return int(self.demand[route].sum()) <= self.capacity


def length(routes: Lists, distance: np.ndarray) -> int:
    """Total distance of routes over customers from 0; the depot is the last location."""
    depot = len(distance) - 1
    return sum(int(distance[[depot, *route], [*route, depot]].sum()) for route in routes)


def neighbours(
    distance: np.ndarray, window: np.ndarray, service: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(near, hub): customers by distance plus weighted waiting and lateness; by distance alone, itself first.

    Weights: Vidal, Crainic, Gendreau, Prins, "A hybrid genetic algorithm with adaptive diversity management
    for a large class of vehicle routing problems with time-windows", Computers & OR 40(1), 2013.
    """
    n = len(service) - 1
    far = distance[:n, :n].astype(float)
    leave = service[:n, None] + far
    wait = np.maximum(window[None, :n, 0] - leave - window[:n, None, 1], 0)
    late = np.maximum(window[:n, None, 0] + leave - window[None, :n, 1], 0)
    apart = far + WAIT_WEIGHT * wait + LATE_WEIGHT * late
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1, kind="stable")[:, : min(NEAR, n - 1)]
    np.fill_diagonal(far, -1.0)
    hub = np.argsort(far, axis=1, kind="stable")[:, : min(HUB, n)]
    return np.ascontiguousarray(near, np.int32), np.ascontiguousarray(hub, np.int32)
