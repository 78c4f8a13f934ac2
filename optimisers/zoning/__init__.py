"""Zones for a company's clients: balanced on work, compact, and priced in kilometres against others."""

from optimisers.zoning.cluster import Zoning, balanced_zones, matched_to, zoning_of
from optimisers.zoning.company import Client, Demand, Home
from optimisers.zoning.cost import Estimate, WeeklyCost, compare, weekly_cost, yearly
from optimisers.zoning.crews import assign_technicians
from optimisers.zoning.measures import Measures, measure

__all__ = [
    "Client",
    "Demand",
    "Estimate",
    "Home",
    "Measures",
    "WeeklyCost",
    "Zoning",
    "assign_technicians",
    "balanced_zones",
    "compare",
    "matched_to",
    "measure",
    "weekly_cost",
    "yearly",
    "zoning_of",
]
