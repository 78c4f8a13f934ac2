"""The people: technicians, what they hold and carry, when they are away, what they have worked already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from optimisers.model.visits import Place

MIDNIGHT_MIN = 24 * 60


@dataclass(frozen=True, slots=True)
class Absence:
    """Away on `day` between two minutes; it reaches the beginning or the end of the working day."""

    day: date
    from_min: int = 0
    until_min: int = MIDNIGHT_MIN


@dataclass(frozen=True, slots=True)
class Technician:
    """Who drives. Days begin at `home` and end at `end` (None: at home), or anywhere if `open_end`.

    `skills`: level held, by skill or habilitation. `hours_per_day` is the contract's, travel and waiting
    included, pause not. `tools` are in the van; `stock` is the van's quantity by part for the whole horizon.
    `hours_done` were worked in the week of the first day before the horizon; `hours_before` in the weeks
    before that one, oldest first.
    """

    technician_id: int
    name: str
    home: Place
    skills: Mapping[str, int] = field(default_factory=dict)
    hours_per_day: float = 8.0
    preferred_zone: int | None = None
    absent_on: frozenset[date] = frozenset()
    absences: tuple[Absence, ...] = ()
    tools: frozenset[str] = frozenset()
    stock: Mapping[str, int] = field(default_factory=dict)
    end: Place | None = None
    open_end: bool = False
    hours_done: float = 0.0
    hours_before: tuple[float, ...] = ()
