"""The assignment relaxation: each planned visit is left once and reached once, nothing more.

Times, hours and the demand that routes are connected are dropped; solved exactly, in any size.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from optimisers.bounds.relaxed import Relaxed

FAR = 1e9


def assignment(relaxed: Relaxed) -> tuple[float, np.ndarray]:
    """(points no lawful plan can beat, price of each visit (V,) in the dual).

    Rows depart, columns arrive: visits, then one home a shift.
    """
    instance, count = relaxed.instance, relaxed.count
    shifts, rate = len(instance.shift_day), instance.minute_cost
    if count == 0:
        return 0.0, np.zeros(0)
    choice = np.where(relaxed.usable, instance.choice_cost, np.inf)
    cheapest = choice.min(axis=0) if shifts else np.full(count, np.inf)
    into = np.minimum(cheapest + rate * relaxed.service, FAR)
    cost = np.full((count + shifts, count + shifts), FAR)
    cost[:count, :count] = np.minimum(relaxed.legs + rate * relaxed.drives + into[None, :], FAR)
    # A visit that leads to itself is left out; a home that leads to itself is a day off.
    np.fill_diagonal(cost[:count, :count], np.minimum(instance.skip_cost, FAR))
    for group in relaxed.groups:
        for shift in group.shifts:
            may = relaxed.usable[shift]
            out = group.first_leg + rate * group.first_drive + into
            cost[count + shift, :count] = np.where(may, np.minimum(out, FAR), FAR)
            cost[:count, count + shift] = np.where(may, group.home + rate * group.drive_home, FAR)
            cost[count + shift, count + shift] = 0.0
    rows, columns = linear_sum_assignment(cost)
    arriving = _potentials(cost, columns)
    leaving = cost[rows, columns] - arriving[columns]
    return float(cost[rows, columns].sum()), (leaving + arriving)[:count]


def _potentials(cost: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Dual prices of the columns: shortest paths in the residual graph (Bellman & Ford)."""
    steps = (cost - cost[np.arange(len(cost)), columns][:, None])[np.argsort(columns)]
    prices = np.zeros(len(cost))
    for _ in range(len(cost)):
        shorter = np.minimum(prices, (prices[:, None] + steps).min(axis=0))
        if (shorter >= prices - 1e-12).all():
            break
        prices = shorter
    return prices
