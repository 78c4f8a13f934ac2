"""The cheapest set of pooled routes that visits every customer."""

from __future__ import annotations

import numpy as np

from optimisers.vrptw.pool import COUNT, FIRST, LENGTH, WITH

Lists = list[list[int]]


def best_cover(
    pool: np.ndarray,
    rows: np.ndarray,
    customers: int,
    vehicles: int,
    below: int,
    *,
    columns: int,
    seconds: float | None,
) -> Lists | None:
    """Routes (customers from 0) that cover all within `vehicles`, by HiGHS; None: none beats `below`.

    Set covering over the `columns` routes of the best solutions (Rochat, Taillard, "Probabilistic
    diversification and intensification in local search for vehicle routing", Journal of Heuristics 1, 1995).
    A customer may be in several: see `without_doubles`. `seconds` None: a limit on nodes instead, which
    gives the same answer every time.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csc_array

    count = int(rows[0, 0])
    if count == 0:
        return None
    chosen = 1 + np.argsort(rows[1 : count + 1, WITH], kind="stable")[:columns]
    sizes, firsts = rows[chosen, COUNT], rows[chosen, FIRST]
    members = np.concatenate([pool[f : f + s] for f, s in zip(firsts, sizes, strict=True)])
    ends = np.concatenate([[0], np.cumsum(sizes)])
    cover = csc_array((np.ones(len(members)), members, ends), shape=(customers, len(chosen)))
    length = rows[chosen, LENGTH].astype(float)
    limit = {"node_limit": 200} if seconds is None else {"time_limit": seconds}
    found = milp(
        length,
        integrality=np.ones(len(chosen)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(cover, 1, np.inf),
            LinearConstraint(np.ones((1, len(chosen))), 0, vehicles),
        ],
        options={"presolve": True, "mip_rel_gap": 0.0, **limit},
    )
    if found.x is None or found.fun > below - 0.5:
        return None
    picked = np.flatnonzero(found.x > 0.5)
    return [[int(c) for c in pool[firsts[k] : firsts[k] + sizes[k]]] for k in picked]


def without_doubles(routes: Lists, distance: np.ndarray) -> Lists:
    """Keep every customer once, where leaving him out elsewhere saves most. `distance`: depot last."""
    depot = len(distance) - 1

    def saving(route: list[int], place: int) -> int:
        before = route[place - 1] if place else depot
        after = route[place + 1] if place + 1 < len(route) else depot
        at = route[place]
        return int(distance[before, at]) + int(distance[at, after]) - int(distance[before, after])

    seen: dict[int, int] = {}
    for number, route in enumerate(routes):
        for c in list(route):
            if c not in seen:
                seen[c] = number
                continue
            other = routes[seen[c]]
            if saving(other, other.index(c)) > saving(route, route.index(c)):
                other.remove(c)
                seen[c] = number
            else:
                route.remove(c)
    return [route for route in routes if route]
