"""The planning problem: technicians, visits, days, rules and weights.

Times are whole minutes after local midnight (480 = 08:00); the caller turns them into instants, so daylight
saving never enters a solver. Distances are whole metres. Points are the unit of cost: one point is worth
one kilometre with the default weights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from optimisers.model.faults import InvalidProblem


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, degrees WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promise made to the client: the technician begins on `day` between the two minutes."""

    day: date
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class Technician:
    """Who drives. `hours_per_day` includes travel and waiting, not lunch; days start and end at `home`."""

    technician_id: int
    name: str
    home: Place
    skills: frozenset[str]
    hours_per_day: float = 8.0
    preferred_zone: int | None = None
    absent_on: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Visit:
    """One intervention. It begins and ends inside opening hours, unless an appointment sets its beginning.

    `skill` None means that anybody can do it; `technician_id` not None reserves it for that technician.
    """

    visit_id: int
    place: Place
    duration_min: int
    skill: str | None = None
    zone: int | None = None
    open_from_min: int = 8 * 60
    open_until_min: int = 18 * 60
    appointment: Appointment | None = None
    urgent: bool = False
    due: date | None = None
    technician_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The working day. Lunch is `lunch_min` free minutes in a row inside [lunch_from_min, lunch_until_min].

    A day that is over early enough, or begins late enough, to leave that time free has lunch at home.
    """

    day_start_min: int = 8 * 60
    day_end_min: int = 18 * 60
    lunch_min: int = 45
    lunch_from_min: int = 11 * 60 + 30
    lunch_until_min: int = 14 * 60


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each term of the objective.

    km: `per_km` a kilometre.
    Balance: `balance_per_hour2` × Σ (hours worked − fair share)², the fair share being the week's
    hours spread in proportion to the hours available.
    Lateness: `lateness_per_day` for each calendar day after the due date, × `urgent_factor` if urgent.
    Urgent wait: `urgent_wait_per_day` for each calendar day from the first day of the horizon to the visit.
    Zone: `outside_zone` a visit done by a technician of another zone.
    Unassigned: `unassigned` a visit, more if urgent or promised, plus lateness and wait as if it were done
    `unassigned_delay_days` days after the horizon. A visit that can wait (see `Problem.can_wait`) costs only
    `unassigned_waiting`: what it is worth to make it now, on the way of others.
    """

    per_km: float = 1.0
    balance_per_hour2: float = 0.5
    lateness_per_day: float = 2.0
    urgent_factor: float = 4.0
    urgent_wait_per_day: float = 5.0
    outside_zone: float = 4.0
    unassigned: float = 150.0
    unassigned_urgent: float = 400.0
    unassigned_appointment: float = 800.0
    unassigned_waiting: float = 5.0
    unassigned_delay_days: int = 3


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """Travel between locations: metres and whole minutes, two square integer arrays, symmetric or not.

    Location order: the technicians' homes as listed in the problem, then the visits as listed.
    """

    metres: np.ndarray
    minutes: np.ndarray


@dataclass(frozen=True)
class Problem:
    """A week (or a day) to plan. Raises InvalidProblem, naming every fault at once."""

    days: tuple[date, ...]
    technicians: tuple[Technician, ...]
    visits: tuple[Visit, ...]
    travel: TravelMatrix
    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        from optimisers.model.validation import faults_of

        faults = faults_of(self)
        if faults:
            raise InvalidProblem(faults)

    def home_at(self, technician: int) -> int:
        """Matrix position of the home of technician number `technician` (list position, not id)."""
        return technician

    def visit_at(self, visit: int) -> int:
        """Matrix position of visit number `visit` (position in the list, not its id)."""
        return len(self.technicians) + visit

    def can_wait(self, visit: Visit) -> bool:
        """Neither urgent nor promised, and still not late `unassigned_delay_days` days after the horizon."""
        if visit.urgent or visit.appointment is not None or visit.due is None:
            return False
        return visit.due >= self.days[-1] + timedelta(days=self.weights.unassigned_delay_days)

    @cached_property
    def visit_number(self) -> dict[int, int]:
        """From visit_id to position in the list."""
        return {visit.visit_id: number for number, visit in enumerate(self.visits)}

    @cached_property
    def technician_number(self) -> dict[int, int]:
        """From technician_id to position in the list."""
        return {technician.technician_id: number for number, technician in enumerate(self.technicians)}
