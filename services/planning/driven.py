"""Kilometres against the order really driven, for every technician-day that can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pandas as pd
import sqlalchemy as sa
from rich.progress import track

from core.clock import PARIS, read_clock
from core.settings import get_settings
from optimisers.model import Place
from optimisers.tours.replay import (
    Comparison,
    DrivenDay,
    DrivenStop,
    EndlessDay,
    compare_day,
    reduction,
)
from services.planning.calendar import minute_of
from services.planning.frames import DrivenFrames, read_driven
from services.planning.report import DrivenReport
from warehouse.tables import comparaison_tournees

WEEKS_COMPARED = 12
MIDNIGHT_MIN = 24 * 60


def compare_driven_tours(engine: sa.Engine, *, weeks: int = WEEKS_COMPARED, seed: int = 1) -> DrivenReport:
    """Compare the days of the last `weeks` weeks and write planning.comparaison_tournees.

    Days of fewer than two visits, or with a visit without arrival, duration or position, are left out and
    counted.
    """
    until = read_clock(get_settings().home).today() + timedelta(days=1)
    since = until - timedelta(weeks=weeks)
    frames = read_driven(engine, since, until)
    days, left_out = driven_days(frames)
    compared: list[Comparison] = []
    for day in track(days, description="Comparaison des tournées", transient=True):
        try:
            compared.append(compare_day(day, seed=seed))
        except EndlessDay:
            # A stamp is wrong in a way that staging let pass as plausible.
            left_out += 1
    rows = comparison_rows(compared)
    with engine.begin() as connection:
        span = comparaison_tournees.c.jour.between(since, until)
        connection.execute(comparaison_tournees.delete().where(span))
        if rows:
            connection.execute(comparaison_tournees.insert(), rows)
    return DrivenReport(reduction(compared, seed=seed) if compared else None, left_out)


def driven_days(frames: DrivenFrames) -> tuple[list[DrivenDay], int]:
    """Days of two visits or more whose stamps and positions are all known, and how many others there were."""
    homes = {
        int(t.technicien_id): Place(float(t.domicile_latitude), float(t.domicile_longitude))
        for t in frames.technicians.itertuples(index=False)
        if pd.notna(t.domicile_latitude) and pd.notna(t.domicile_longitude)
    }
    known = frames.odometer
    odometer = {(int(r.technicien_id), _day(r.jour)): r.km_total for r in known.itertuples(index=False)}
    counted = {(int(r.technicien_id), _day(r.jour)): int(r.nb_visites) for r in known.itertuples(index=False)}
    visits = frames.visits
    arrivals = visits["heure_arrivee"].map(lambda moment: moment.astimezone(PARIS).date())
    days, left_out = [], 0
    for (technician, day), group in visits.groupby([visits["technicien_id"], arrivals], sort=True):
        key = (int(technician), day)
        stops = tuple(_stops(group, day))
        # A visit that only the odometer's table knows would make the driven order another order.
        whole = len(stops) == len(group) == counted.get(key, len(group))
        if len(stops) < 2 or not whole or key[0] not in homes:
            left_out += 1
            continue
        km = odometer.get(key)
        days.append(DrivenDay(key[0], day, homes[key[0]], stops, None if pd.isna(km) else float(km)))
    return days, left_out


def _stops(group: pd.DataFrame, day: date) -> Iterator[DrivenStop]:
    for row in group.itertuples(index=False):
        if pd.isna(row.latitude) or pd.isna(row.longitude) or pd.isna(row.duree_min) or row.duree_min <= 0:
            continue
        place = Place(float(row.latitude), float(row.longitude))
        yield DrivenStop(int(row.intervention_id), place, int(row.duree_min), _window(row, day))


def _window(row, day: date) -> tuple[int, int]:
    """Bounds of the visit's beginning: its promise, else opening hours; never before the client called."""
    if pd.notna(row.rdv_debut) and row.rdv_debut.astimezone(PARIS).date() == day:
        start = minute_of(row.rdv_debut)
        early, late = start, start if pd.isna(row.rdv_fin) else minute_of(row.rdv_fin)
    else:
        early = minute_of(row.ouverture) if row.ouverture is not None else 0
        closing = minute_of(row.fermeture) if row.fermeture is not None else MIDNIGHT_MIN
        late = closing - (0 if pd.isna(row.duree_prevue_min) else int(row.duree_prevue_min))
    if pd.notna(row.demande_at) and row.demande_at.astimezone(PARIS).date() == day:
        # Nobody could have gone there before the client called.
        early = max(early, minute_of(row.demande_at))
    return early, max(early, late)


def _day(value: object) -> date:
    return value.date() if isinstance(value, datetime) else value


def comparison_rows(compared: list[Comparison]) -> list[dict[str, object]]:
    """Rows of planning.comparaison_tournees."""
    return [
        {
            "technicien_id": day.technician_id,
            "jour": day.day,
            "nb_visites": day.visits,
            "km_reel": day.odometer_km,
            "km_reel_modele": day.driven_km,
            "km_optimise": day.optimised_km,
            "reduction_pct": day.reduction_pct,
        }
        for day in compared
    ]
