"""Iterated local search: disturb a few stops, repair by k-exchanges, keep what is not worse.

Source: Johnson, McGeoch, "The traveling salesman problem: a case study", in Local Search in Combinatorial
Optimization, 1997 (iterated Lin-Kernighan with local double-bridge kicks).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimisers.kernels import compiled
from optimisers.tsp.moves import DEPTH, apply_order, improve_stop

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@compiled
def draw(state: NDArray[np.uint64], below: int) -> int:
    """Next number in [0, below) of a xorshift64* generator (Vigna, 2016); `state` holds one non-zero word."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return int(((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % np.uint64(below))


@compiled
def kick_and_repair(
    lengths: Floats, near: Ints, breadth: Ints, tour: Ints, best: Ints, costs: Floats,
    state: NDArray[np.uint64], kicks: int, span: int, warmth: float, least: float, target: float,
) -> int:  # fmt: skip
    """Run up to `kicks` kicks; returns those done (fewer once the best length is at most `target`).

    tour, best: orders, changed in place. costs[0], costs[1]: their lengths. kicks = 0: only repairs `tour`.
    warmth: a tour is kept when it is at most this much longer than the best.
    """
    n = len(tour)
    position = np.empty(n, np.int32)
    for p in range(n):
        position[tour[p]] = p
    base = tour.copy()
    touched = np.zeros(4 * n + 1, np.int32)
    buffer = np.empty(n, np.int32)
    work = np.empty(6 * DEPTH, np.int32)
    starts, ends = np.empty(4, np.int32), np.empty(4, np.int32)
    t, tried = np.empty(2 * DEPTH, np.int32), np.empty(DEPTH, np.int32)
    gains = np.empty(DEPTH, np.float64)
    queue, queued = np.empty(n, np.int32), np.zeros(n, np.bool_)
    head, waiting = 0, 0
    cost = costs[0]
    done = 0
    while True:
        touched[0] = 0
        if kicks == 0:
            for p in range(n):
                queue[p] = tour[p]
                queued[tour[p]] = True
            head, waiting = 0, n
        else:
            # Segments X Y Z become Z Y X: a double bridge, which no sequential move undoes at once.
            room = min(span, (n - 2) // 3)
            p0 = draw(state, n)
            p1 = p0 + 1 + draw(state, room)
            p2 = p1 + 1 + draw(state, room)
            p3 = p2 + 1 + draw(state, room)
            a0, x0, x1, y0 = tour[p0], tour[(p0 + 1) % n], tour[p1 % n], tour[(p1 + 1) % n]
            y1, z0, z1, b0 = tour[p2 % n], tour[(p2 + 1) % n], tour[p3 % n], tour[(p3 + 1) % n]
            cost += (
                lengths[a0, z0] + lengths[z1, y0] + lengths[y1, x0] + lengths[x1, b0]
                - lengths[a0, x0] - lengths[x1, y0] - lengths[y1, z0] - lengths[z1, b0]
            )  # fmt: skip
            starts[0], ends[0] = (p3 + 1) % n, p0
            starts[1], ends[1] = (p2 + 1) % n, p3 % n
            starts[2], ends[2] = (p1 + 1) % n, p2 % n
            starts[3], ends[3] = (p0 + 1) % n, p1 % n
            apply_order(tour, position, touched, buffer, starts, ends, 4)
            for stop in (a0, x0, x1, y0, y1, z0, z1, b0):
                if not queued[stop]:
                    queued[stop] = True
                    queue[(head + waiting) % n] = stop
                    waiting += 1
        while waiting > 0:
            stop = queue[head]
            head = head + 1 if head + 1 < n else 0
            waiting -= 1
            queued[stop] = False
            while True:
                saved, k = improve_stop(
                    stop, lengths, near, breadth, tour, position, touched,
                    buffer, work, t, tried, gains, least,
                )  # fmt: skip
                if k == 0:
                    break
                cost -= saved
                for i in range(2 * k):
                    if not queued[t[i]] and t[i] != stop:
                        queued[t[i]] = True
                        queue[(head + waiting) % n] = t[i]
                        waiting += 1
        keep = kicks == 0 or cost <= costs[0] or cost <= costs[1] + warmth
        if keep:
            costs[0] = cost
        whole = touched[0] >= len(touched)
        for i in range(n if whole else touched[0]):
            p = i if whole else touched[i + 1]
            if keep:
                base[p] = tour[p]
            else:
                tour[p] = base[p]
                position[tour[p]] = p
        cost = costs[0]
        if cost < costs[1] - least:
            costs[1] = cost
            best[:] = tour
        done += 1
        if done >= kicks or costs[1] <= target:
            return done


@compiled
def nearest_next(lengths: Floats, first: int) -> Ints:
    """A tour that always goes on to the nearest stop left."""
    n = len(lengths)
    tour, left = np.empty(n, np.int32), np.ones(n, np.bool_)
    here = first
    for place in range(n):
        tour[place] = here
        left[here] = False
        following = -1
        for stop in range(n):
            if left[stop] and (following < 0 or lengths[here, stop] < lengths[here, following]):
                following = stop
        here = following
    return tour
