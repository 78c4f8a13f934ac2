"""The day being lived: its random streams, row changes, and what it sends to the inbox and the truth."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from simulator.calendar import at_minute
from simulator.journal import Journal
from simulator.world import World


@dataclass(slots=True)
class Line:
    """A line on its way to an inbox file. `spoilt` holds ledger notes that wait for file and line number."""

    minute: float
    payload: bytes
    spoilt: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Today:
    """Context of one simulated day. `minute` arguments everywhere are minutes since local midnight."""

    world: World
    day: date
    ordinal: int
    journal: Journal
    app_events: list[dict[str, Any]] = field(default_factory=list)
    app_lines: list[Line] = field(default_factory=list)
    portal_records: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    portal_lines: list[Line] = field(default_factory=list)
    survey_rows: list[list[str]] = field(default_factory=list)
    survey_lines: list[Line] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    hazards: list[tuple[int, str, float]] = field(default_factory=list)
    added_columns: list[tuple[str, str, str]] = field(default_factory=list)
    promises: dict[tuple[int, int], list[int]] | None = None
    _streams: dict[str, np.random.Generator] = field(default_factory=dict)

    def rng(self, stream: str) -> np.random.Generator:
        """A random stream of this day alone, from (seed, day, name): days can be redone or continued."""
        if stream not in self._streams:
            key = [self.world.seed, self.ordinal, zlib.crc32(stream.encode())]
            self._streams[stream] = np.random.default_rng(key)
        return self._streams[stream]

    def at(self, minute: float) -> datetime:
        """Aware Paris time of a minute of this day."""
        return at_minute(self.day, minute)


def begin(world: World, ordinal: int) -> Today:
    """Open the day `ordinal`."""
    day = date.fromordinal(ordinal)
    return Today(world, day, ordinal, Journal(day))
