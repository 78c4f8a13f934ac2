"""Quick tours for estimates: Clarke & Wright's savings, then 2-opt."""

from __future__ import annotations

import numpy as np


def savings_tours(
    metres: np.ndarray, minutes: np.ndarray, on_site: np.ndarray, limit_min: float
) -> list[list[int]]:
    """Tours from place 0 through all others, each at most `limit_min` of driving and work where possible.

    `metres` and `minutes` are square and symmetric over home (0) and visits (1…n); `on_site[i]` minutes of
    visit i (`on_site[0]` is ignored). A visit too long for any day keeps a tour of its own. The same input
    always gives the same tours.

    Source: Clarke & Wright, *Scheduling of vehicles from a central depot to a number of delivery points*,
    Operations Research 12 (1964), parallel version; Croes, *A method for solving traveling-salesman
    problems*, Operations Research 6 (1958) (2-opt).
    """
    visits = len(metres) - 1
    tours = {n: [n] for n in range(1, visits + 1)}
    tour_of = {n: n for n in range(1, visits + 1)}
    took = {n: minutes[0, n] + minutes[n, 0] + on_site[n] for n in range(1, visits + 1)}
    for a, b in _by_saving(metres):
        one, other = tour_of[a], tour_of[b]
        if one == other or a not in _ends(tours[one]) or b not in _ends(tours[other]):
            continue
        joined = took[one] + took[other] + minutes[a, b] - minutes[0, a] - minutes[0, b]
        if joined > limit_min:
            continue
        first = tours[one] if tours[one][-1] == a else tours[one][::-1]
        second = tours[other] if tours[other][0] == b else tours[other][::-1]
        tours[one] = first + second
        took[one] = joined
        for n in tours.pop(other):
            tour_of[n] = one
    return [_without_crossings(tour, metres) for tour in tours.values()]


def tour_metres(tour: list[int], metres: np.ndarray) -> float:
    """Home, every visit in order, home."""
    way = [0, *tour, 0]
    return float(metres[way[:-1], way[1:]].sum())


def _by_saving(metres: np.ndarray) -> list[tuple[int, int]]:
    a, b = np.triu_indices(len(metres) - 1, k=1)
    a, b = a + 1, b + 1
    saving = metres[0, a] + metres[0, b] - metres[a, b]
    order = np.argsort(-saving, kind="stable")
    return list(zip(a[order].tolist(), b[order].tolist(), strict=True))


def _ends(tour: list[int]) -> tuple[int, int]:
    return tour[0], tour[-1]


def _without_crossings(tour: list[int], metres: np.ndarray) -> list[int]:
    way = [0, *tour, 0]
    better = True
    while better:
        better = False
        for i in range(len(way) - 3):
            for j in range(i + 2, len(way) - 1):
                now = metres[way[i], way[i + 1]] + metres[way[j], way[j + 1]]
                if metres[way[i], way[j]] + metres[way[i + 1], way[j + 1]] < now - 1e-6:
                    way[i + 1 : j + 1] = way[i + 1 : j + 1][::-1]
                    better = True
    return way[1:-1]
