"""When people work: French public holidays, seasons, and minutes of a day as aware Paris times."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

PARIS = ZoneInfo("Europe/Paris")
# Breakdowns by month (heating and short days in winter, storms in July); mean is 1.
BREAKDOWN_SEASON = (1.32, 1.22, 1.06, 0.92, 0.82, 0.84, 0.92, 0.74, 0.88, 1.00, 1.10, 1.18)
# New customers by month: quiet in August and December.
ARRIVAL_SEASON = (1.05, 1.00, 1.10, 1.10, 1.05, 1.00, 0.85, 0.55, 1.25, 1.20, 1.05, 0.80)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(holidays.France(years=year))


def is_working(day: date) -> bool:
    """Whether the company drives tours that day: Monday to Friday, public holidays excepted."""
    return day.weekday() < 5 and day not in _holidays_of(day.year)


def is_on_call(day: date) -> bool:
    """Whether only the on-call technician answers: Saturdays that are not public holidays."""
    return day.weekday() == 5 and day not in _holidays_of(day.year)


def next_working_day(day: date) -> date:
    """The first working day strictly after `day`."""
    day += timedelta(days=1)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def shift_to_working(day: date) -> date:
    """`day` itself when worked, else the next working day."""
    return day if is_working(day) else next_working_day(day)


def at_minute(day: date, minute: float) -> datetime:
    """Aware Paris time `minute` minutes after local midnight, to the second."""
    seconds = int(minute * 60)
    days, seconds = divmod(seconds, 86400)
    base = day + timedelta(days=days)
    return datetime(
        base.year, base.month, base.day, seconds // 3600, seconds % 3600 // 60, seconds % 60, tzinfo=PARIS
    )


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later (28 at most, so that it always exists)."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, min(day.day, 28))
