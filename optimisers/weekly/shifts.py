"""Who can work when: a shift for each technician and day, with the limits of contract and law.

A limit that cannot be said as one number a shift or a technician is replaced by a stricter one that can
(rest between two days, limits by week of a longer horizon): plans stay lawful, rarely a little short of what
the law would allow.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from optimisers.law.limits import limit_for, rest_between, week_limit_for
from optimisers.model import MIDNIGHT_MIN, Problem, Technician
from optimisers.model.rules import Limit

SUNDAY = 6
EVENING_MIN = 20 * 60
CLOCK_CHANGE_MIN = 60
Week = tuple[int, int]


@dataclass(slots=True)
class Shift:
    """One technician on one day, by position; minutes after midnight, `max_work` without the pause."""

    technician: int
    day: int
    earliest: float
    latest: float
    max_work: float


def limit_on(problem: Problem, limit: Limit, technician: Technician, day: date) -> int:
    """The limit of the law for that technician on that day, derogations included."""
    return limit_for(problem.rules, limit, technician.technician_id, day)


def presence(problem: Problem, technician: Technician, day: date) -> tuple[float, float] | None:
    """First and last minute that the technician may be on the road that day, None when away."""
    rules = problem.rules
    if day in technician.absent_on:
        return None
    if day.weekday() == SUNDAY and limit_on(problem, "sunday_off", technician, day):
        return None
    if day in rules.holidays and limit_on(problem, "holidays_off", technician, day):
        return None
    earliest, latest = rules.day_start_min, rules.day_end_min
    for absence in technician.absences:
        if absence.day == day:
            if absence.from_min <= earliest:
                earliest = max(earliest, absence.until_min)
            if absence.until_min >= latest:
                latest = min(latest, absence.from_min)
    return (earliest, latest) if earliest < latest else None


def shifts_of(problem: Problem) -> list[Shift]:
    """Shifts in the order technicians, then days; what lies before `now` is cut off."""
    found, rules = [], problem.rules
    for number, technician in enumerate(problem.technicians):
        own = []
        for position, day in enumerate(problem.days):
            hours = presence(problem, technician, day)
            if hours is None or (problem.now is not None and day < problem.now.day):
                continue
            earliest, latest = hours
            if problem.now is not None and day == problem.now.day:
                earliest = max(earliest, problem.now.minute)
            latest = min(
                latest, _latest_for_rest(problem, technician, day), _latest_in_long_weeks(problem, technician)
            )
            contract = math.floor(technician.hours_per_day * 60 + 1e-9)
            work = min(contract, limit_on(problem, "max_day_min", technician, day))
            if 0 < rules.lunch_min < rules.law.short_pause_min:
                # Such a lunch is no pause: with it, the whole day is one stretch.
                work = min(work, limit_on(problem, "longest_stretch_min", technician, day) - rules.lunch_min)
            if earliest < latest:
                own.append(Shift(number, position, earliest, latest, work))
        found += _spread_over_weeks(problem, technician, own)
    return found


def _latest_for_rest(problem: Problem, technician: Technician, day: date) -> float:
    """A return that leaves the daily rest before the next day begins, clock changes included."""
    rest = limit_on(problem, "daily_rest_min", technician, day)
    start = problem.rules.day_start_min
    if rest <= 0:
        return math.inf
    night = rest_between(day, EVENING_MIN, day + timedelta(days=1), start)
    return EVENING_MIN + night - rest


def week_limits(problem: Problem, technician: Technician, week: Week) -> tuple[float, int]:
    """Minutes and days that the technician may work in that ISO week of the horizon.

    The average counts the weeks before that are known; those of which nothing is known count nothing.
    """
    rules, who = problem.rules, technician.technician_id
    days = [day for day in problem.days if day.isocalendar()[:2] == week]
    first = problem.days[0].isocalendar()[:2] == week
    done = technician.hours_done * 60 if first else 0.0
    weeks = rules.law.average_weeks
    average = week_limit_for(rules, "max_average_week_min", who, days)
    # Hours of the weeks of the horizon before this one are not known yet: as if each were full.
    earlier = sorted({day.isocalendar()[:2] for day in problem.days if day.isocalendar()[:2] < week})
    known = 60 * sum(technician.hours_before[-(weeks - 1) :]) if weeks > 1 else 0.0
    longest = week_limit_for(rules, "max_week_min", who, days)
    room = average * weeks - known - longest * len(earlier)
    minutes = max(0.0, min(longest, room) - done)
    number = week_limit_for(rules, "max_days_a_week", who, days)
    rest = week_limit_for(rules, "weekly_rest_min", who, days)
    # Without a whole free day, no night is as long as the weekly rest.
    if rest > rules.day_start_min + MIDNIGHT_MIN - rules.day_end_min:
        number = min(number, 6)
    return minutes, number


def _spread_over_weeks(problem: Problem, technician: Technician, shifts: list[Shift]) -> list[Shift]:
    """For horizons of several ISO weeks: each week's limits, spread evenly over its shifts."""
    by_week: dict[Week, list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_week[problem.days[shift.day].isocalendar()[:2]].append(shift)
    if len({day.isocalendar()[:2] for day in problem.days}) == 1:
        return shifts
    kept = []
    for week, own in by_week.items():
        minutes, days = week_limits(problem, technician, week)
        own = own[: int(days)]
        if sum(shift.max_work for shift in own) > minutes:
            for shift in own:
                shift.max_work = min(shift.max_work, math.floor(minutes / len(own)))
        kept += own
    return kept


def _latest_in_long_weeks(problem: Problem, technician: Technician) -> float:
    """A return that leaves the weekly rest around a single free day; five days a week leave two."""
    if len(problem.days) < 6:
        return math.inf
    rest = week_limit_for(problem.rules, "weekly_rest_min", technician.technician_id, problem.days)
    return problem.rules.day_start_min + 2 * MIDNIGHT_MIN - rest - CLOCK_CHANGE_MIN
