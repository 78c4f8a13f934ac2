"""Which travel times this installation plans with, by its settings."""

from __future__ import annotations

from datetime import timedelta

from core.settings import Settings, get_settings
from optimisers.travel import DetourTravel, TravelProvider
from services.travel.cache import CachedLegs
from services.travel.osrm import Osrm
from services.travel.road import RoadTravel

CACHE_FILE = "trajets.sqlite"


def travel_provider(settings: Settings | None = None) -> TravelProvider:
    """Roads of the OSRM server named by FIELDHOUSE_OSRM_URL, cached; without it great circles × detour."""
    chosen = settings or get_settings()
    estimate = DetourTravel(parking_min=chosen.parking_min)
    server = road_service(chosen)
    if server is None:
        return estimate
    kept = timedelta(days=chosen.travel_cache_days)
    return RoadTravel(CachedLegs(server, chosen.home / CACHE_FILE, kept), chosen.parking_min, estimate)


def road_service(settings: Settings | None = None) -> Osrm | None:
    """The road server itself, for the lines on maps; None when none is configured."""
    chosen = settings or get_settings()
    if not chosen.osrm_url:
        return None
    return Osrm(chosen.osrm_url, chosen.osrm_profile, chosen.osrm_max_table)
