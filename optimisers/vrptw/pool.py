"""Good routes met during a search, kept once each, compiled.

`keys` (H,) int64 is a hash table (H a power of two): row + 1, or 0. `rows` (M + 1, 5) int64: row 0 holds the
numbers of rows and of customers written; then signature, cost, best cost of a solution it was in, first place
and length in `pool` (P,) int32. Two routes over the same customers are one: the shorter order is kept.
"""

from __future__ import annotations

import numpy as np

from optimisers.kernels import compiled
from optimisers.vrptw.chains import LEG, SIZE, SUCC

SIGNATURE, LENGTH, WITH, FIRST, COUNT = range(5)


@compiled
def mix(x):
    """A customer's 64 bits (SplitMix64's finaliser: Steele, Lea, Flood, OOPSLA 2014)."""
    z = np.uint64(x + 1) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@compiled
def remember(node, route, n, r, total, pool, keys, rows):
    """Keep route r of a solution of cost `total`."""
    size = route[SIZE, r]
    customers = np.empty(size, np.int64)
    length = np.int64(node[LEG, n + r])
    at = np.int64(node[SUCC, n + r])
    for k in range(size):
        customers[k] = at
        length += node[LEG, at]
        at = np.int64(node[SUCC, at])
    keep(customers, length, total, pool, keys, rows)


@compiled
def remember_route(customers, dist, total, pool, keys, rows):
    """Keep a route given by its customers (k,) int64; dist: depot last."""
    before = dist.shape[0] - 1
    length = np.int64(0)
    for c in customers:
        length += dist[before, c]
        before = c
    keep(customers, length + dist[before, dist.shape[0] - 1], total, pool, keys, rows)


@compiled
def keep(customers, length, total, pool, keys, rows):
    """Write one route of `length`; a full pool takes no new route."""
    size = customers.shape[0]
    if size == 0:
        return
    sign = np.uint64(0)
    for c in customers:
        sign += mix(c)
    signature = np.int64(sign)
    slots = keys.shape[0]
    slot = signature & (slots - 1)
    while keys[slot] != 0 and rows[keys[slot], SIGNATURE] != signature:
        slot = (slot + 1) & (slots - 1)
    row = keys[slot]
    if row == 0:
        row = rows[0, 0] + 1
        first = rows[0, 1]
        if row >= rows.shape[0] or first + size > pool.shape[0]:
            return
        keys[slot] = row
        rows[row, SIGNATURE], rows[row, LENGTH], rows[row, WITH] = signature, length + 1, total
        rows[row, FIRST], rows[row, COUNT] = first, size
        rows[0, 0], rows[0, 1] = row, first + size
    rows[row, WITH] = min(rows[row, WITH], total)
    if length < rows[row, LENGTH]:
        rows[row, LENGTH] = length
        first = rows[row, FIRST]
        for k in range(size):
            pool[first + k] = customers[k]
