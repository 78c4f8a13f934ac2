"""Shortest closed tour through all stops: search and proof take turns until time is up or it is proved."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InvalidInput
from optimisers.tsp.bound import alpha_neighbours, ascend
from optimisers.tsp.proof import Proof
from optimisers.tsp.search import kick_and_repair, nearest_next

SMALL = 8  # below: every order is tried; the kernels need room for four segments
NEIGHBOURS = 7
BREADTH = (5, 5, 3, 2, 1)
SPAN = 40
WARMTH = 1.0  # share of the mean edge by which a kept tour may exceed the best; falls to 0 at the end
BOUND_SHARE = 0.06  # of the time
SLICE_SECONDS = 0.02
SLICE_KICKS = 100
PROOF_NODES = 4
FIRST_KICKS = 20  # a stop, before the first try at a proof
ReadyToStop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Tour:
    """A closed tour. `order` holds every stop once; the way back to the first is implied.

    lower_bound: no tour is shorter. proved: this one is a shortest tour (lengths that are not whole
    numbers: to a billionth of the length).
    """

    order: NDArray[np.int32]
    length: float
    lower_bound: float
    proved: bool
    kicks: int


class _Run:
    """State of one solve; `tour` can be asked at any time."""

    def __init__(self, lengths: NDArray[np.float64], seed: int) -> None:
        self.lengths, self.n = lengths, len(lengths)
        self.whole = bool((lengths == np.round(lengths)).all())
        self.largest = float(np.abs(lengths).max())
        self.least = 0.5 if self.whole else 1e-11 * self.largest
        self.best = nearest_next(lengths, seed % self.n)
        self.current = self.best.copy()
        self.costs = np.full(2, self.length())
        self.bound = -np.inf
        self.kicks = 0
        self.random = np.array([(seed % 2**40) * 2654435761 + 88172645463325252], dtype=np.uint64)
        self.near = np.empty((0, 0), dtype=np.int32)
        self.prices = np.zeros(self.n)

    def length(self) -> float:
        """Length of the best tour, summed anew."""
        return float(self.lengths[self.best, np.roll(self.best, -1)].sum())

    def raise_bound(self, value: float, largest: float) -> None:
        """Take a computed bound, less what rounding can have added: n² sums of numbers up to `largest`."""
        value -= 4.0 * np.finfo(np.float64).eps * self.n**2 * largest
        self.bound = max(self.bound, float(np.ceil(value)) if self.whole else value)

    @property
    def proved(self) -> bool:
        """No shorter tour exists (beyond a billionth of the length when lengths are not whole numbers)."""
        return bool(self.bound >= self.costs[1] - (0.0 if self.whole else 1e-9 * abs(self.costs[1])))

    def climb(self, seconds: float, deadline: float) -> None:
        """Lower bound and prices, in steps that `deadline` can cut short; then the neighbours."""
        planned = int(np.clip(seconds / (1.6e-9 * self.n**2), 20, 400))
        walk, slope, progress = np.zeros(self.n), np.zeros(self.n), np.array([-np.inf, 0.0, 0.0])
        for step in range(0, planned, 5):
            ascend(self.lengths, self.prices, walk, slope, progress, step, min(5, planned - step), planned)
            if progress[2] or time.perf_counter() > deadline:
                break
        self.raise_bound(progress[0], self.largest + 2.0 * float(np.abs(self.prices).max()))
        self.near = alpha_neighbours(self.lengths, self.prices, min(NEIGHBOURS, self.n - 1))

    def search(self, kicks: int, share_done: float) -> None:
        """Kick and repair; 0 kicks repairs the first tour only."""
        warmth = WARMTH * (1.0 - share_done) * abs(self.costs[1]) / self.n
        target = self.bound if self.whole else -np.inf
        self.kicks += kick_and_repair(
            self.lengths, self.near, np.array(BREADTH, dtype=np.int32), self.current, self.best, self.costs,
            self.random, kicks, SPAN, warmth, self.least, target,
        )  # fmt: skip

    def tour(self) -> Tour:
        """What is known now."""
        length = self.length()
        bound = length if self.proved else min(self.bound, length)
        return Tour(self.best.copy(), length, bound, self.proved, self.kicks)


def solve(
    lengths: ArrayLike,
    *,
    seconds: float | None = None,
    max_kicks: int | None = None,
    seed: int = 0,
    should_stop: ReadyToStop | None = None,
) -> Tour:
    """A short tour, a valid lower bound and, when the search for it succeeds in time, a proof.

    Args:
        lengths: (n, n), symmetric, finite, n ≥ 1; the diagonal is not used. Whole numbers stay exact.
        seconds: wall clock for everything. max_kicks: disturbances tried; with this limit alone the result
            depends on nothing but `seed`. At least one of both.
        should_stop: asked every few hundredths of a second; True, or Ctrl-C, returns the best tour so far.

    Raises InvalidInput for a matrix that is not square, not finite or not symmetric, and without a limit.
    """
    began = time.perf_counter()
    if seconds is None and max_kicks is None:
        raise InvalidInput("A tour without a limit would never end.", remedy="pass seconds or max_kicks")
    matrix = _checked(lengths)
    if len(matrix) < SMALL:
        return _every_order(matrix)
    run = _Run(matrix, seed)
    with suppress(KeyboardInterrupt):
        _improve(run, began, seconds, max_kicks, should_stop or (lambda: False))
    return run.tour()


def warm_up() -> None:
    """Compile the kernels (or load them from the cache), so that no time limit pays for it."""
    angle = np.arange(12.0) * 2.4
    places = np.column_stack((np.cos(angle), np.sin(2 * angle)))
    lengths = np.linalg.norm(places[:, None] - places[None], axis=2)
    tour = solve(lengths, max_kicks=400)
    Proof(lengths, False, 0.0, np.zeros(len(lengths)), -np.inf).advance(tour.order, tour.length, 1)


def _improve(
    run: _Run, began: float, seconds: float | None, max_kicks: int | None, should_stop: ReadyToStop
) -> None:
    limit = np.inf if seconds is None else seconds
    run.climb(BOUND_SHARE * limit, began + 2 * BOUND_SHARE * limit)
    run.search(0, 0.0)
    proof = Proof(run.lengths, run.whole, run.least, run.prices, run.bound)
    first_kicks = FIRST_KICKS * run.n if max_kicks is None else min(FIRST_KICKS * run.n, max_kicks // 2)
    kicks, nodes = SLICE_KICKS if max_kicks is not None else 1, PROOF_NODES
    last = 0.0  # a slice may take as long as the one before: none begins that would end too late
    while not (run.proved or should_stop()):
        now = time.perf_counter()
        if now - began + last >= limit or (max_kicks is not None and run.kicks >= max_kicks):
            break
        share = max((now - began) / limit, 0.0 if max_kicks is None else run.kicks / max_kicks)
        run.search(kicks if max_kicks is None else min(kicks, max_kicks - run.kicks), share)
        last = time.perf_counter() - now
        if max_kicks is None:
            kicks = _next_size(kicks, last)
        if run.proved or run.kicks < first_kicks or not proof.possible:
            continue
        now = time.perf_counter()
        if now - began + last >= limit:
            break
        if proof.advance(run.best, run.length(), nodes):
            run.costs[:] = proof.length
            run.best[:] = proof.order
            run.current[:] = proof.order
        run.raise_bound(proof.bound, proof.largest)
        took = time.perf_counter() - now
        last = max(last, took)
        if max_kicks is None:
            nodes = _next_size(nodes, took)


def _next_size(size: int, took: float) -> int:
    """Size of the next slice: at most twice this one, about SLICE_SECONDS long."""
    return max(1, int(size * min(2.0, SLICE_SECONDS / max(took, 1e-9))))


def _checked(lengths: ArrayLike) -> NDArray[np.float64]:
    matrix = np.array(lengths, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not len(matrix):
        raise InvalidInput(
            f"Lengths have the shape {matrix.shape}.", expected="a square matrix, one stop or more"
        )
    np.fill_diagonal(matrix, 0.0)
    faults = []
    for what, wrong in (
        ("is not finite", ~np.isfinite(matrix)),
        ("differs from the way back", matrix != matrix.T),
    ):
        if wrong.any():
            i, j = map(int, np.argwhere(wrong)[0])
            faults.append(f"lengths[{i}, {j}] = {matrix[i, j]:g} {what} ({int(wrong.sum())} such entries)")
    if faults:
        raise InvalidInput(
            "; ".join(faults),
            expected="finite lengths, the same in both directions",
            remedy="correct the entries; when directions differ, plan a tour with `optimisers.tours` instead",
        )
    return matrix


def _every_order(matrix: NDArray[np.float64]) -> Tour:
    n = len(matrix)
    orders = np.array([(0, *rest) for rest in permutations(range(1, n))], dtype=np.int32).reshape(-1, n)
    totals = matrix[orders, np.roll(orders, -1, axis=1)].sum(axis=1)
    shortest = int(totals.argmin())
    length = float(totals[shortest])
    return Tour(orders[shortest], length, length, True, 0)
