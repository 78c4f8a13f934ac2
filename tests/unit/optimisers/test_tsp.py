"""The travelling-salesman solver against dynamic programming: tours, bounds, proofs, limits, odd cases."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InvalidInput
from optimisers.tsp.bound import alpha_neighbours, ascend
from optimisers.tsp.solve import SMALL, solve


def shortest(lengths: np.ndarray) -> float:
    """Length of a shortest tour, by dynamic programming over sets (Held, Karp 1962; Bellman 1962)."""
    n = len(lengths)
    if n == 1:
        return 0.0
    full = 1 << (n - 1)
    ends = np.full((full, n - 1), np.inf)
    for last in range(n - 1):
        ends[1 << last, last] = lengths[0, last + 1]
    for visited in range(1, full):
        for last in range(n - 1):
            if visited >> last & 1 and visited != 1 << last:
                ends[visited, last] = (ends[visited ^ (1 << last)] + lengths[1:, last + 1]).min()
    return float((ends[full - 1] + lengths[1:, 0]).min())


def plane(n: int, seed: int, kind: str = "whole") -> np.ndarray:
    places = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    exact = np.linalg.norm(places[:, None] - places[None], axis=2)
    return np.round(exact) if kind == "whole" else exact


def noise(n: int, seed: int, kind: str = "whole") -> np.ndarray:
    """Symmetric lengths without any triangle inequality."""
    half = np.triu(np.random.default_rng(seed).uniform(0, 100, (n, n)), 1)
    return np.round(half + half.T) if kind == "whole" else half + half.T


def check_tour(lengths: np.ndarray, tour) -> None:
    assert sorted(tour.order.tolist()) == list(range(len(lengths)))
    assert tour.length == pytest.approx(lengths[tour.order, np.roll(tour.order, -1)].sum(), rel=1e-12)
    assert tour.lower_bound <= tour.length


@pytest.mark.parametrize("kind", ["whole", "real"])
@pytest.mark.parametrize("make", [plane, noise])
@pytest.mark.parametrize("n", [1, 2, 3, 5, SMALL - 1, SMALL, 9, 10, 11])
def test_small_problems_are_solved_and_proved(make, n, kind):
    for seed in range(3):
        lengths = make(n, seed, kind)
        np.fill_diagonal(lengths, 0.0)
        tour = solve(lengths, max_kicks=500, seed=seed)
        check_tour(lengths, tour)
        assert tour.proved
        assert tour.length == pytest.approx(shortest(lengths), rel=2e-9, abs=1e-9)


@pytest.mark.parametrize("kind", ["whole", "real"])
def test_the_bound_holds_when_nothing_is_proved(kind):
    """With a single kick, a proof has hardly begun."""
    unproved = 0
    for seed in range(30):
        lengths = (noise if seed % 2 else plane)(12, seed, kind)
        tour = solve(lengths, max_kicks=1, seed=seed)
        check_tour(lengths, tour)
        best = shortest(lengths)
        assert tour.lower_bound <= best * (1 + 2e-9)
        assert not tour.proved or tour.length == pytest.approx(best, rel=2e-9)
        unproved += not tour.proved
    assert unproved


@pytest.mark.parametrize("shift", [0, 1000])
def test_any_number_of_ascent_steps_gives_a_bound(shift):
    for seed in range(10):
        lengths = noise(10, seed) - shift
        np.fill_diagonal(lengths, 0.0)
        best = shortest(lengths)
        for planned in (5, 20, 200):
            prices, walk, slope, progress = np.zeros(10), np.zeros(10), np.zeros(10), np.zeros(3)
            ascend(lengths, prices, walk, slope, progress, 0, planned, planned)
            assert progress[0] <= best + 1e-6


@pytest.mark.parametrize("n", [SMALL, 9, 30, 60])
def test_equal_and_collinear_places(n):
    line = np.arange(n, dtype=float)
    for lengths, best in (
        (np.zeros((n, n)), 0.0),
        (np.full((n, n), 7.0), 7.0 * n),
        (np.abs(line[:, None] - line[None]), 2.0 * (n - 1)),
    ):
        tour = solve(lengths, max_kicks=1000)
        assert sorted(tour.order.tolist()) == list(range(n))
        assert tour.length == best
        assert 0.5 * best <= tour.lower_bound <= best


def test_places_given_twice_cost_nothing_more():
    places = np.random.default_rng(1).uniform(0, 50, (9, 2))
    once = np.linalg.norm(places[:, None] - places[None], axis=2)
    twice = np.repeat(np.repeat(once, 3, axis=0), 3, axis=1)
    tour = solve(twice, max_kicks=2000)
    check_tour(twice, tour)
    assert tour.length == pytest.approx(shortest(once), rel=1e-9)


def test_points_on_a_circle_are_visited_around():
    """The optimum is known for any number of stops: around the circle."""
    n = 120
    angle = np.random.default_rng(3).permutation(n) * 2 * np.pi / n
    places = np.column_stack((np.cos(angle), np.sin(angle)))
    tour = solve(np.linalg.norm(places[:, None] - places[None], axis=2), max_kicks=2000)
    assert tour.length == pytest.approx(2 * n * np.sin(np.pi / n), rel=1e-9)


def test_grid_of_an_even_side_is_solved():
    """On an even grid a tour of unit steps exists: 100 stops, length 100."""
    places = np.array([(i, j) for i in range(10) for j in range(10)], dtype=float)[
        np.random.default_rng(4).permutation(100)
    ]
    tour = solve(np.abs(places[:, None] - places[None]).sum(axis=2), max_kicks=3000)
    assert tour.length == 100
    assert tour.proved


def test_forty_stops_are_proved_and_agree_across_seeds():
    lengths = plane(40, 5)
    tours = [solve(lengths, max_kicks=4000, seed=seed) for seed in (1, 2, 3)]
    assert all(tour.proved for tour in tours)
    assert len({tour.length for tour in tours}) == 1


def test_same_seed_and_kicks_give_the_same_tour():
    lengths = plane(230, 6)
    first, again = (solve(lengths, max_kicks=1200, seed=9) for _ in range(2))
    assert first.order.tolist() == again.order.tolist()
    assert (first.length, first.lower_bound, first.kicks) == (again.length, again.lower_bound, 1200)
    assert solve(lengths, max_kicks=1200, seed=10).order.tolist() != first.order.tolist()


def test_more_kicks_never_hurt_much_and_first_repair_is_near():
    lengths = plane(230, 7)
    short, long = solve(lengths, max_kicks=1), solve(lengths, max_kicks=6000)
    assert long.length <= short.length <= 1.12 * long.length
    assert long.length <= 1.02 * long.lower_bound


def test_should_stop_returns_the_best_so_far():
    asked = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) > 3

    lengths = plane(230, 8)
    tour = solve(lengths, max_kicks=10**9, should_stop=should_stop)
    check_tour(lengths, tour)
    assert 0 < tour.kicks < 10**6


def test_ctrl_c_returns_the_best_so_far():
    def interrupt() -> bool:
        raise KeyboardInterrupt

    lengths = plane(230, 8)
    check_tour(lengths, solve(lengths, max_kicks=10**9, should_stop=interrupt))


def test_no_time_at_all_still_gives_a_tour():
    lengths = plane(60, 8)
    check_tour(lengths, solve(lengths, seconds=0.0))


def test_neighbours_hold_the_edges_of_the_optimum():
    """What alpha-nearness is for: five candidates hold nearly every edge of a shortest tour."""
    lengths = plane(40, 5)
    order = solve(lengths, max_kicks=4000).order
    prices = np.zeros(40)
    ascend(lengths, prices, np.zeros(40), np.zeros(40), np.zeros(3), 0, 200, 200)
    near = alpha_neighbours(lengths, prices, 5)
    assert all(len(set(row)) == 5 and stop not in row for stop, row in enumerate(near.tolist()))
    held = [b in near[a] or a in near[b] for a, b in zip(order, np.roll(order, -1), strict=True)]
    assert np.mean(held) >= 0.95


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        (np.zeros((0, 0)), "shape"),
        (np.zeros((3, 4)), "shape"),
        (np.array([[0, 1, 2], [1, 0, 4], [2, 5, 0]]), r"lengths\[1, 2\] = 4 differs from the way back"),
        (np.array([[0, np.inf], [np.inf, 0]]), "not finite"),
        (np.array([[0, np.nan], [1.0, 0]]), "not finite"),
    ],
)
def test_bad_matrices_are_refused(lengths, message):
    with pytest.raises(InvalidInput, match=message):
        solve(lengths, max_kicks=10)


def test_a_limit_is_required():
    with pytest.raises(InvalidInput, match="without a limit"):
        solve(plane(5, 1))
