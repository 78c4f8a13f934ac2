"""The rules of the day, the limits of the law, and what each term of the objective weighs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class LawPack:
    """Limits on working time, as a dated version; the defaults are the French ones in force since 2016.

    `optimisers.law` holds the versions and the articles they come from. `holidays_off`: nobody works on a
    public holiday. `longest_stretch_min` is the work after which a pause of `short_pause_min` is due.
    """

    version: str = "FR-2016"
    in_force_from: date = date(2016, 8, 10)
    in_force_until: date | None = None
    max_day_min: int = 10 * 60
    max_week_min: int = 48 * 60
    max_average_week_min: int = 44 * 60
    average_weeks: int = 12
    daily_rest_min: int = 11 * 60
    weekly_rest_min: int = 35 * 60
    max_days_a_week: int = 6
    longest_stretch_min: int = 6 * 60
    short_pause_min: int = 20
    sunday_off: bool = True
    holidays_off: bool = True


# A limit that a derogation may replace: the names are those of the fields of LawPack.
Limit = Literal[
    "max_day_min",
    "max_week_min",
    "max_average_week_min",
    "daily_rest_min",
    "weekly_rest_min",
    "max_days_a_week",
    "longest_stretch_min",
    "sunday_off",
    "holidays_off",
]


@dataclass(frozen=True, slots=True)
class Derogation:
    """A written exception to one limit, between two days, for one technician or (None) for all.

    `authority` says who allowed it (collective agreement, labour inspectorate): it is never empty.
    """

    limit: Limit
    value: int
    first_day: date
    last_day: date
    authority: str
    technician_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The company's working day, the law above it and the exceptions to the law.

    Lunch is `lunch_min` free minutes in a row inside [lunch_from_min, lunch_until_min]. A day that is over
    early enough, or begins late enough, to leave that time free has lunch at home. `commute_counts`: the way
    from home to the first visit and back from the last one is working time.
    """

    day_start_min: int = 8 * 60
    day_end_min: int = 18 * 60
    lunch_min: int = 45
    lunch_from_min: int = 11 * 60 + 30
    lunch_until_min: int = 14 * 60
    commute_counts: bool = True
    law: LawPack = field(default_factory=LawPack)
    derogations: tuple[Derogation, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """Points for each term of the objective.

    km: `per_km` a kilometre.
    Balance: `balance_per_hour2` × Σ (hours worked − fair share)², the fair share being the week's
    hours spread in proportion to the hours available.
    Lateness: `lateness_per_day` for each calendar day after the due date, × `urgent_factor` if urgent.
    Urgent wait: `urgent_wait_per_day` for each calendar day from the first day of the horizon to the visit.
    Zone: `outside_zone` for each technician who makes a visit outside his zone.
    Changes: `moved` for each technician who makes a published visit on a day on which it was not published
    for him, plus, for a movable appointment that is made on another day, `broken_promise` / (1 + days of
    notice), counted from the day of `now`, else from the first day, to the promised one.
    Unassigned: (`unassigned` a visit, more if urgent or promised) × its priority, plus lateness and wait as
    if it were done `unassigned_delay_days` days after the horizon. A visit that can wait (see
    `Problem.can_wait`) costs only `unassigned_waiting`: what it is worth to make it now, on others' way.
    """

    per_km: float = 1.0
    balance_per_hour2: float = 0.5
    lateness_per_day: float = 2.0
    urgent_factor: float = 4.0
    urgent_wait_per_day: float = 5.0
    outside_zone: float = 4.0
    moved: float = 0.0
    broken_promise: float = 200.0
    unassigned: float = 150.0
    unassigned_urgent: float = 400.0
    unassigned_appointment: float = 800.0
    unassigned_waiting: float = 5.0
    unassigned_delay_days: int = 3
