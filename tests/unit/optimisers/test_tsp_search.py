"""Inside the tour search: lengths kept by the kernels are those of the tours, moves leave one closed tour."""

from __future__ import annotations

import numpy as np
import pytest

from optimisers.tsp.moves import DEPTH, close_move
from optimisers.tsp.search import kick_and_repair, nearest_next


def length_of(lengths: np.ndarray, tour: np.ndarray) -> float:
    return float(lengths[tour, np.roll(tour, -1)].sum())


@pytest.mark.parametrize("n", [8, 9, 23, 150])
@pytest.mark.parametrize("warmth", [0.0, 300.0])
def test_lengths_kept_are_those_of_the_tours(n, warmth):
    """Every kick, move, rejection and acceptance must leave length and order in step."""
    places = np.random.default_rng(n).integers(0, 1000, (n, 2))
    lengths = np.round(np.linalg.norm(places[:, None] - places[None], axis=2))
    near = np.argsort(lengths + np.eye(n) * 1e9, axis=1)[:, :6].astype(np.int32)
    current = nearest_next(lengths, 0)
    best, costs = current.copy(), np.full(2, length_of(lengths, current))
    start, random = costs[1], np.array([n + 1], dtype=np.uint64)
    breadth = np.array([5, 5, 3, 2, 1], dtype=np.int32)
    for kicks in (0, 1, 7, 200):
        done = kick_and_repair(
            lengths, near, breadth, current, best, costs, random, kicks, 40, warmth, 0.5, -np.inf
        )
        assert done == max(kicks, 1)
        for tour, cost in zip((current, best), costs, strict=True):
            assert sorted(tour.tolist()) == list(range(n))
            assert cost == length_of(lengths, tour)
        assert costs[1] <= min(costs[0], start)


def test_a_move_is_made_only_if_one_tour_remains():
    """Random exchanges of two to five edges against following the new edges stop by stop."""
    random, n = np.random.default_rng(11), 14
    made = 0
    for _ in range(600):
        tour = random.permutation(n).astype(np.int32)
        position = np.argsort(tour).astype(np.int32)
        k = int(random.integers(2, DEPTH + 1))
        places = random.choice(n, k, replace=False)
        t = np.zeros(2 * DEPTH, np.int32)
        for i, place in enumerate(places):
            ends = [tour[place], tour[(place + 1) % n]]
            t[2 * i : 2 * i + 2] = ends if random.integers(2) else ends[::-1]
        new = [(int(t[2 * i - 1]), int(t[2 * i])) for i in range(1, k)] + [(int(t[2 * k - 1]), int(t[0]))]
        kept = [(int(tour[p]), int(tour[(p + 1) % n])) for p in range(n) if p not in places]
        before = tour.copy()
        touched, buffer = np.zeros(4 * n + 1, np.int32), np.zeros(n, np.int32)
        applied = close_move(tour, position, touched, buffer, np.zeros(6 * DEPTH, np.int32), t, k)
        assert applied == one_cycle(n, kept + new)
        edges = {frozenset((int(tour[p]), int(tour[(p + 1) % n]))) for p in range(n)}
        assert edges == {frozenset(edge) for edge in (kept + new)} if applied else (tour == before).all()
        assert (position[tour] == np.arange(n)).all()
        made += applied
    assert 50 < made < 550


def one_cycle(n: int, edges: list[tuple[int, int]]) -> bool:
    """Whether the edges, two at each stop, are one cycle through all stops."""
    if any(one == two for one, two in edges):
        return False
    beside: list[list[int]] = [[] for _ in range(n)]
    for one, two in edges:
        beside[one].append(two)
        beside[two].append(one)
    before, here, seen = -1, 0, 0
    while True:
        first, second = beside[here]
        before, here = here, (second if first == before else first)
        seen += 1
        if here == 0:
            return seen == n
