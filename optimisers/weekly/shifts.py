"""Who can work when: a shift for each technician and day, with the limits of contract and law.

A limit that cannot be said as one number a shift or a technician is replaced by a stricter one that can
(rest between two days, limits by week of a longer horizon): plans stay lawful, rarely a little short of what
the law would allow.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from optimisers.model import MIDNIGHT_MIN, Problem, Technician
from optimisers.model.rules import Limit

SUNDAY = 6


@dataclass(slots=True)
class Shift:
    """One technician on one day, by position; minutes after midnight, `max_work` without the pause."""

    technician: int
    day: int
    earliest: float
    latest: float
    max_work: float


def limit_on(problem: Problem, limit: Limit, technician: Technician, day: date) -> int:
    """The limit of the law on that day, or the most generous derogation from it that applies."""
    values = [
        derogation.value
        for derogation in problem.rules.derogations
        if derogation.limit == limit
        and derogation.first_day <= day <= derogation.last_day
        and derogation.technician_id in (None, technician.technician_id)
    ]
    if not values:
        return int(getattr(problem.rules.law, limit))
    rests = limit in ("daily_rest_min", "weekly_rest_min", "sunday_off", "holidays_off")
    return min(values) if rests else max(values)


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
    found = []
    for number, technician in enumerate(problem.technicians):
        own = []
        for position, day in enumerate(problem.days):
            hours = presence(problem, technician, day)
            if hours is None or (problem.now is not None and day < problem.now.day):
                continue
            earliest, latest = hours
            if problem.now is not None and day == problem.now.day:
                earliest = max(earliest, problem.now.minute)
            latest = min(latest, _latest_for_rest(problem, technician, day))
            contract = math.floor(technician.hours_per_day * 60 + 1e-9)
            work = min(contract, limit_on(problem, "max_day_min", technician, day))
            if earliest < latest:
                own.append(Shift(number, position, earliest, latest, work))
        found += _spread_over_weeks(problem, technician, own)
    return found


def _latest_for_rest(problem: Problem, technician: Technician, day: date) -> float:
    """A return that leaves the daily rest before the earliest start of the next day."""
    rest = limit_on(problem, "daily_rest_min", technician, day)
    return problem.rules.day_start_min + MIDNIGHT_MIN - rest


def week_limits(problem: Problem, technician: Technician, week: tuple[int, int]) -> tuple[float, int]:
    """Minutes and days that the technician may still work in that ISO week of the horizon."""
    days = [day for day in problem.days if day.isocalendar()[:2] == week]
    minutes = max(limit_on(problem, "max_week_min", technician, day) for day in days)
    average = max(limit_on(problem, "max_average_week_min", technician, day) for day in days)
    first = problem.days[0].isocalendar()[:2] == week
    done = technician.hours_done * 60 if first else 0.0
    before = technician.hours_before[-(problem.rules.law.average_weeks - 1) :]
    if before:
        span = len(before) + 1
        minutes = min(minutes, average * span - 60 * sum(before))
    return max(0.0, minutes - done), max(
        limit_on(problem, "max_days_a_week", technician, day) for day in days
    )


def _spread_over_weeks(problem: Problem, technician: Technician, shifts: list[Shift]) -> list[Shift]:
    """For horizons of several ISO weeks: each week's limits, spread evenly over its shifts."""
    by_week: dict[tuple[int, int], list[Shift]] = defaultdict(list)
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
