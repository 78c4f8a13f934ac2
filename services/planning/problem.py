"""From warehouse frames to a planning problem. Pure: frames in, problem and rejected rows out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from core.clock import PARIS
from optimisers.law import pack_on
from optimisers.model import (
    Appointment,
    Place,
    Problem,
    Rules,
    Technician,
    Unassigned,
    Visit,
    Weights,
    Window,
    places_of,
)
from optimisers.model.validation import faults_of_visit
from optimisers.travel import DetourTravel, TravelProvider
from services.planning.calendar import holidays_between, minute_of
from services.planning.frames import WeekFrames

# Visits due within this many days after the horizon are worth bringing forward when they lie on the way.
AHEAD_DAYS = 7
# The ERP says which skill a visit needs, not at which level: whoever holds it will do.
LEAST_LEVEL = 1


@dataclass(frozen=True)
class Prepared:
    """A problem, and the visits that could not enter it because their data are unusable."""

    problem: Problem
    rejected: tuple[Unassigned, ...]


def prepare(
    frames: WeekFrames,
    days: tuple[date, ...],
    *,
    week: tuple[date, date],
    rules: Rules | None = None,
    weights: Weights | None = None,
    travel: TravelProvider | None = None,
    always: Collection[int] = (),
) -> Prepared:
    """The problem of planning `days`; `week` is its first and last calendar day, closed days included.

    Visits of `always` are considered whatever their dates.
    """
    technicians = technicians_of(frames, days)
    known = {t.technician_id for t in technicians}
    visits, rejected = [], []
    for row in candidates(frames.interventions, *week, always=always).itertuples(index=False):
        visit, fault = visit_of(row, week, known)
        if visit is not None:
            visits.append(visit)
        else:
            rejected.append(Unassigned(int(row.intervention_id), "donnee", fault))
    problem = Problem(
        days,
        technicians,
        tuple(visits),
        (travel or DetourTravel()).matrix(places_of(technicians, visits)),
        rules or Rules(law=pack_on(week[0]), holidays=holidays_between(*week)),
        weights or Weights(),
    )
    return Prepared(problem, tuple(rejected))


def candidates(
    interventions: pd.DataFrame, first: date, last: date, *, always: Collection[int] = ()
) -> pd.DataFrame:
    """Rows that the week should consider, in the order of the frame.

    In: visits promised in the week, urgent ones, those due at most AHEAD_DAYS after it, those planned in
    the week or missed before it. Out: visits promised for, or planned on, a later day. Those of `always`
    are in.
    """
    promised = interventions["rdv_debut"].map(_local_day)
    planned = interventions["date_planifiee"].map(_day)
    due = interventions["date_due"].map(_day)
    later = promised.map(lambda day: day is not None and day > last)
    later |= promised.isna() & planned.map(lambda day: day is not None and day > last)
    wanted = promised.map(lambda day: day is not None and first <= day <= last)
    wanted |= planned.map(lambda day: day is not None and day <= last)
    wanted |= interventions["urgence"] == "Urgente"
    wanted |= due.map(lambda day: day is None or day <= last + timedelta(days=AHEAD_DAYS))
    return interventions[wanted & ~later | interventions["intervention_id"].isin(list(always))]


def technicians_of(frames: WeekFrames, days: tuple[date, ...]) -> tuple[Technician, ...]:
    """Technicians employed on at least one of the days; days before hiring or after leaving are absences."""
    away: dict[int, set[date]] = {}
    for absence in frames.absences.itertuples(index=False):
        spell = {day for day in days if _day(absence.date_debut) <= day <= _day(absence.date_fin)}
        away.setdefault(int(absence.technicien_id), set()).update(spell)
    found = []
    for row in frames.technicians.itertuples(index=False):
        hired, left = _day(row.date_embauche), _day(row.date_sortie)
        outside = {day for day in days if (hired and day < hired) or (left and day > left)}
        if len(outside) == len(days) or pd.isna(row.domicile_latitude) or pd.isna(row.domicile_longitude):
            continue
        found.append(
            Technician(
                technician_id=int(row.technicien_id),
                name=str(row.nom_complet),
                home=Place(float(row.domicile_latitude), float(row.domicile_longitude)),
                skills=skills_of(row),
                hours_per_day=8.0 if pd.isna(row.heures_jour) else float(row.heures_jour),
                preferred_zone=_whole(row.zone_principale_id),
                absent_on=frozenset(outside | away.get(int(row.technicien_id), set())),
            )
        )
    return tuple(found)


def visit_of(row, week: tuple[date, date], technicians: set[int]) -> tuple[Visit | None, str]:
    """The visit of a row, or None and the reason in French why its data are unusable."""
    if pd.isna(row.latitude) or pd.isna(row.longitude):
        return None, "donnée inutilisable : client sans coordonnées ni zone, compléter sa fiche"
    duration = _whole(row.duree_prevue_min) or _whole(row.duree_standard_min) or 0
    visit = Visit(
        visit_id=int(row.intervention_id),
        place=Place(float(row.latitude), float(row.longitude)),
        duration_min=duration,
        skills={} if pd.isna(row.competence) else {str(row.competence): LEAST_LEVEL},
        zone=_whole(row.zone_id),
        windows=(_opening(row),),
        appointment=_appointment(row, week),
        urgent=row.urgence == "Urgente",
        due=_day(row.date_due),
    )
    faults = list(faults_of_visit(visit, technicians))
    if faults:
        values = " ; ".join(fault.value for fault in faults)
        return None, f"donnée inutilisable : {values}, corriger dans l’ERP"
    return visit, ""


def skills_of(row) -> dict[str, int]:
    """Level held by skill; LEAST_LEVEL where the ERP has the skill without a level."""
    levels = row.niveaux or {}
    return {str(skill): int(levels.get(skill, LEAST_LEVEL)) for skill in row.specialites or ()}


def _opening(row) -> Window:
    """The client's opening hours, the company's day where they are not known."""
    rules = Rules()
    return Window(
        rules.day_start_min if row.ouverture is None else minute_of(row.ouverture),
        rules.day_end_min if row.fermeture is None else minute_of(row.fermeture),
    )


def _appointment(row, week: tuple[date, date]) -> Appointment | None:
    """The promise if it lies in the week; a promise missed in the past no longer binds."""
    day = _local_day(row.rdv_debut)
    if day is None or not week[0] <= day <= week[1]:
        return None
    start = minute_of(row.rdv_debut)
    end = start if pd.isna(row.rdv_fin) else minute_of(row.rdv_fin)
    return Appointment(day, start, end)


def _day(value: object) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.date() if isinstance(value, datetime) else value


def _local_day(value: object) -> date | None:
    if value is None or pd.isna(value):
        return None
    return value.astimezone(PARIS).date()


def _whole(value: object) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
