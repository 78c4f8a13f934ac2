"""The limit that holds for a technician on a day, derogations included: for solvers and explanations.

The checker does not use this module: it reads derogations by its own code, and tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from optimisers.model import Rules
from optimisers.model.rules import Limit

PARIS = ZoneInfo("Europe/Paris")
# A derogation to one of these asks for less rest; to the others, it allows more work.
_SMALLER_IS_FREER = frozenset({"daily_rest_min", "weekly_rest_min", "sunday_off", "holidays_off"})


def limit_for(rules: Rules, limit: Limit, technician_id: int, day: date) -> int:
    """The law's figure, or that of the most generous derogation for that technician and day.

    A daily rest belongs to the day after which it is taken.
    """
    values = [
        derogation.value
        for derogation in rules.derogations
        if derogation.limit == limit
        and derogation.technician_id in (None, technician_id)
        and derogation.first_day <= day <= derogation.last_day
    ]
    if not values:
        return int(getattr(rules.law, limit))
    return min(values) if limit in _SMALLER_IS_FREER else max(values)


def week_limit_for(rules: Rules, limit: Limit, technician_id: int, days: Iterable[date]) -> int:
    """A week's limit: the strictest of its days in the problem; a derogation must cover them all."""
    values = [limit_for(rules, limit, technician_id, day) for day in days]
    return max(values) if limit in _SMALLER_IS_FREER else min(values)


def rest_between(evening: date, return_min: int, morning: date, depart_min: int) -> int:
    """Real minutes between two clock times of Europe/Paris: a night is an hour shorter in March, longer in
    October, when the clocks change."""
    gap = _instant(morning, depart_min) - _instant(evening, return_min)
    return int(gap.total_seconds() // 60)


def _instant(day: date, minute: int) -> datetime:
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    return shown.replace(tzinfo=PARIS).astimezone(UTC)
