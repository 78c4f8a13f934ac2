"""Travel between places: a provider behind a protocol; by default great circles times a detour factor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimisers.model import Place, TravelMatrix

EARTH_RADIUS_KM = 6371.0088


class TravelProvider(Protocol):
    """Anything that turns places into a travel matrix (a road network service may stand behind it)."""

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Square matrix over `places` in their order."""
        ...


@dataclass(frozen=True, slots=True)
class DetourTravel:
    """Haversine × `detour_factor`; the first `town_km` at town speed, the rest at road speed, plus parking.

    1.3 is the usual ratio of road to crow-fly distance in French towns; 35 and 60 km/h are door-to-door
    speeds in Annecy and on departmental roads. Minutes are rounded up, so that a plan is never optimistic.
    """

    detour_factor: float = 1.3
    town_km: float = 10.0
    town_kmh: float = 35.0
    road_kmh: float = 60.0
    parking_min: float = 3.0

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        km = haversine_km(places) * self.detour_factor
        in_town = np.minimum(km, self.town_km)
        minutes = 60 * in_town / self.town_kmh + 60 * (km - in_town) / self.road_kmh
        # Two visits at one address need no second parking.
        minutes = np.where(km > 0, minutes + self.parking_min, 0.0)
        return TravelMatrix(np.rint(km * 1000).astype(np.int64), np.ceil(minutes - 1e-9).astype(np.int64))


def haversine_km(places: Sequence[Place]) -> np.ndarray:
    """Great-circle distances, km, square matrix with a zero diagonal."""
    return haversine_between_km(places, places)


def haversine_between_km(origins: Sequence[Place], destinations: Sequence[Place]) -> np.ndarray:
    """Great-circle distances, km, array (origins, destinations).

    Source: the haversine formula, R. W. Sinnott, *Virtues of the Haversine*, Sky & Telescope 68 (1984).
    """
    from_lat, from_lon = _radians(origins)
    to_lat, to_lon = _radians(destinations)
    half_chord = (
        np.sin((from_lat[:, None] - to_lat[None, :]) / 2) ** 2
        + np.cos(from_lat)[:, None]
        * np.cos(to_lat)[None, :]
        * np.sin((from_lon[:, None] - to_lon[None, :]) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half_chord, 0, 1)))


def _radians(places: Sequence[Place]) -> tuple[np.ndarray, np.ndarray]:
    latitude = np.radians(np.array([place.latitude for place in places], dtype=float))
    return latitude, np.radians(np.array([place.longitude for place in places], dtype=float))
