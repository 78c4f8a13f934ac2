"""From marts to what zoning works on: clients with their work, technicians, declared zones, real weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import sqlalchemy as sa

from core.errors import InvalidInput
from optimisers.model import Place
from optimisers.travel import haversine_between_km
from optimisers.zoning import Client, Demand, Home, Zoning, zoning_of

WEEKS_SAMPLED = 26
HISTORY_WEEKS = 52

_CLIENTS = """
select client_id, latitude, longitude, zone_id from marts.dim_clients
where latitude is not null and longitude is not null order by client_id
"""
_DONE = """
select client_id, to_date(date_id::text, 'YYYYMMDD') as jour, coalesce(duree_min, duree_prevue_min) as minutes
from marts.fact_interventions
where date_id >= :since and date_id < :until and coalesce(duree_min, duree_prevue_min) > 0
order by date_id, intervention_id
"""
_HOMES = """
select technicien_id, domicile_latitude, domicile_longitude from marts.dim_techniciens
where domicile_latitude is not null and domicile_longitude is not null
    and (date_embauche is null or date_embauche <= :today) and (date_sortie is null or date_sortie > :today)
order by technicien_id
"""
_ZONES = "select zone_id, technicien_id from marts.dim_zones order by zone_id"


@dataclass(frozen=True)
class ZoningFrames:
    """What zoning reads: a row a client with a position, a visit done, a technician in post, a zone."""

    clients: pd.DataFrame
    done: pd.DataFrame
    homes: pd.DataFrame
    zones: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Company:
    """The frames as plain problems. `declared` gives clients without a zone the one of nearest centre.

    `appointed`: position in `homes` of the technician whom the company appoints to each client's zone,
    None when a zone has none that still works there. `chosen_on` and `measured_on` share no week.
    """

    clients: tuple[Client, ...]
    homes: tuple[Home, ...]
    declared: Zoning
    appointed: np.ndarray | None
    chosen_on: tuple[Demand, ...]
    measured_on: tuple[Demand, ...]


def read_frames(engine: sa.Engine, today: date) -> ZoningFrames:
    """Clients, technicians and zones as they are, and the last HISTORY_WEEKS whole weeks of visits."""
    monday = today - timedelta(days=today.weekday())
    since = monday - timedelta(weeks=HISTORY_WEEKS)
    span = {"since": int(f"{since:%Y%m%d}"), "until": int(f"{monday:%Y%m%d}")}
    with engine.connect() as connection:
        return ZoningFrames(
            pd.read_sql(sa.text(_CLIENTS), connection),
            pd.read_sql(sa.text(_DONE), connection, params=span),
            pd.read_sql(sa.text(_HOMES), connection, params={"today": today}),
            pd.read_sql(sa.text(_ZONES), connection),
        )


def company_of(frames: ZoningFrames, today: date, *, seed: int = 1) -> Company:
    """Plain problems from the frames; half of the sampled weeks choose, the other half measure."""
    known = frames.done[frames.done["client_id"].isin(frames.clients["client_id"])]
    mondays = pd.to_datetime(known["jour"])
    mondays = mondays - pd.to_timedelta(mondays.dt.weekday, unit="D")
    weeks = sorted(mondays.unique())
    if len(weeks) < 4 or frames.clients["zone_id"].isna().all():
        raise InvalidInput(
            f"{len(weeks)} weeks of visits before {today}, "
            f"{frames.clients['zone_id'].notna().sum()} clients with a declared zone.",
            expected="at least 4 weeks, and declared zones to compare with",
            remedy="load the history first (fieldhouse run daily)",
        )
    hours = known.groupby("client_id")["minutes"].sum() / 60 * HISTORY_WEEKS / len(weeks)
    clients = tuple(
        Client(
            int(row.client_id),
            Place(float(row.latitude), float(row.longitude)),
            float(hours.get(row.client_id, 0.0)),
            None if pd.isna(row.zone_id) else int(row.zone_id),
        )
        for row in frames.clients.itertuples(index=False)
    )
    homes = tuple(
        Home(int(row.technicien_id), Place(float(row.domicile_latitude), float(row.domicile_longitude)))
        for row in frames.homes.itertuples(index=False)
    )
    declared = zoning_of(clients, _declared_labels(clients))
    at = {client.client_id: number for number, client in enumerate(clients)}
    drawn = np.random.default_rng(seed).choice(len(weeks), min(WEEKS_SAMPLED, len(weeks)), replace=False)
    demand = []
    for number in sorted(drawn.tolist()):
        rows = known[mondays == weeks[number]]
        positions = tuple(at[client] for client in rows["client_id"].tolist())
        demand.append(Demand(positions, tuple(rows["minutes"].astype(float))))
    appointed = _appointed(declared, frames.zones, homes)
    return Company(clients, homes, declared, appointed, tuple(demand[1::2]), tuple(demand[::2]))


def _declared_labels(clients: Sequence[Client]) -> list[int]:
    sure = [client for client in clients if client.declared_zone is not None]
    declared = zoning_of(sure, [client.declared_zone or 0 for client in sure])
    km = haversine_between_km([client.place for client in clients], declared.centres)
    nearest = [declared.zones[n] for n in km.argmin(axis=1).tolist()]
    return [
        near if client.declared_zone is None else client.declared_zone
        for client, near in zip(clients, nearest, strict=True)
    ]


def _appointed(declared: Zoning, zones: pd.DataFrame, homes: Sequence[Home]) -> np.ndarray | None:
    at = {home.technician_id: number for number, home in enumerate(homes)}
    of_zone = {
        int(row.zone_id): at.get(int(row.technicien_id))
        for row in zones.itertuples(index=False)
        if pd.notna(row.technicien_id)
    }
    found = [of_zone.get(zone) for zone in declared.labels.tolist()]
    if any(technician is None for technician in found):
        return None
    return np.array(found)
