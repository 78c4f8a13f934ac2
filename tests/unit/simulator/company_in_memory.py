"""Living a company in memory, without files or database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from simulator.day import live_day
from simulator.erp_writer import MemoryErp
from simulator.journal import Change
from simulator.today import Today
from simulator.world import World, new_world

FIRST = date(2024, 1, 2)


@dataclass
class Lived:
    """A company after some days: its state, each day's writing, and every row change in order."""

    world: World
    days: list[Today] = field(default_factory=list)
    changes: list[tuple[Change, datetime]] = field(default_factory=list)
    erp: MemoryErp = field(default_factory=MemoryErp)


def live_through(scale: float, days: int, seed: int = 7) -> Lived:
    """Live `days` days from `FIRST` in memory."""
    lived = Lived(new_world(seed, scale, FIRST, date.fromordinal(FIRST.toordinal() + days - 1)))
    for _ in range(days):
        today = live_day(lived.world)
        lived.days.append(today)
        lived.erp.add_columns(today.added_columns)
        timed = today.journal.timed()
        lived.changes += timed
        lived.erp.apply(timed)
    return lived
