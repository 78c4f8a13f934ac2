"""The seven zones around Annecy: where customers live, and how far apart they are.

Coordinates are plain facts about the former communes (centre and extent, IGN Admin Express / INSEE,
Licence Ouverte). Each zone is a handful of inhabited places, each a small disc, so that no customer stands
in the lake or on a mountain. Distances are in kilometres, angles in degrees, times in minutes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE_LAT = 110.57
DETOUR_FACTOR = 1.3  # roads are longer than the crow's flight; also used by the pipeline's own distance model


@dataclass(frozen=True, slots=True)
class Place:
    """An inhabited place: a disc of `radius_km` around its centre, with its share of the zone's customers."""

    town: str
    postcode: str
    latitude: float
    longitude: float
    radius_km: float
    weight: float


@dataclass(frozen=True, slots=True)
class Zone:
    """A commercial zone of the company. `share` is its part of all customers."""

    zone_id: int
    name: str
    latitude: float
    longitude: float
    radius_km: float
    area_km2: float
    share: float
    places: tuple[Place, ...]


ZONES: tuple[Zone, ...] = (
    Zone(
        1,
        "Annecy Centre",
        45.8992,
        6.1224,
        4.7,
        15.55,
        0.22,
        (
            Place("Annecy", "74000", 45.9005, 6.1270, 0.60, 0.7),
            Place("Annecy", "74000", 45.9115, 6.1200, 0.50, 0.3),
        ),
    ),
    Zone(
        2,
        "Annecy-le-Vieux",
        45.9191,
        6.1500,
        3.9,
        17.80,
        0.14,
        (
            Place("Annecy-le-Vieux", "74940", 45.9190, 6.1440, 0.65, 0.6),
            Place("Annecy-le-Vieux", "74940", 45.9130, 6.1590, 0.60, 0.4),
        ),
    ),
    Zone(
        3,
        "Seynod",
        45.8760,
        6.0870,
        4.6,
        18.85,
        0.14,
        (
            Place("Seynod", "74600", 45.8855, 6.0880, 0.65, 0.7),
            Place("Seynod", "74600", 45.8640, 6.0860, 0.60, 0.3),
        ),
    ),
    Zone(
        4,
        "Cran-Gevrier",
        45.9020,
        6.1005,
        1.9,
        5.09,
        0.11,
        (Place("Cran-Gevrier", "74960", 45.9020, 6.1005, 0.70, 1.0),),
    ),
    Zone(
        5,
        "Annecy Sud (Pringy, Meythet)",
        45.9360,
        6.1040,
        4.6,
        11.54,
        0.12,
        (
            Place("Meythet", "74960", 45.9185, 6.0950, 0.55, 0.6),
            Place("Pringy", "74370", 45.9480, 6.1210, 0.75, 0.4),
        ),
    ),
    Zone(
        6,
        "Ouest (Sevrier, Talloires)",
        45.8520,
        6.1700,
        7.2,
        60.42,
        0.08,
        (
            Place("Sevrier", "74320", 45.8630, 6.1360, 0.50, 0.65),
            Place("Talloires-Montmin", "74290", 45.8410, 6.2180, 0.40, 0.35),
        ),
    ),
    Zone(
        7,
        "Hors agglomeration",
        45.8950,
        6.1300,
        24.0,
        780.0,
        0.19,
        (
            Place("Poisy", "74330", 45.9191, 6.0623, 1.0, 0.16),
            Place("Épagny Metz-Tessy", "74330", 45.9430, 6.0920, 0.8, 0.14),
            Place("La Balme-de-Sillingy", "74330", 45.9648, 6.0423, 1.1, 0.10),
            Place("Saint-Jorioz", "74410", 45.8290, 6.1580, 0.8, 0.12),
            Place("Rumilly", "74150", 45.8630, 5.9440, 0.9, 0.12),
            Place("Faverges-Seythenex", "74210", 45.7470, 6.2930, 1.0, 0.08),
            Place("Thônes", "74230", 45.8815, 6.3250, 0.8, 0.07),
            Place("Cruseilles", "74350", 46.0350, 6.1090, 0.9, 0.06),
            Place("Groisy", "74570", 46.0130, 6.1720, 1.0, 0.05),
            Place("Alby-sur-Chéran", "74540", 45.8160, 6.0180, 0.7, 0.05),
            Place("Veyrier-du-Lac", "74290", 45.8830, 6.1780, 0.4, 0.05),
        ),
    ),
)
ZONE_BY_ID = {zone.zone_id: zone for zone in ZONES}


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance between two points (haversine formula)."""
    p1, p2 = math.radians(lat1), math.radians(lat2)
    a = (
        math.sin((p2 - p1) / 2) ** 2
        + math.cos(p1) * math.cos(p2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(a))


def distances_km(lat: float, lon: float, lats: np.ndarray, lons: np.ndarray) -> np.ndarray:
    """Great-circle distances from one point to `n` points; shape (n,)."""
    p1, p2 = math.radians(lat), np.radians(lats)
    a = np.sin((p2 - p1) / 2) ** 2 + math.cos(p1) * np.cos(p2) * np.sin(np.radians(lons - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(a))


def road_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Kilometres by road: great circle times the detour factor."""
    return DETOUR_FACTOR * distance_km(lat1, lon1, lat2, lon2)


def drive_min(km: float) -> float:
    """Minutes for `km` of road: slow in town, 60 km/h on long legs, plus 3 minutes to park and walk."""
    return 3.0 + 60.0 * km / (26.0 + min(km, 25.0) * 1.36)


def draw_place(zone: Zone, rng: np.random.Generator) -> Place:
    """One of the zone's places, by weight."""
    pick = rng.random() * sum(place.weight for place in zone.places)
    for place in zone.places:
        pick -= place.weight
        if pick <= 0:
            return place
    return zone.places[-1]


def draw_point(place: Place, rng: np.random.Generator) -> tuple[float, float]:
    """A point of the place's disc, denser towards its centre; 6 decimals, as the ERP stores it."""
    radius = place.radius_km * rng.random() ** 0.65
    angle = rng.random() * 2 * math.pi
    km_per_degree_lon = 111.32 * math.cos(math.radians(place.latitude))
    latitude = place.latitude + radius * math.sin(angle) / KM_PER_DEGREE_LAT
    longitude = place.longitude + radius * math.cos(angle) / km_per_degree_lon
    return round(latitude, 6), round(longitude, 6)
