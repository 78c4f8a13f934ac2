"""The planning problem: technicians, visits, days, rules and weights.

Times are whole minutes after local midnight (480 = 08:00); the caller turns them into instants, so daylight
saving never enters a solver. Distances are whole metres. Points are the unit of cost: one point is worth
one kilometre with the default weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from optimisers.model.faults import InvalidProblem
from optimisers.model.people import Technician
from optimisers.model.rules import Rules, Weights
from optimisers.model.visits import Place, Visit


@dataclass(frozen=True, eq=False)
class TravelMatrix:
    """Travel between locations: metres and whole minutes, two square integer arrays, symmetric or not.

    Location order: that of `places_of`.
    """

    metres: np.ndarray
    minutes: np.ndarray


@dataclass(frozen=True, slots=True)
class Depot:
    """Where every tool and part is at hand; a passage takes `handling_min` minutes inside opening hours."""

    place: Place
    handling_min: int = 10
    open_from_min: int = 0
    open_until_min: int = 24 * 60


@dataclass(frozen=True, slots=True)
class Moment:
    """A minute of a day: when a plan is made again, what lies before it cannot be changed."""

    day: date
    minute: int


def places_of(
    technicians: Sequence[Technician], visits: Sequence[Visit], depot: Depot | None = None
) -> list[Place]:
    """Locations of a problem in the order of its travel matrix.

    The technicians' homes, the visits, the depot if there is one, then the ends that are not at home.
    """
    places = [technician.home for technician in technicians] + [visit.place for visit in visits]
    places += [depot.place] if depot else []
    return places + [technician.end for technician in technicians if technician.end is not None]


@dataclass(frozen=True)
class Problem:
    """A week (or a day) to plan. Raises InvalidProblem, naming every fault at once.

    `now`: the moment of a re-planning. Visits that are not frozen begin after it, and nobody leaves for one
    before it. `known_skills`: every skill there is, if declared; another one is then a fault of the problem.
    """

    days: tuple[date, ...]
    technicians: tuple[Technician, ...]
    visits: tuple[Visit, ...]
    travel: TravelMatrix
    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)
    depot: Depot | None = None
    now: Moment | None = None
    known_skills: frozenset[str] | None = None

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

    @property
    def depot_at(self) -> int | None:
        """Matrix position of the depot, None without one."""
        return len(self.technicians) + len(self.visits) if self.depot else None

    def end_at(self, technician: int) -> int | None:
        """Matrix position where that technician's days end; None: anywhere."""
        chosen = self.technicians[technician]
        if chosen.open_end:
            return None
        if chosen.end is None:
            return technician
        elsewhere = sum(t.end is not None for t in self.technicians[:technician])
        return len(self.technicians) + len(self.visits) + (self.depot is not None) + elsewhere

    def can_wait(self, visit: Visit) -> bool:
        """Free of promises and pins, and not late even `unassigned_delay_days` days after the horizon."""
        bound = visit.urgent or visit.appointment is not None or visit.pin is not None or visit.published
        if bound or visit.due is None:
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
