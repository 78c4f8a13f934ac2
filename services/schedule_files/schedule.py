"""A plan as people read it: names, addresses and local times. Every file format is written from this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ScheduledVisit:
    """One visit of one technician; times are aware, in Europe/Paris.

    `avec` names who else is needed at the same time. `sequence` and `confirmee` are for calendars: how often
    the event was changed, and whether the published plan holds it as it stands here.
    """

    intervention_id: int
    technicien_id: int
    technicien: str
    jour: date
    ordre: int
    arrivee: datetime
    debut: datetime
    fin: datetime
    trajet_km: float
    trajet_min: float
    client: str
    telephone: str
    adresse: str
    commune: str
    type_intervention: str
    urgente: bool
    date_due: date | None
    rdv: str
    position_estimee: bool
    hors_zone: bool = False
    horaires: str = ""
    latitude: float | None = None
    longitude: float | None = None
    avec: str = ""
    sequence: int = 0
    confirmee: bool = False


@dataclass(frozen=True)
class ScheduledDay:
    """One technician-day; `travail_min` excludes lunch. `domicile`: (latitude, longitude), if known."""

    technicien_id: int
    technicien: str
    jour: date
    nb_visites: int
    km: float
    travail_min: float
    depart: datetime
    retour: datetime
    pause: datetime | None
    visites: tuple[ScheduledVisit, ...]
    domicile: tuple[float, float] | None = None

    @property
    def retour_km(self) -> float:
        """Kilometres from the last visit home."""
        return max(self.km - sum(visit.trajet_km for visit in self.visites), 0.0)


@dataclass(frozen=True)
class LeftOut:
    """A visit that the plan could not place."""

    intervention_id: int
    client: str
    telephone: str
    adresse: str
    type_intervention: str
    urgente: bool
    date_due: date | None
    duree_min: int | None
    rdv: str
    raison: str
    remede: str


@dataclass(frozen=True)
class Cancelled:
    """A visit that an earlier published version gave this technician and this one no longer does."""

    intervention_id: int
    technicien_id: int
    technicien: str
    debut: datetime
    fin: datetime
    type_intervention: str
    client: str
    sequence: int


@dataclass(frozen=True)
class Schedule:
    """A whole plan. `revision` counts the plans made for these days, this one included."""

    plan_id: str
    premier_jour: date
    nature: str
    statut: str
    revision: int
    cree_at: datetime
    km_total: float
    journees: tuple[ScheduledDay, ...]
    non_planifiees: tuple[LeftOut, ...]
    annulations: tuple[Cancelled, ...] = ()
    publie_at: datetime | None = None

    @property
    def horodatage(self) -> datetime:
        """When the plan became what it is: published, else made. The same for every export."""
        return self.publie_at or self.cree_at

    @property
    def techniciens(self) -> list[tuple[int, str]]:
        """(id, name) of technicians with at least one day, in the order of ids."""
        return sorted({(day.technicien_id, day.technicien) for day in self.journees})

    @property
    def jours(self) -> list[date]:
        """Days with at least one tour."""
        return sorted({day.jour for day in self.journees})


def total_hours(days: Sequence[ScheduledDay]) -> float:
    """Hours worked over the days, travel included, lunch excluded."""
    return sum(day.travail_min for day in days) / 60
