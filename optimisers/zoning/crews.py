"""Who works in which zone: technicians live where they live, and none should carry too much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInput
from optimisers.travel import haversine_between_km
from optimisers.zoning.balance import balanced_labels
from optimisers.zoning.cluster import Zoning
from optimisers.zoning.company import Client, Home, projected_km

# A technician's zones may hold this much more than an even share of the work before it counts.
LOAD_ALLOWED = 1.25
# Kilometres that one hour above that share is worth: far more than any zone is away.
_EXCESS_KM = 1000.0


@dataclass(frozen=True, eq=False)
class _Sides:
    hours: np.ndarray
    km: np.ndarray


def assign_technicians(clients: Sequence[Client], zoning: Zoning, homes: Sequence[Home]) -> np.ndarray:
    """Position in `homes` of the technician of each client, in the clients' order.

    With as many zones as technicians or more, each zone has one technician; with fewer, each technician one
    zone, shared among its technicians in equal parts of work, each the clients near home. Zones go to
    technicians by least hours-weighted kilometres from home to centre, nobody above `LOAD_ALLOWED` times an
    even share where whole zones allow: a small integer programme (HiGHS).

    Raises InvalidInput without a technician.
    """
    if not homes:
        raise InvalidInput(
            "No technician to drive in the zones.",
            expected="at least one technician with a home",
            remedy="complete the addresses of technicians in the ERP",
        )
    hours = np.array([client.hours_a_year for client in clients], dtype=float)
    by_zone = np.array([hours[zoning.labels == zone].sum() for zone in zoning.zones])
    sides = _Sides(by_zone, haversine_between_km(zoning.centres, [home.place for home in homes]))
    attached = _attached(sides)
    found = np.empty(len(clients), dtype=int)
    for number, zone in enumerate(zoning.zones):
        mine = np.flatnonzero(zoning.labels == zone)
        crew = np.flatnonzero(attached[number])
        if len(crew) == 1:
            found[mine] = crew[0]
            continue
        origin = zoning.centres[number]
        points = projected_km([clients[n].place for n in mine], origin)
        doors = projected_km([homes[t].place for t in crew], origin)
        found[mine] = crew[balanced_labels(points, hours[mine], doors, LOAD_ALLOWED - 1)]
    return found


def _attached(sides: _Sides) -> np.ndarray:
    """0/1 array (zones, technicians) of who works where."""
    from scipy.optimize import LinearConstraint, milp
    from scipy.sparse import csr_array, hstack, identity

    zones, crew = sides.km.shape
    pairs = zones * crew
    zone, technician = np.repeat(np.arange(zones), crew), np.tile(np.arange(crew), zones)
    ones = np.ones(pairs)
    of_zone = csr_array((ones, (zone, np.arange(pairs))), shape=(zones, pairs))
    of_crew = csr_array((ones, (technician, np.arange(pairs))), shape=(crew, pairs))
    allowed = LOAD_ALLOWED * sides.hours.sum() / crew
    if zones >= crew:
        single, several = of_zone, of_crew
        load = csr_array((sides.hours[zone], (technician, np.arange(pairs))), shape=(crew, pairs))
        room = np.full(crew, allowed)
        excess = -identity(crew)
        weight = sides.hours[zone]
    else:
        single, several = of_crew, of_zone
        load = csr_array((np.full(pairs, -allowed), (zone, np.arange(pairs))), shape=(zones, pairs))
        room = -sides.hours
        excess = -identity(zones)
        weight = np.full(pairs, sides.hours.sum() / crew)
    extra = excess.shape[1]
    nothing = csr_array((single.shape[0], extra)), csr_array((several.shape[0], extra))
    found = milp(
        np.r_[weight * sides.km.ravel(), np.full(extra, _EXCESS_KM)],
        integrality=np.r_[np.ones(pairs), np.zeros(extra)],
        bounds=(0, np.r_[np.ones(pairs), np.full(extra, np.inf)]),
        constraints=[
            LinearConstraint(hstack([single, nothing[0]]), 1, 1),
            LinearConstraint(hstack([several, nothing[1]]), 1, np.inf),
            LinearConstraint(hstack([load, excess]), -np.inf, room),
        ],
    )
    return np.rint(found.x[:pairs]).reshape(zones, crew).astype(int)
