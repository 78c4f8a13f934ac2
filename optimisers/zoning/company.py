"""What zoning knows of a company: clients with their work, technicians' homes, weeks of real demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.model import Place
from optimisers.travel import EARTH_RADIUS_KM


@dataclass(frozen=True, slots=True)
class Client:
    """A client, the hours of work on site it asks for in a year, and the zone the company declares for it."""

    client_id: int
    place: Place
    hours_a_year: float
    declared_zone: int | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Where a technician's days begin and end."""

    technician_id: int
    place: Place


@dataclass(frozen=True, slots=True)
class Demand:
    """One week's visits: `clients` numbers them by position in the list of clients, `minutes` on site."""

    clients: tuple[int, ...]
    minutes: tuple[float, ...]


def projected_km(places: Sequence[Place], origin: Place) -> np.ndarray:
    """Kilometres east and north of `origin`, array (places, 2).

    Equirectangular projection with the scale of the origin's latitude: within 50 km of it at 46° north,
    distances are right to 1 %.
    """
    latitude = np.radians([place.latitude for place in places])
    longitude = np.radians([place.longitude for place in places])
    east = (longitude - np.radians(origin.longitude)) * np.cos(np.radians(origin.latitude))
    north = latitude - np.radians(origin.latitude)
    return EARTH_RADIUS_KM * np.column_stack([east, north])


def unprojected(points_km: np.ndarray, origin: Place) -> list[Place]:
    """Places of projected points: the inverse of `projected_km`."""
    latitude = origin.latitude + np.degrees(points_km[:, 1] / EARTH_RADIUS_KM)
    stretch = EARTH_RADIUS_KM * np.cos(np.radians(origin.latitude))
    longitude = origin.longitude + np.degrees(points_km[:, 0] / stretch)
    return [Place(float(lat), float(lon)) for lat, lon in zip(latitude, longitude, strict=True)]
