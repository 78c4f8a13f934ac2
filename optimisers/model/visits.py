"""The work: visits, when they may begin, what they need and what was promised about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map, degrees WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Window:
    """Opening hours: a visit begins and ends inside. `day` None: every day of the horizon."""

    start_min: int
    end_min: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A promise made to the client: the technician begins on `day` between the two minutes.

    `movable`: it may be broken, for another day inside opening hours, at a cost that falls with the notice
    given (see `Weights.broken_promise`). Otherwise it binds.
    """

    day: date
    start_min: int
    end_min: int
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A planner's decision that holds: technician, day and beginning, as far as each is given."""

    technician_id: int | None = None
    day: date | None = None
    start_min: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a published plan has a visit: a second technician, if any, is another slot."""

    technician_id: int
    day: date
    start_min: int


DAYTIME = (Window(8 * 60, 18 * 60),)


@dataclass(frozen=True, slots=True)
class Visit:
    """One intervention of `duration_min` minutes for `crew` technicians at the same time.

    `skills` and habilitations: each with the least level that every technician of it must hold. `tools` are
    needed during the visit, `parts` (quantity by part) are used up. `after`: visits that must have ended
    before this one begins, on the same day or an earlier one. `priority` multiplies the cost of leaving it
    out. `published`: where the plan in force has it, to count changes. `frozen`: done or under way;
    its pin gives technician, day and beginning, and nothing about it is judged or moved any more.
    """

    visit_id: int
    place: Place
    duration_min: int
    skills: Mapping[str, int] = field(default_factory=dict)
    zone: int | None = None
    windows: tuple[Window, ...] = DAYTIME
    appointment: Appointment | None = None
    urgent: bool = False
    due: date | None = None
    pin: Pin | None = None
    priority: float = 1.0
    tools: frozenset[str] = frozenset()
    parts: Mapping[str, int] = field(default_factory=dict)
    crew: int = 1
    after: frozenset[int] = frozenset()
    published: tuple[Slot, ...] = ()
    frozen: bool = False

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Opening hours of that day, those of every day included."""
        return tuple(window for window in self.windows if window.day in (None, day))
