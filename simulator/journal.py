"""Row changes of one day, in the order in which they happened, before they reach the ERP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from simulator.calendar import at_minute
from simulator.erp_schema import COLUMNS


@dataclass(slots=True)
class Change:
    """One insert, update or delete. `values`: the row inserted, or the columns updated."""

    table: str
    minute: float
    action: str  # insert | update | delete
    key: int
    values: dict[str, Any]


class ErpSink(Protocol):
    """Where a day's changes go: an ERP in memory (creation) or the database (one more day)."""

    def apply(self, changes: list[tuple[Change, datetime]]) -> None:
        """Apply changes in order, each with its `updated_at`."""


class Journal:
    """Collects the changes of a day."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.changes: list[Change] = []
        self._last_minute: dict[tuple[str, int], float] = {}

    def _add(self, table: str, minute: float, action: str, key: int, values: dict[str, Any]) -> None:
        # A row's changes stay in the order in which they were made, whatever the hours say.
        minute = max(minute, self._last_minute.get((table, key), 0.0))
        self._last_minute[table, key] = minute
        self.changes.append(Change(table, minute, action, key, values))

    def insert(self, table: str, minute: float, **values: Any) -> None:
        """A new row; columns not given are null."""
        self._add(table, minute, "insert", values[COLUMNS[table][0]], values)

    def update(self, table: str, key: int, minute: float, **values: Any) -> None:
        """Changed columns of a row."""
        self._add(table, minute, "update", key, values)

    def delete(self, table: str, key: int, minute: float) -> None:
        """A hard delete."""
        self._add(table, minute, "delete", key, {})

    def timed(self) -> list[tuple[Change, datetime]]:
        """Changes with `updated_at`: in order of time, strictly increasing by microseconds."""
        ordered = sorted(self.changes, key=lambda change: change.minute)
        timed: list[tuple[Change, datetime]] = []
        last = 0
        midnight = at_minute(self.day, 0)
        for index, change in enumerate(ordered):
            last = max(int(change.minute * 60_000_000) + index * 7919 % 1_000_000, last + 1 + index % 13)
            timed.append((change, midnight + timedelta(microseconds=last)))
        return timed
