"""Zones proposed for the company's clients, beside the declared ones, with the kilometres each would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sqlalchemy as sa
from rich.progress import track

from core.clock import read_clock, wall_clock
from core.settings import get_settings
from optimisers.model import Place
from optimisers.travel import TravelProvider, haversine_between_km
from optimisers.zoning import (
    Demand,
    Estimate,
    Measures,
    WeeklyCost,
    Zoning,
    assign_technicians,
    balanced_zones,
    compare,
    matched_to,
    measure,
    weekly_cost,
    yearly,
)
from services.planning.zoning_company import Company, ZoningFrames, company_of, read_frames
from services.travel import travel_provider
from warehouse.tables import zonage_zones, zonages, zones_proposees

STARTS = 4
# Numbers of zones tried on either side of the chosen one.
AROUND = 2
DECLARED, REASSIGNED, PROPOSED = "declarees", "declarees_reattribuees", "proposees"


@dataclass(frozen=True, eq=False)
class Assessed:
    """One zoning with its measures and kilometres.

    `difference` is against the first one assessed (the declared zones as they are manned), `shape` against
    the declared zones manned by the same method: what the lines on the map alone change. None for the base.
    """

    name: str
    zoning: Zoning
    technicians: np.ndarray
    measures: Measures
    cost: WeeklyCost
    km: Estimate
    difference: Estimate | None
    shape: Estimate | None
    busiest_pct: float
    moved_pct: float


@dataclass(frozen=True)
class ZoningReport:
    """All zonings compared; `chosen` is the one whose zones are written client by client."""

    assessed: tuple[Assessed, ...]
    chosen: Assessed
    weeks: int

    def summary(self) -> str:
        """A table for a terminal."""
        zoning = self.chosen.zoning
        lines = [
            f"{len(zoning.zones)} zones proposées pour {len(zoning.labels)} clients, "
            f"km estimés sur {self.weeks} semaines réelles",
            f"{'zonage':26}{'km/an':>9}{'écart km/an (IC 95 %)':>28}{'déséquilibre':>14}{'étalement':>11}"
            f"{'clients déplacés':>18}",
        ]
        for row in self.assessed:
            gap = row.difference
            shown = "référence" if gap is None else f"{gap.km_a_year:+.0f} ({gap.low:+.0f} à {gap.high:+.0f})"
            lines.append(
                f"{row.name:26}{row.km.km_a_year:9.0f}{shown:>28}{row.measures.imbalance_pct:12.0f} %"
                f"{row.measures.spread_km:8.1f} km{row.moved_pct:16.0f} %"
            )
        shape = self.chosen.shape
        if shape is not None:
            lines.append(
                f"Découpage seul, techniciens attribués de la même façon : {shape.km_a_year:+.0f} km/an "
                f"({shape.low:+.0f} à {shape.high:+.0f})"
            )
        return "\n".join(lines)

    def metadata(self) -> dict[str, str | int | float]:
        """Flat figures for Dagster."""
        gap = self.chosen.difference
        return {
            "zones": len(self.chosen.zoning.zones),
            "clients": len(self.chosen.zoning.labels),
            "km_an": round(self.chosen.km.km_a_year),
            "ecart_km_an": 0 if gap is None else round(gap.km_a_year),
            "ecart_bas": 0 if gap is None else round(gap.low),
            "ecart_haut": 0 if gap is None else round(gap.high),
            "desequilibre_pct": round(self.chosen.measures.imbalance_pct, 1),
            "semaines": self.weeks,
        }


def propose_zones(engine: sa.Engine, *, zones: int | None = None, seed: int = 1) -> ZoningReport:
    """Propose `zones` zones (as many as declared by default) and write them beside the declared ones.

    Writes planning.zones_proposees (a row a client), planning.zonages (a row a zoning: declared, proposed,
    and other numbers of zones) and planning.zonage_zones; the ERP's zones are never touched. Raises
    InvalidInput when there is too little history to compare on.
    """
    today = read_clock(get_settings().home).today()
    frames = read_frames(engine, today)
    report = assess(company_of(frames, today, seed=seed), zones=zones, seed=seed, travel=travel_provider())
    write(engine, frames, report, seed)
    return report


def assess(
    company: Company, *, zones: int | None = None, seed: int = 1, travel: TravelProvider | None = None
) -> ZoningReport:
    """Declared and proposed zonings, all costed on the same weeks with the same method."""
    chosen = zones or len(company.declared.zones)
    hours = np.array([client.hours_a_year for client in company.clients])
    crew = assign_technicians(company.clients, company.declared, company.homes)
    assessed: list[Assessed] = []

    def driven(technicians: np.ndarray, weeks: Sequence[Demand]) -> WeeklyCost:
        return weekly_cost(company.clients, technicians, company.homes, weeks, travel=travel)

    same_crews = driven(crew, company.measured_on)

    def add(name: str, zoning: Zoning, technicians: np.ndarray) -> Assessed:
        cost = driven(technicians, company.measured_on)
        load = np.bincount(technicians, weights=hours, minlength=len(company.homes))
        found = Assessed(
            name,
            zoning,
            technicians,
            measure(company.clients, zoning),
            cost,
            yearly(cost.km, seed=seed),
            compare(cost, assessed[0].cost, seed=seed) if assessed else None,
            compare(cost, same_crews, seed=seed) if zoning is not company.declared else None,
            float(100 * (load.max() / load.mean() - 1)),
            float(100 * (zoning.labels != company.declared.labels).mean()),
        )
        assessed.append(found)
        return found

    def kilometres(zoning: Zoning) -> float:
        theirs = assign_technicians(company.clients, zoning, company.homes)
        return float(driven(theirs, company.chosen_on).km.mean())

    if company.appointed is not None:
        add(DECLARED, company.declared, company.appointed)
    add(REASSIGNED, company.declared, crew)
    sizes = [size for size in range(chosen - AROUND, chosen + AROUND + 1) if size >= 1]
    proposed: dict[int, Assessed] = {}
    for size in track([chosen, *(s for s in sizes if s != chosen)], description="Zones", transient=True):
        found = balanced_zones(company.clients, size, seed=seed, starts=STARTS, score=kilometres)
        named = matched_to(found, company.declared, hours)
        name = PROPOSED if size == chosen else f"{PROPOSED}_{size}"
        proposed[size] = add(name, named, assign_technicians(company.clients, named, company.homes))
    return ZoningReport(tuple(assessed), proposed[chosen], len(company.measured_on))


def write(engine: sa.Engine, frames: ZoningFrames, report: ZoningReport, seed: int) -> None:
    """Replace the three tables in one transaction."""
    moment = wall_clock()
    with engine.begin() as connection:
        for table, rows in (
            (zones_proposees, client_rows(frames, report.chosen)),
            (zonages, [zoning_row(row, report, seed) | {"calcule_at": moment} for row in report.assessed]),
            (zonage_zones, [zone for row in report.assessed for zone in zone_rows(row)]),
        ):
            connection.execute(table.delete())
            connection.execute(table.insert(), rows)


def client_rows(frames: ZoningFrames, chosen: Assessed) -> list[dict[str, object]]:
    """Rows of planning.zones_proposees."""
    places = [Place(float(r.latitude), float(r.longitude)) for r in frames.clients.itertuples(index=False)]
    km = haversine_between_km(places, chosen.zoning.centres)
    own = np.searchsorted(chosen.zoning.zones, chosen.zoning.labels)
    technicians = frames.homes["technicien_id"].tolist()
    return [
        {
            "client_id": int(row.client_id),
            "zone_proposee": int(chosen.zoning.labels[n]),
            "zone_declaree": None if pd.isna(row.zone_id) else int(row.zone_id),
            "technicien_id": int(technicians[chosen.technicians[n]]),
            "distance_centre_km": float(km[n, own[n]]),
            "plus_proche_ailleurs": bool(km[n].min() < km[n, own[n]] - 1e-9),
        }
        for n, row in enumerate(frames.clients.itertuples(index=False))
    ]


def zoning_row(row: Assessed, report: ZoningReport, seed: int) -> dict[str, object]:
    """Row of planning.zonages, without the moment."""
    gap, shape = row.difference, row.shape
    return {
        "zonage": row.name,
        "retenu": row is report.chosen,
        "nb_zones": len(row.zoning.zones),
        "km_an": row.km.km_a_year,
        "km_an_bas": row.km.low,
        "km_an_haut": row.km.high,
        "ecart_km_an": None if gap is None else gap.km_a_year,
        "ecart_bas": None if gap is None else gap.low,
        "ecart_haut": None if gap is None else gap.high,
        "decoupage_km_an": None if shape is None else shape.km_a_year,
        "decoupage_bas": None if shape is None else shape.low,
        "decoupage_haut": None if shape is None else shape.high,
        "desequilibre_pct": row.measures.imbalance_pct,
        "technicien_le_plus_charge_pct": row.busiest_pct,
        "etalement_km": row.measures.spread_km,
        "plus_proche_ailleurs_pct": row.measures.nearer_elsewhere_pct,
        "clients_deplaces_pct": row.moved_pct,
        "tournees_semaine": float(row.cost.tours.mean()),
        "semaines": report.weeks,
        "graine": seed,
    }


def zone_rows(row: Assessed) -> list[dict[str, object]]:
    """Rows of planning.zonage_zones."""
    return [
        {
            "zonage": row.name,
            "zone": zone,
            "nb_clients": count,
            "heures_an": hours,
            "latitude_centre": centre.latitude,
            "longitude_centre": centre.longitude,
        }
        for zone, count, hours, centre in zip(
            row.zoning.zones, row.measures.clients, row.measures.hours, row.zoning.centres, strict=True
        )
    ]
