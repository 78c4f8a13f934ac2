"""What happens to a week that is under way: the events that make a plan be made again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from optimisers.model import Visit


@dataclass(frozen=True, slots=True)
class Illness:
    """A technician stops working today at `from_min` (None: now) and is away until the end of `last_day`.

    `last_day` None: today only. The visit that he has not finished by then is to be made anew, whole.
    """

    technician_id: int
    from_min: int | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class UrgentVisit:
    """A call that came in since the plan was published. The visit's id is new to the problem."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The client does not want the visit any more."""

    visit_id: int


@dataclass(frozen=True, slots=True)
class Overrun:
    """The visit takes `extra_min` minutes more than planned, whether it has begun or not."""

    visit_id: int
    extra_min: int


@dataclass(frozen=True, slots=True)
class Made:
    """What really happened: begun at `start_min` of `day` by these technicians, ended at `end_min`.

    `end_min` None: still under way, and it will take the planned duration.
    """

    visit_id: int
    technicians: tuple[int, ...]
    day: date
    start_min: int
    end_min: int | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """The plan has the visit before now, but nobody made it: it is to be placed again."""

    visit_id: int


Event = Illness | UrgentVisit | Cancelled | Overrun | Made | Missed
