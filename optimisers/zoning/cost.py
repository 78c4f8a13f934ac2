"""What a zoning costs in kilometres, on weeks that really happened, the same way for every zoning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.travel import DetourTravel, TravelProvider
from optimisers.zoning.company import Client, Demand, Home
from optimisers.zoning.savings import savings_tours, tour_metres

DAY_MIN = 8 * 60.0
WEEKS_A_YEAR = 365.25 / 7
RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """Kilometres a year and their 95 % interval over the sampled weeks."""

    km_a_year: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class WeeklyCost:
    """Kilometres and tours (technician-days) of each sampled week, in the order of the weeks."""

    km: np.ndarray
    tours: np.ndarray


def weekly_cost(
    clients: Sequence[Client],
    technicians: np.ndarray,
    homes: Sequence[Home],
    weeks: Sequence[Demand],
    *,
    travel: TravelProvider | None = None,
    day_min: float = DAY_MIN,
) -> WeeklyCost:
    """Drive the weeks: every technician's visits of a week in day tours from home of at most `day_min`.

    `technicians` gives each client's technician as a position in `homes`. The days of a week are free: a
    real day was chosen with the declared zones in mind and would favour them. Windows, promises and skills
    are left out, for all zonings alike: the difference is what counts, not the level.
    """
    distances = travel or DetourTravel()
    km, tours = [], []
    for week in weeks:
        metres, count = 0.0, 0
        theirs = technicians[list(week.clients)] if week.clients else np.empty(0, dtype=int)
        for technician in np.unique(theirs).tolist():
            mine = np.flatnonzero(theirs == technician).tolist()
            places = [homes[technician].place, *(clients[week.clients[n]].place for n in mine)]
            matrix = distances.matrix(places)
            on_site = np.array([0.0, *(week.minutes[n] for n in mine)])
            # Savings and 2-opt want one distance for both ways; on roads, their mean.
            both = (matrix.metres + matrix.metres.T) / 2
            minutes = (matrix.minutes + matrix.minutes.T) / 2
            found = savings_tours(both, minutes, on_site, day_min)
            metres += sum(tour_metres(tour, both) for tour in found)
            count += len(found)
        km.append(metres / 1000)
        tours.append(count)
    return WeeklyCost(np.array(km), np.array(tours))


def yearly(km_of_weeks: np.ndarray, *, seed: int = 1, resamples: int = RESAMPLES) -> Estimate:
    """Mean week × weeks in a year, with a percentile bootstrap interval over the weeks.

    Source: Efron, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7 (1979).
    """
    a_year = np.asarray(km_of_weeks, dtype=float) * WEEKS_A_YEAR
    chance = np.random.default_rng(seed)
    drawn = chance.integers(0, len(a_year), size=(resamples, len(a_year)))
    low, high = np.quantile(a_year[drawn].mean(axis=1), [0.025, 0.975])
    return Estimate(float(a_year.mean()), float(low), float(high))


def compare(cost: WeeklyCost, base: WeeklyCost, *, seed: int = 1) -> Estimate:
    """Kilometres a year more (+) or less (−) than the base, on the same weeks: differences are paired."""
    return yearly(cost.km - base.km, seed=seed)
