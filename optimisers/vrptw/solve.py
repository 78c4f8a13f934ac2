"""Solve a problem: rounds of ruin and recreate that cool down, and the best choice of the routes they met."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import numpy as np

from optimisers.vrptw.bound import assignment_bound
from optimisers.vrptw.partition import best_cover, without_doubles
from optimisers.vrptw.problem import Routes, Vrptw, truncated_distance, unreachable
from optimisers.vrptw.search import Search

ROUNDS = 3
EXPLORE_PART = 0.4  # of the budget of small problems, for routes found another way
STEPS_OF_EXPLORATION = 40  # iterations of ruin and recreate that take as long as one of exploration
LARGE = 250  # customers: above, one round, so that it cools slowly enough
HOT, COLD = 2.0, 0.1  # temperatures as parts of the mean leg
LARGE_HOT, LARGE_COLD = 0.7, 0.02
REHEAT = 0.5  # later rounds begin at this part of HOT
POLISH_PART = 0.3  # of the budget of large problems, from the best routes so far
COVER_PART = 0.07  # of the seconds, for choosing among the pooled routes after a round
COLUMNS, LARGE_COLUMNS = 6_000, 4_000
COVER_LIMIT = 0.5  # HiGHS looks at its clock between steps only, and may take longer than it was given
LEAST_COVER_S, LEAST_LARGE_COVER_S = 0.02, 1.0
SLICE_S = 0.05
SLICE_STEPS = 500
FIRST_STEPS = 100


class _Clock:
    """How much of the budget is used, in [0, 1], by time or by iterations."""

    def __init__(self, seconds: float | None, iterations: int | None) -> None:
        self.seconds, self.iterations = seconds, iterations
        self.began = self.mark = time.perf_counter()
        self.done, self.steps = 0, FIRST_STEPS

    def used(self) -> float:
        by_time = (time.perf_counter() - self.began) / self.seconds if self.seconds is not None else 0.0
        by_steps = self.done / self.iterations if self.iterations is not None else 0.0
        return min(1.0, max(by_time, by_steps))

    def next_steps(self, until: float) -> int:
        """Iterations of the next slice: about SLICE_S, not beyond the part `until` of the budget."""
        steps = SLICE_STEPS
        if self.seconds is not None:
            now = time.perf_counter()
            left = min(SLICE_S, max(0.0, until * self.seconds - (now - self.began)))
            steps = self.steps if self.done == 0 else int(self.steps * left / max(now - self.mark, 1e-6))
            steps = max(10, min(steps, 4 * self.steps))
            self.mark = now
        if self.iterations is not None:
            steps = max(1, min(steps, int(np.ceil(until * self.iterations)) - self.done))
        self.done += steps
        self.steps = steps
        return steps


def solve(
    instance: Vrptw,
    *,
    seconds: float | None = None,
    max_iterations: int | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
) -> Routes:
    """Routes of least distance found within `seconds` or `max_iterations`, whichever ends first.

    Same seed and `max_iterations` without `seconds`: same result. KeyboardInterrupt and `should_stop` end the
    search with the best so far. One thread. Raises ValueError without any limit.
    """
    if seconds is None and max_iterations is None:
        raise ValueError("pass seconds or max_iterations")
    if instance.customers == 0:
        return Routes((), 0, True, (), 0)
    clock = _Clock(seconds, max_iterations)
    bound = assignment_bound(instance)
    search = Search(instance, seed)
    hopeless = bool(unreachable(instance)) or bound is None
    with contextlib.suppress(KeyboardInterrupt):
        _rounds(search, clock, hopeless, should_stop or (lambda: False))
    routes = search.best_routes()
    served = {c for route in routes for c in route}
    left_out = tuple(c + 1 for c in range(search.n) if c not in served)
    return Routes(
        tuple(tuple(c + 1 for c in route) for route in routes),
        search.best_cost,
        not left_out,
        left_out,
        bound,
        clock.done,
    )


def _rounds(search: Search, clock: _Clock, hopeless: bool, stop: Callable[[], bool]) -> None:
    small = search.n <= LARGE
    rounds = ROUNDS if small else 1
    explore = EXPLORE_PART / rounds if small else POLISH_PART
    leg = max(1.0, search.best_cost / (search.n + len(search.best_routes())))
    hottest, cold = (HOT * leg, COLD * leg) if small else (LARGE_HOT * leg, LARGE_COLD * leg)
    begin = clock.used()
    for number in range(rounds):
        end = begin + (1.0 - begin) / (rounds - number)
        chill = end - COVER_PART - explore
        hot = hottest * (1.0 if number == 0 else REHEAT)
        while (used := clock.used()) < chill:
            now = hot * (cold / hot) ** ((used - begin) / (chill - begin))
            search.cool(clock.next_steps(chill), now, now)
            if hopeless or stop():
                return
        if explore > 0.0:
            _explore(search, clock, end - COVER_PART, stop)
        _choose(search, clock, end)
        begin = clock.used()
        if begin >= 1.0 or stop():
            return
    while clock.used() < 1.0 and not stop():
        search.cool(clock.next_steps(1.0), cold, cold)


def _explore(search: Search, clock: _Clock, until: float, stop: Callable[[], bool]) -> None:
    from optimisers.vrptw.penalised import explore

    def ended() -> bool:
        clock.done += STEPS_OF_EXPLORATION
        return clock.used() >= until or stop()

    start = search.best_routes() if search.n > LARGE and search.complete else None
    explore(search, int(search.rng[0] % 2**31), ended, start)


def _choose(search: Search, clock: _Clock, end: float) -> None:
    """Continue from the best choice of pooled routes, or else from the best solution."""
    if not search.complete:
        return
    columns = COLUMNS if search.n <= LARGE else LARGE_COLUMNS
    seconds = None
    if clock.seconds is not None:
        seconds = COVER_LIMIT * (end - clock.used()) * clock.seconds
        if seconds < (LEAST_COVER_S if search.n <= LARGE else LEAST_LARGE_COVER_S):
            search.take(search.best_routes())
            return
    routes = best_cover(
        search.pool, search.rows, search.n, search.routes, search.best_cost, columns=columns, seconds=seconds
    )
    if routes is not None:
        routes = without_doubles(routes, search.distance)
        if search.holds(routes):
            search.take(routes)
            return
    search.take(search.best_routes())


def warm_up() -> None:
    """Compile the kernels (kept on disk by numba), so that no instance pays for it."""
    places = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [3.0, 3.0]])
    zero = np.zeros(4, np.int64)
    tiny = Vrptw("warm-up", 2, 10, zero, zero, np.full(4, 1000, np.int64), zero, truncated_distance(places))
    solve(tiny, max_iterations=20)
