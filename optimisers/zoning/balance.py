"""Clients to given centres, every zone within its share of the work: an exact transportation problem."""

from __future__ import annotations

import numpy as np


def balanced_labels(
    points_km: np.ndarray, hours: np.ndarray, centres_km: np.ndarray, tolerance: float
) -> np.ndarray:
    """Zone number of each point, the hours-weighted sum of squared kilometres being least.

    Each zone's hours lie within ±`tolerance` (a share, 0.1 = 10 %) of the mean, up to one client: the
    linear relaxation splits at most one client fewer than there are zones, and those go where most of
    them went. At the optimum each point is in the zone of least (squared distance − price of the zone's
    room): cells of a power diagram, so zones are convex and in one piece.

    Source: Bradley, Bennett & Demiriz, *Constrained K-Means Clustering*, MSR-TR-2000-65 (assignment step as
    a network flow); Aurenhammer, Hoffmann & Aronov, *Minkowski-type theorems and least-squares clustering*,
    Algorithmica 20 (1998) (power diagrams).
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, vstack

    squared = ((points_km[:, None, :] - centres_km[None, :, :]) ** 2).sum(axis=2)
    zones = len(centres_km)
    at_work = np.flatnonzero(hours > 0)
    if zones == 1 or not len(at_work):
        return squared.argmin(axis=1)
    share = hours[at_work] / hours.sum()
    count = len(at_work)
    client = np.repeat(np.arange(count), zones)
    zone = np.tile(np.arange(zones), count)
    variable = np.arange(count * zones)
    weight = np.repeat(share, zones)
    room = csr_array((weight, (zone, variable)), shape=(zones, count * zones))
    found = linprog(
        weight * squared[at_work].ravel(),
        A_ub=vstack([room, -room]),
        b_ub=np.r_[np.full(zones, (1 + tolerance) / zones), np.full(zones, -(1 - tolerance) / zones)],
        A_eq=csr_array((np.ones(count * zones), (client, variable)), shape=(count, count * zones)),
        b_eq=np.ones(count),
        bounds=(0, None),
        method="highs-ds",
    )
    price = found.ineqlin.marginals[:zones] - found.ineqlin.marginals[zones:]
    labels = (squared - price).argmin(axis=1)
    labels[at_work] = found.x.reshape(count, zones).argmax(axis=1)
    return labels
