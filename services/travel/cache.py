"""Legs asked for once, in an SQLite file: a plan made again asks nothing, a dead server can be outlived."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from json import dumps
from pathlib import Path

import numpy as np

from core.clock import wall_clock
from core.errors import SourceUnavailable
from optimisers.model import Place
from services.travel.legs import Legs, LegSource

_log = logging.getLogger(__name__)
# 1e-5 degrees is about a metre.
_STEPS = 100_000
_TABLE = """
create table if not exists legs (
    source text not null, origin integer not null, destination integer not null,
    metres real, seconds real, asked_at real not null,
    primary key (source, origin, destination)
) without rowid
"""
_KNOWN = """
select origin, destination, metres, seconds, asked_at from legs
where source = ?1
    and origin in (select value from json_each(?2)) and destination in (select value from json_each(?3))
"""


@dataclass(frozen=True)
class CachedLegs:
    """A `LegSource` that remembers another. Legs older than `time_to_live` are asked for anew.

    When the source does not answer, legs of any age serve and their number is logged; what was never known
    raises the source's error. Places are the same when they round to the same 1e-5 degree (a metre).
    Unreachable pairs are remembered too. Several processes may share the file.
    """

    source: LegSource
    path: Path
    time_to_live: timedelta = timedelta(days=30)
    now: Callable[[], datetime] = wall_clock

    @property
    def name(self) -> str:
        """The source's."""
        return self.source.name

    def legs(self, origins: Sequence[Place], destinations: Sequence[Place]) -> Legs:
        """Every leg, from the file where it is young enough, else from the source."""
        rows, columns = _keys(origins), _keys(destinations)
        found = Legs.unknown(len(origins), len(destinations))
        age_limit = (self.now() - self.time_to_live).timestamp()
        with self._open() as file:
            asked = self._read(file, rows, columns, found)
            wanted = ~(asked >= age_limit)
            try:
                for chosen_rows, chosen_columns in _rectangles(wanted):
                    fresh = self.source.legs(
                        [origins[n] for n in chosen_rows], [destinations[n] for n in chosen_columns]
                    )
                    block = np.ix_(chosen_rows, chosen_columns)
                    found.metres[block], found.seconds[block] = fresh.metres, fresh.seconds
                    asked[block] = np.inf
                    self._write(file, rows[chosen_rows], columns[chosen_columns], fresh)
            except SourceUnavailable:
                if np.isnan(asked).any():
                    raise
                stale = int((asked < age_limit).sum())
                _log.warning("%s does not answer: %d legs older than allowed were used", self.name, stale)
        return found

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=30)) as file:
            file.execute(_TABLE)
            yield file

    def _read(
        self, file: sqlite3.Connection, rows: np.ndarray, columns: np.ndarray, found: Legs
    ) -> np.ndarray:
        """Fill `found` with what the file knows; returns when each leg was asked for, NaN if never."""
        asked = np.full(found.metres.shape, np.nan)
        some_rows, row_of = np.unique(rows, return_inverse=True)
        some_columns, column_of = np.unique(columns, return_inverse=True)
        keys = (dumps(some_rows.tolist()), dumps(some_columns.tolist()))
        known = file.execute(_KNOWN, (self.name, *keys)).fetchall()
        if not known:
            return asked
        # Keys are below 2**53: floats hold them exactly, and a missing leg becomes NaN.
        table = np.array(known, dtype=float)
        at = np.searchsorted(some_rows, table[:, 0]), np.searchsorted(some_columns, table[:, 1])
        for values, column in ((found.metres, 2), (found.seconds, 3), (asked, 4)):
            unique = np.full((len(some_rows), len(some_columns)), np.nan)
            unique[at] = table[:, column]
            values[:] = unique[np.ix_(row_of, column_of)]
        return asked

    def _write(self, file: sqlite3.Connection, rows: np.ndarray, columns: np.ndarray, fresh: Legs) -> None:
        moment = self.now().timestamp()
        values = [
            (
                self.name,
                int(origin),
                int(destination),
                _number(fresh.metres[i, j]),
                _number(fresh.seconds[i, j]),
            )
            for i, origin in enumerate(rows)
            for j, destination in enumerate(columns)
        ]
        with file:
            file.executemany(
                "insert or replace into legs values (?, ?, ?, ?, ?, ?)",
                [(*value, moment) for value in values],
            )


def _keys(places: Sequence[Place]) -> np.ndarray:
    """One whole number for each place."""
    latitude = np.rint((np.array([place.latitude for place in places], dtype=float) + 90) * _STEPS)
    longitude = np.rint((np.array([place.longitude for place in places], dtype=float) + 180) * _STEPS)
    return (latitude * 360 * _STEPS + longitude).astype(np.int64)


def _rectangles(wanted: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows and columns that cover every wanted pair: whole rows of new places, then what is left.

    A few new places among many known ones are so asked for as two thin rectangles, not as a full square.
    """
    left = wanted.copy()
    new = left.mean(axis=1) > 0.5 if left.size else np.zeros(len(left), dtype=bool)
    if new.any():
        yield np.flatnonzero(new), np.flatnonzero(left[new].any(axis=0))
        left[new] = False
    if left.any():
        yield np.flatnonzero(left.any(axis=1)), np.flatnonzero(left.any(axis=0))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
