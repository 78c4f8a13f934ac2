"""The linear programme over the routes found so far, whose prices steer the search for more.

Prices stay in a box around the best ones so far, as long as that is worth it (boxstep method:
Marsten, Hogan & Blankenship 1975): far from them the few routes known say little.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, eye_array, hstack, vstack

DEAR = 1e5  # points for leaving out a visit that must be planned, while no route holds it


class Master:
    """Cover each visit by routes or its skip cost; a route a shift at most, `max_days` a technician."""

    def __init__(self, skip: np.ndarray, shift_technician: np.ndarray, max_days: np.ndarray) -> None:
        self.visits, self.shifts = len(skip), len(shift_technician)
        self.technician = shift_technician
        self.max_days = max_days
        self.costs: list[float] = list(np.minimum(skip, DEAR))
        self.rows: list[np.ndarray] = [np.array([v]) for v in range(self.visits)]
        self.times: list[np.ndarray] = [np.ones(1) for _ in range(self.visits)]
        self.known: set[tuple[int, ...]] = set()

    def add(self, shift: int, points: float, visits: np.ndarray) -> bool:
        """Add a route unless it is known."""
        key = (shift, *(int(v) for v in visits))
        if key in self.known:
            return False
        self.known.add(key)
        stops, times = np.unique(visits, return_counts=True)
        limits = [self.visits + shift, self.visits + self.shifts + int(self.technician[shift])]
        self.costs.append(points)
        self.rows.append(np.concatenate((stops, limits)))
        self.times.append(np.concatenate((times, (1, 1))).astype(np.float64))
        return True

    def solve(self, centre: np.ndarray, reach: float) -> tuple[float, np.ndarray] | None:
        """(points of the programme, price of each visit, none further than `reach` from `centre`).

        None when the solver gives up, which only huge costs have been seen to cause.
        """
        starts = np.concatenate(([0], np.cumsum([len(rows) for rows in self.rows])))
        limits = np.concatenate((np.ones(self.shifts), self.max_days))
        routes = csc_array(
            (np.concatenate(self.times), np.concatenate(self.rows), starts),
            shape=(self.visits + len(limits), len(self.costs)),
        )
        # To cover a visit less or more than once costs the ends of its box.
        one, none = eye_array(self.visits), csc_array((len(limits), 2 * self.visits))
        matrix = hstack((routes, vstack((hstack((one, -one)), none))), format="csr")
        solved = linprog(
            np.concatenate((self.costs, centre + reach, reach - centre)),
            A_ub=matrix[self.visits :],
            b_ub=limits,
            A_eq=matrix[: self.visits],
            b_eq=np.ones(self.visits),
            method="highs",
        )
        if solved.status != 0:
            return None
        return float(solved.fun), np.asarray(solved.eqlin.marginals)
