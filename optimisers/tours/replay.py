"""Kilometres against the order really driven: same day, same visits, same distances, only the order changes.

Each visit keeps the window it was promised (or its opening hours), widened where needed to the time at
which the driven order, replayed with the same travel times, begins it: the optimised day is never asked to
keep more than the driven one kept, nor allowed to keep less. It comes home no later and works no longer
than the driven day replayed, or than the contract when that is later or longer. Assignment of visits to
days and technicians is left as it was, so the figure is the gain of sequencing alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from optimisers.model import (
    MIDNIGHT_MIN,
    LawPack,
    Place,
    Problem,
    Rules,
    Technician,
    TravelMatrix,
    Visit,
    Weights,
    Window,
)
from optimisers.routing.instance import Instance
from optimisers.routing.search import search
from optimisers.tours.solve import EXACT_VISITS
from optimisers.travel import DetourTravel, TravelProvider
from optimisers.weekly.compile import compile_problem

ITERATIONS = 3000
# What was driven was driven: limits of the law would forbid the comparison, not the day.
NO_LAW = LawPack(
    max_day_min=MIDNIGHT_MIN,
    daily_rest_min=0,
    weekly_rest_min=0,
    max_days_a_week=7,
    longest_stretch_min=MIDNIGHT_MIN,
    sunday_off=False,
    holidays_off=False,
)


class EndlessDay(ValueError):
    """The driven order, replayed, is not over by midnight: the day has wrong durations."""


@dataclass(frozen=True, slots=True)
class DrivenStop:
    """A visit as it was made. Windows are minutes for its beginning; None when nothing was promised."""

    visit_id: int
    place: Place
    duration_min: int
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class DrivenDay:
    """One technician's day, stops in the order driven. `odometer_km` is what the van counted, if known."""

    technician_id: int
    day: date
    home: Place
    stops: tuple[DrivenStop, ...]
    odometer_km: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Kilometres of one day on the planner's distances: as driven and in the best order found."""

    technician_id: int
    day: date
    visits: int
    odometer_km: float | None
    driven_km: float
    optimised_km: float

    @property
    def reduction_pct(self) -> float:
        """Kilometres saved, % of the driven order's."""
        return 100 * (1 - self.optimised_km / self.driven_km) if self.driven_km else 0.0


@dataclass(frozen=True, slots=True)
class Reduction:
    """Share of kilometres saved over all days, %, with a paired bootstrap interval over days."""

    days: int
    mean_pct: float
    low_pct: float
    high_pct: float
    driven_km: float
    optimised_km: float


def compare_day(day: DrivenDay, travel: TravelProvider | None = None, seed: int = 0) -> Comparison:
    """Best order of a driven day's visits under the promises it kept.

    Raises ValueError when the driven order, replayed, is not over by midnight: such a day has wrong
    durations.
    """
    matrix = (travel or DetourTravel()).matrix([day.home, *[stop.place for stop in day.stops]])
    count = len(day.stops)
    route = [0, *range(1, count + 1), 0]
    driven = sum(int(matrix.metres[a, b]) for a, b in itertools.pairwise(route))
    best = driven
    if count > 1:
        order = _best_order(compile_problem(driven_problem(day, matrix)).instance, seed, driven / 1000)
        if len(order) == count:
            tour = [0, *[1 + visit for visit in order], 0]
            best = min(driven, sum(int(matrix.metres[a, b]) for a, b in itertools.pairwise(tour)))
    return Comparison(day.technician_id, day.day, count, day.odometer_km, driven / 1000, best / 1000)


def reduction(comparisons: Sequence[Comparison], draws: int = 5000, seed: int = 0) -> Reduction:
    """Total km saved, %, with its 95 % interval: days are drawn with both their figures, so stay paired."""
    if not comparisons:
        raise ValueError("no driven day to compare: give at least one day with two visits")
    driven = np.array([c.driven_km for c in comparisons])
    optimised = np.array([c.optimised_km for c in comparisons])
    chosen = np.random.default_rng(seed).integers(0, len(driven), (draws, len(driven)))
    saved = 100 * (1 - optimised[chosen].sum(axis=1) / np.maximum(driven[chosen].sum(axis=1), 1e-9))
    low, high = np.percentile(saved, [2.5, 97.5])
    mean = 100 * (1 - optimised.sum() / max(driven.sum(), 1e-9))
    return Reduction(
        len(driven), float(mean), float(low), float(high), float(driven.sum()), float(optimised.sum())
    )


def _best_order(instance: Instance, seed: int, driven_km: float) -> Sequence[int]:
    """Best lawful order of all visits; the driven one is lawful."""
    from optimisers.bounds.exact_day import best_day

    visits = range(len(instance.visit_at))
    order: tuple[int, ...] | None = None
    if len(visits) <= EXACT_VISITS:
        order = best_day(instance, 0, visits, upper_bound=driven_km).order
    return order or search(instance, max_iterations=ITERATIONS, seed=seed, start=[visits]).orders[0]


def driven_problem(day: DrivenDay, matrix: TravelMatrix) -> Problem:
    """The driven day as a planning problem in which the driven order is lawful."""
    starts, end, lunch = _replay(day, matrix.minutes)
    if end > MIDNIGHT_MIN:
        raise EndlessDay(
            f"technician {day.technician_id} on {day.day}: the driven order would end at minute {end}, "
            f"expected at most {MIDNIGHT_MIN}; check the durations of the day or leave it out"
        )
    visits = []
    for stop, start in zip(day.stops, starts, strict=True):
        early, late = stop.window or (0, MIDNIGHT_MIN)
        # The window bounds the beginning, so closing time is the latest beginning plus the duration.
        until = min(MIDNIGHT_MIN, max(late, start) + stop.duration_min)
        visits.append(
            Visit(stop.visit_id, stop.place, stop.duration_min, windows=(Window(min(early, start), until),))
        )
    day_end = min(MIDNIGHT_MIN, max(Rules().day_end_min, end))
    rules = Rules(day_end_min=day_end, lunch_min=lunch, law=NO_LAW)
    hours = min(24.0, max(8.0, (end - rules.day_start_min) / 60))
    technician = Technician(day.technician_id, "", day.home, hours_per_day=hours)
    return Problem((day.day,), (technician,), tuple(visits), matrix, rules, Weights(unassigned=1e6))


def _replay(day: DrivenDay, minutes: np.ndarray) -> tuple[list[int], int, int]:
    """Beginnings of the driven order, return and lunch length, leaving at the start of the day.

    Lunch comes at the first stop reached or left inside its window; a day without such a moment has none (0).
    """
    rules = Rules()
    clock, at, eaten = rules.day_start_min, 0, False
    starts = []
    last_lunch = rules.lunch_until_min - rules.lunch_min
    for number, stop in enumerate(day.stops, start=1):
        clock += int(minutes[at, number])
        if not eaten and rules.lunch_from_min <= clock <= last_lunch:
            clock, eaten = clock + rules.lunch_min, True
        clock = max(clock, stop.window[0] if stop.window else 0)
        starts.append(clock)
        clock, at = clock + stop.duration_min, number
        if not eaten and rules.lunch_from_min <= clock <= last_lunch:
            clock, eaten = clock + rules.lunch_min, True
    return starts, clock + int(minutes[at, 0]), rules.lunch_min if eaten else 0
