"""How balanced and how compact a zoning is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.travel import haversine_between_km
from optimisers.zoning.cluster import Zoning
from optimisers.zoning.company import Client


@dataclass(frozen=True)
class Measures:
    """`imbalance_pct`: how far the zone farthest from the mean work lies from it. `spread_km`: mean
    great-circle distance from the work to its zone's centre. `nearer_elsewhere_pct`: clients nearer another
    zone's centre than their own (0 in an unbalanced k-means; the price of balance, or of history).
    `hours`, `clients`: by zone, in the order of the zoning's zones.
    """

    imbalance_pct: float
    spread_km: float
    nearer_elsewhere_pct: float
    hours: tuple[float, ...]
    clients: tuple[int, ...]


def measure(clients: Sequence[Client], zoning: Zoning) -> Measures:
    """Measures of a zoning of these clients."""
    hours = np.array([client.hours_a_year for client in clients], dtype=float)
    own = np.searchsorted(zoning.zones, zoning.labels)
    km = haversine_between_km([client.place for client in clients], zoning.centres)
    mine = km[np.arange(len(clients)), own]
    by_zone = np.bincount(own, weights=hours, minlength=len(zoning.zones))
    mean = by_zone.mean()
    weights = hours if hours.sum() > 0 else np.ones(len(clients))
    return Measures(
        imbalance_pct=float(100 * np.abs(by_zone - mean).max() / mean) if mean > 0 else 0.0,
        spread_km=float(np.average(mine, weights=weights)),
        nearer_elsewhere_pct=float(100 * (km.min(axis=1) < mine - 1e-9).mean()),
        hours=tuple(by_zone.tolist()),
        clients=tuple(np.bincount(own, minlength=len(zoning.zones)).tolist()),
    )
