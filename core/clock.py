"""The business clock: what "today" is. Nothing else asks the time of day for business purposes.

In the demo, today is the as-of date up to which the simulated company has lived; with real sources it is
the wall clock.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
DEFAULT_AS_OF = date(2025, 11, 14)
_END_OF_DEMO_DAY = time(20, 0)


@dataclass(frozen=True)
class BusinessClock:
    """Business time. ``as_of`` is the demo's date, or None for the wall clock."""

    as_of: date | None = None

    def now(self) -> datetime:
        """Current business instant, aware, Europe/Paris. In the demo: the evening of the as-of day."""
        if self.as_of is not None:
            return datetime.combine(self.as_of, _END_OF_DEMO_DAY, PARIS)
        return datetime.now(PARIS)

    def today(self) -> date:
        """Current business date."""
        return self.now().date()

    def next_monday(self) -> date:
        """First Monday strictly after today: the week that is planned next."""
        today = self.today()
        return today + timedelta(days=7 - today.weekday())


def wall_clock() -> datetime:
    """The machine's time in UTC, for traces (load times, audit rows), never for business rules."""
    return datetime.now(UTC)


def _state_file(home: Path) -> Path:
    return home / "clock.json"


def read_clock(home: Path) -> BusinessClock:
    """The clock of the installation under ``home``: its demo date when it has one, else the wall clock."""
    path = _state_file(home)
    if not path.exists():
        return BusinessClock()
    return BusinessClock(date.fromisoformat(json.loads(path.read_text())["as_of"]))


def set_demo_date(home: Path, as_of: date) -> None:
    """Move the demo's clock to ``as_of`` (atomic: a reader sees the old or the new date)."""
    path = _state_file(home)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"as_of": as_of.isoformat()}))
    os.replace(temporary, path)
