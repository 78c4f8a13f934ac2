"""Working days; minutes of a local day to instants and back (Europe/Paris, with its summer time)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.clock import PARIS


def working_days(monday: date) -> tuple[date, ...]:
    """Monday to Friday of the week, without French public holidays."""
    week = [monday + timedelta(number) for number in range(5)]
    closed = holidays_between(week[0], week[-1])
    return tuple(day for day in week if day not in closed)


def holidays_between(first: date, last: date) -> frozenset[date]:
    """French public holidays from `first` to `last`."""
    from optimisers.law import public_holidays

    years = range(first.year, last.year + 1)
    return frozenset(day for day in public_holidays(years) if first <= day <= last)


def instant(day: date, minute: int) -> datetime:
    """The instant at which clocks of that day show `minute` minutes after midnight."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    return shown.replace(tzinfo=PARIS)


def minute_of(moment: time | datetime) -> int:
    """Minutes after local midnight shown by a clock; instants are first brought to Europe/Paris."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(PARIS).time()
    return moment.hour * 60 + moment.minute
