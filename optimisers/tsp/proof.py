"""Proof of optimality: branch and bound on 1-trees, the weakest open node first.

A node forces some edges in and some out; its bound is the best 1-tree value found by a few subgradient steps
from its parent's prices. Opening the node with the lowest bound lifts the bound on the whole at every step.

Source: Held, Karp, "The traveling-salesman problem and minimum spanning trees: part II", Mathematical
Programming 1, 1971; Volgenant, Jonker, EJOR 9, 1982 (the three-way branching).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimisers.kernels import compiled
from optimisers.tsp.bound import one_tree

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
MAX_OPEN = 6000
MAX_DECISIONS = 240
MAX_STOPS = 200
STEPS = 30


@compiled
def decide(
    lengths: Floats, forced_cost: float, decisions: Ints, count: int, out: Floats, forced: Ints
) -> bool:
    """Lengths under the decisions: what is out costs `forced_cost` more, what is in that much less.

    decisions: (MAX_DECISIONS, 3) rows i, j, 1 in or 0 out. Two edges in at a stop put the others there out.
    forced: (n,) edges in at each stop. False: three edges in at one stop.
    """
    n = len(lengths)
    out[:] = lengths
    forced[:] = 0
    for row in range(count):
        i, j = decisions[row, 0], decisions[row, 1]
        change = -forced_cost if decisions[row, 2] == 1 else forced_cost
        out[i, j] = lengths[i, j] + change
        out[j, i] = out[i, j]
        if decisions[row, 2] == 1:
            forced[i] += 1
            forced[j] += 1
    for i in range(n):
        if forced[i] > 2:
            return False
        if forced[i] == 2:
            for j in range(n):
                if out[i, j] == lengths[i, j]:
                    out[i, j] = out[j, i] = lengths[i, j] + forced_cost
    return True


@compiled
def linked(parent: Ints, extra: Ints, one: int, two: int) -> bool:
    """Whether the 1-tree has an edge between two stops."""
    return (
        parent[one] == two
        or parent[two] == one
        or (extra[0] == one and extra[1] == two)
        or (extra[1] == one and extra[0] == two)
    )


@compiled
def follow(parent: Ints, extra: Ints) -> Ints:
    """Order of the stops on a 1-tree that is a tour."""
    n = len(parent)
    found = np.empty(n, np.int32)
    before, here = -1, 0
    for place in range(n):
        found[place] = here
        after = 0
        while after in (here, before) or not linked(parent, extra, here, after):
            after += 1
            if after == n:
                break
        before, here = here, after
    return found


@compiled
def explore(
    lengths: Floats, forced_cost: float, best: Ints, marks: Floats, decisions: NDArray[np.int16],
    counts: Ints, bounds: Floats, prices: Floats, nodes: int, steps: int,
) -> int:  # fmt: skip
    """Open up to `nodes` nodes; returns how many are left (0: proved; MAX_OPEN: gave up).

    marks: [length of best, a node with this bound or more holds nothing better, open nodes, improvement that
    counts]. decisions, counts, bounds, prices: the open nodes, one row each.
    """
    n = len(lengths)
    changed = np.empty((n, n))
    forced, degree = np.empty(n, np.int32), np.empty(n, np.int32)
    parent, order = np.empty(n, np.int32), np.empty(n, np.int32)
    extra, key = np.empty(2, np.int32), np.empty(n, np.float64)
    best_parent, best_degree, best_extra = parent.copy(), degree.copy(), extra.copy()
    current, top = np.empty(n), np.empty(n)
    mine = np.empty_like(decisions[0])
    open_nodes = int(marks[2])
    for _ in range(nodes):
        if open_nodes == 0 or open_nodes + 2 >= len(counts):
            break
        at = np.argmin(bounds[:open_nodes])
        count = counts[at]
        mine[:count] = decisions[at, :count]
        top[:] = prices[at]
        inherited = bounds[at]
        open_nodes -= 1
        if at != open_nodes:
            moved = counts[open_nodes]
            decisions[at, :moved] = decisions[open_nodes, :moved]
            counts[at], bounds[at], prices[at] = moved, bounds[open_nodes], prices[open_nodes]
        if inherited >= marks[1] or not decide(lengths, forced_cost, mine, count, changed, forced):
            continue
        credit = forced_cost * (forced.sum() // 2)
        current[:] = top
        value, scale, closed = -np.inf, 1.0, False
        for _step in range(steps):
            now = one_tree(changed, current, parent, order, degree, extra, key) + credit
            if now > value:
                value = now
                top[:] = current
                best_parent[:], best_degree[:], best_extra[:] = parent, degree, extra
            if value >= marks[1]:
                closed = True
                break
            if (degree == 2).all():
                found = follow(parent, extra)
                length = 0.0
                for i in range(n):
                    length += lengths[found[i - 1], found[i]]
                if length < marks[0] - marks[3]:
                    marks[1] -= marks[0] - length
                    marks[0] = length
                    best[:] = found
                closed = True
                break
            norm = 0.0
            for i in range(n):
                norm += (degree[i] - 2.0) ** 2
            size = scale * max(marks[0] - now, 1e-3 * abs(marks[0])) / norm
            scale *= 0.93
            for i in range(n):
                current[i] += size * (degree[i] - 2.0)
        if closed:
            continue
        value = max(value, inherited)
        if count + 2 > len(mine):
            marks[2] = open_nodes
            return len(counts)
        # Branch at the stop with most edges too many, on its unforced edges: the longest two.
        stop, widest = -1, 2
        for i in range(n):
            free = best_degree[i] - forced[i]
            if best_degree[i] > 2 and free > 0 and (stop < 0 or best_degree[i] - 2 + forced[i] * 4 > widest):
                stop, widest = i, best_degree[i] - 2 + forced[i] * 4
        first, second = -1, -1
        long_first, long_second = -np.inf, -np.inf
        for other in range(n):
            if other == stop or not linked(best_parent, best_extra, stop, other):
                continue
            if changed[stop, other] != lengths[stop, other]:
                continue
            priced = lengths[stop, other] + top[other]
            if priced > long_first:
                second, long_second = first, long_first
                first, long_first = other, priced
            elif priced > long_second:
                second, long_second = other, priced
        if first < 0:
            marks[2] = open_nodes
            return len(counts)
        children = 2 if forced[stop] == 1 or second < 0 else 3
        for child in range(children):
            decisions[open_nodes, :count] = mine[:count]
            size_of = count + 1
            decisions[open_nodes, count, 0], decisions[open_nodes, count, 1] = stop, first
            decisions[open_nodes, count, 2] = 0 if child == 0 else 1
            if child > 0 and children == 3:
                decisions[open_nodes, count + 1, 0], decisions[open_nodes, count + 1, 1] = stop, second
                decisions[open_nodes, count + 1, 2] = 0 if child == 1 else 1
                size_of += 1
            counts[open_nodes], bounds[open_nodes], prices[open_nodes] = size_of, value, top
            open_nodes += 1
    marks[2] = open_nodes
    return open_nodes


class Proof:
    """A proof under way. `bound`: no tour is shorter (rounding aside: see `largest`)."""

    def __init__(self, lengths: Floats, whole: bool, least: float, prices: Floats, bound: float) -> None:
        """whole: lengths are whole numbers. prices: good stop prices. bound: what they prove."""
        n = len(lengths)
        self.possible = n <= MAX_STOPS
        self.lengths, self.whole, self.bound = lengths, whole, bound
        # A power of two beyond any length: the sums keep their last digits.
        self.forced_cost = float(2.0 ** np.ceil(np.log2(8.0 * np.abs(lengths).max() + 1.0)))
        self.largest = 2.0 * self.forced_cost
        self.order, self.length = np.zeros(n, np.int32), np.inf
        if not self.possible:
            return
        self._marks = np.array([np.inf, np.inf, 1.0, least])
        self._decisions = np.empty((MAX_OPEN, MAX_DECISIONS, 3), np.int16)
        self._counts = np.zeros(MAX_OPEN, np.int32)
        self._bounds = np.full(MAX_OPEN, bound)
        self._prices = np.empty((MAX_OPEN, n))
        self._prices[0] = prices

    def advance(self, order: Ints, length: float, nodes: int) -> bool:
        """Open up to `nodes` nodes, given the best tour known; True: `order`, `length` are a shorter one."""
        self.order[:] = order
        # Twice what `raise_bound` takes off for rounding, so that a closed node stays closed there.
        margin = 8.0 * np.finfo(np.float64).eps * len(order) ** 2 * self.largest
        worthwhile = 1.0 if self.whole else 0.5e-9 * abs(length)
        self._marks[0], self._marks[1] = length, length - worthwhile + margin
        left = explore(
            self.lengths, self.forced_cost, self.order, self._marks, self._decisions, self._counts,
            self._bounds, self._prices, nodes, STEPS,
        )  # fmt: skip
        self.length = float(self._marks[0])
        self.possible = left + 2 < MAX_OPEN
        if left < MAX_OPEN:  # else a node could not be split and is in no list: the bound stays as it was
            self.bound = float(self._bounds[:left].min()) if left else self.length
        return self.length < length
