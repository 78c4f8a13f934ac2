"""Travel times from outside: a road network service behind the planners' `TravelProvider`, and its cache."""

from services.travel.choose import road_service, travel_provider

__all__ = ["road_service", "travel_provider"]
