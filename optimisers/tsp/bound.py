"""Lower bound by 1-trees, and the neighbours that they single out.

Any stop prices give a valid bound: the shortest 1-tree (a spanning tree and one more edge) under lengths plus
prices, minus twice the prices. Subgradient steps push every stop towards two edges.

Sources: Held, Karp, "The traveling-salesman problem and minimum spanning trees", Operations Research 18,
1970; Volgenant, Jonker, "A branch and bound algorithm for the symmetric traveling salesman problem based on
the 1-tree relaxation", EJOR 9, 1982 (step sizes); Helsgaun, "An effective implementation of the Lin-Kernighan
traveling salesman heuristic", EJOR 126, 2000 (alpha-nearness).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimisers.kernels import compiled

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@compiled
def one_tree(
    lengths: Floats, prices: Floats, parent: Ints, order: Ints, degree: Ints, extra: Ints, key: Floats
) -> float:
    """Shortest 1-tree under `lengths[i, j] + prices[i] + prices[j]`; returns its value minus 2 * sum(prices).

    parent, order, key: the spanning tree (root 0, order of growth, priced length of the edge to the parent).
    degree: edges of the 1-tree at each stop. extra: the additional edge, from the leaf where it is longest.
    """
    n = len(prices)
    outside = np.arange(1, n).astype(np.int32)
    for i in range(1, n):
        key[i] = lengths[0, i] + prices[0] + prices[i]
        parent[i] = 0
    parent[0], order[0], key[0] = -1, 0, 0.0
    degree[:] = 0
    total = 0.0
    remaining = n - 1
    for step in range(1, n):
        at, least = 0, np.inf
        for i in range(remaining):
            if key[outside[i]] < least:
                least, at = key[outside[i]], i
        new = outside[at]
        remaining -= 1
        outside[at] = outside[remaining]
        order[step] = new
        total += least
        degree[new] += 1
        degree[parent[new]] += 1
        row, price = lengths[new], prices[new]
        for i in range(remaining):
            other = outside[i]
            length = row[other] + price + prices[other]
            if length < key[other]:
                key[other], parent[other] = length, new
    longest, one, two = -np.inf, 0, 0
    for leaf in range(n):
        if degree[leaf] != 1:
            continue
        only = parent[leaf] if leaf != 0 else -1
        second, mate = np.inf, -1
        for i in range(n):
            if i in (leaf, only) or (leaf == 0 and parent[i] == 0):
                continue
            length = lengths[leaf, i] + prices[leaf] + prices[i]
            if length < second:
                second, mate = length, i
        if second > longest:
            longest, one, two = second, leaf, mate
    extra[0], extra[1] = one, two
    degree[one] += 1
    degree[two] += 1
    return total + longest - 2.0 * prices.sum()


@compiled
def ascend(
    lengths: Floats, prices: Floats, current: Floats, direction: Floats, progress: Floats, first: int,
    steps: int, planned: int,
) -> None:  # fmt: skip
    """Subgradient steps first … first + steps - 1 of `planned`; `prices` become the best seen.

    current, direction: (n,) where the walk stands and its last subgradient. progress: best bound, first step
    length, 1 once the 1-tree is a tour.
    """
    n = len(prices)
    parent, order, degree = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    extra, key = np.empty(2, np.int32), np.empty(n, np.float64)
    for step in range(first, first + steps):
        value = one_tree(lengths, current, parent, order, degree, extra, key)
        if step == 0:
            progress[0], progress[1] = -np.inf, value / (2.0 * n)
        if value > progress[0]:
            progress[0] = value
            prices[:] = current
        if (degree == 2).all():
            progress[2] = 1.0
            return
        m, last = step + 1.0, float(planned)
        size = progress[1] * (
            (m - 1) * (2 * last - 5) / (2 * (last - 1))
            - (m - 2)
            + (m - 1) * (m - 2) / (2 * (last - 1) * (last - 2))
        )
        for i in range(n):
            slope = degree[i] - 2.0
            before = direction[i] if step > 0 else slope
            current[i] += size * (0.6 * slope + 0.4 * before)
            direction[i] = slope


@compiled
def alpha_neighbours(lengths: Floats, prices: Floats, count: int) -> Ints:
    """(n, count) neighbours by alpha: how much longer the spanning tree becomes when it must use the edge.

    Ties go to the shorter edge under the prices.
    """
    n = len(prices)
    parent, order, degree = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    extra, key = np.empty(2, np.int32), np.empty(n, np.float64)
    one_tree(lengths, prices, parent, order, degree, extra, key)
    near = np.zeros((n, count), np.int32)
    highest = np.empty(n, np.float64)
    seen = np.empty(n, np.int32)
    seen[:] = -1
    alphas, priced = np.empty(count), np.empty(count)
    for stop in range(n):
        # Longest edge on the path in the tree from `stop` to everyone: up to the root first, then downwards.
        highest[stop] = -np.inf
        seen[stop] = stop
        i = stop
        while i != 0:
            up = parent[i]
            highest[up] = max(highest[i], key[i])
            seen[up] = stop
            i = up
        held = 0
        for step in range(n):
            other = order[step]
            if seen[other] != stop:
                highest[other] = max(highest[parent[other]], key[other])
                seen[other] = stop
            if other == stop:
                continue
            length = lengths[stop, other] + prices[stop] + prices[other]
            alpha = length - highest[other]
            at = held
            while at > 0 and (
                alphas[at - 1] > alpha or (alphas[at - 1] == alpha and priced[at - 1] > length)
            ):
                at -= 1
            if at < count:
                held = min(held + 1, count)
                for j in range(held - 1, at, -1):
                    alphas[j], priced[j], near[stop, j] = alphas[j - 1], priced[j - 1], near[stop, j - 1]
                alphas[at], priced[at], near[stop, at] = alpha, length, other
    return near
