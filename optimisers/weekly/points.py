"""What each choice costs beyond the kilometres, as arrays; formulas are those of `Weights`."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from optimisers.model import Problem, Visit


def day_points(problem: Problem, day: date) -> tuple[np.ndarray, np.ndarray]:
    """(visits,) lateness and (visits,) urgent wait of making each visit that day."""
    weights = problem.weights
    late = np.array([max(0, (day - v.due).days) if v.due else 0 for v in problem.visits], dtype=float)
    urgent = np.array([v.urgent for v in problem.visits], dtype=bool)
    lateness = weights.lateness_per_day * late * np.where(urgent, weights.urgent_factor, 1.0)
    return lateness, weights.urgent_wait_per_day * (day - problem.days[0]).days * urgent


def zone_points(problem: Problem) -> np.ndarray:
    """(technicians, visits) for leaving one's zone; none when either has no zone."""
    preferred = _zones([t.preferred_zone for t in problem.technicians])
    zones = _zones([v.zone for v in problem.visits])
    known = ~np.isnan(preferred)[:, None] & ~np.isnan(zones)[None, :]
    outside = known & (preferred[:, None] != zones[None, :])
    return problem.weights.outside_zone * outside


def _zones(numbers: list[int | None]) -> np.ndarray:
    return np.array([np.nan if number is None else float(number) for number in numbers], dtype=float)


def change_points(problem: Problem) -> np.ndarray:
    """(technicians, days, visits) for departing from the published plan and from movable promises."""
    shape = (len(problem.technicians), len(problem.days), len(problem.visits))
    points = np.zeros(shape)
    day_number = {day: number for number, day in enumerate(problem.days)}
    for number, visit in enumerate(problem.visits):
        if visit.published:
            points[:, :, number] += problem.weights.moved
            for slot in visit.published:
                technician = problem.technician_number.get(slot.technician_id)
                if technician is not None and slot.day in day_number:
                    points[technician, day_number[slot.day], number] = 0.0
        promise = visit.appointment
        if promise is not None and promise.movable:
            broken = np.full(len(problem.days), broken_points(problem, promise.day))
            if promise.day in day_number:
                broken[day_number[promise.day]] = 0.0
            points[:, :, number] += broken[None, :] / visit.crew
    return points


def broken_points(problem: Problem, promised: date) -> float:
    """Points for a movable promise of that day that is not kept: less the earlier the client is told."""
    told = problem.now.day if problem.now else problem.days[0]
    return problem.weights.broken_promise / (1 + max(0, (promised - told).days))


def skip_points(problem: Problem) -> np.ndarray:
    """(visits,) for leaving each visit out of the horizon."""
    later = problem.days[-1] + timedelta(days=problem.weights.unassigned_delay_days)
    lateness, wait = day_points(problem, later)
    return np.array(
        [_left_out(problem, v, lateness[n] + wait[n]) for n, v in enumerate(problem.visits)], dtype=float
    )


def _left_out(problem: Problem, visit: Visit, waiting: float) -> float:
    weights = problem.weights
    if problem.can_wait(visit):
        return weights.unassigned_waiting
    points = weights.unassigned
    points += weights.unassigned_urgent if visit.urgent else 0.0
    points += weights.unassigned_appointment if visit.appointment is not None else 0.0
    return points * visit.priority + waiting
