"""The solver's own account of a plan's cost, by term. The checker has another, written apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from optimisers.model import Costs, Problem, TechnicianDay
from optimisers.weekly.compile import fair_shares
from optimisers.weekly.points import change_points, day_points, skip_points, zone_points


def costs_of(problem: Problem, plan: Sequence[TechnicianDay], left: Collection[int]) -> Costs:
    """Costs of a plan; `left` holds the positions of the visits left out."""
    metres, zone, changes = 0, 0.0, 0.0
    lateness, wait = 0.0, 0.0
    minutes = np.zeros(len(problem.technicians))
    zones, changed = zone_points(problem), change_points(problem)
    by_day = [day_points(problem, day) for day in problem.days]
    day_number = {day: number for number, day in enumerate(problem.days)}
    for day in plan:
        who, when = problem.technician_number[day.technician_id], day_number[day.day]
        minutes[who] += worked_min(problem, day)
        metres += sum(stop.travel_m for stop in day.visits) + day.return_m
        for stop in day.visits:
            number = problem.visit_number[stop.visit_id]
            zone += zones[who, number]
            changes += changed[who, when, number]
            # Late and waiting once, however many technicians come.
            lateness += by_day[when][0][number] / problem.visits[number].crew
            wait += by_day[when][1][number] / problem.visits[number].crew
    hours = minutes / 60
    unfair = hours - fair_shares(problem) * hours.sum()
    return Costs(
        km=problem.weights.per_km * metres / 1000,
        balance=float(problem.weights.balance_per_hour2 * (unfair**2).sum()),
        lateness=float(lateness),
        urgent_wait=float(wait),
        zone=float(zone),
        changes=float(changes),
        unassigned=float(skip_points(problem)[sorted(left)].sum()) if left else 0.0,
    )


def worked_min(problem: Problem, day: TechnicianDay) -> float:
    """Minutes of work of a day: from leaving to coming back without lunch, commutes only if they count."""
    if not day.visits:
        return 0.0
    begin, end = _work_between(problem, day)
    lunch = 0
    if day.lunch_start_min is not None:
        over = day.lunch_start_min + problem.rules.lunch_min
        lunch = max(0, min(end, over) - max(begin, day.lunch_start_min))
    return float(end - begin - lunch)


def _work_between(problem: Problem, day: TechnicianDay) -> tuple[int, int]:
    """Where commutes are no work: from the first place, the depot if it comes first, to the last one."""
    if problem.rules.commute_counts:
        return day.depart_min, day.return_min
    begin = day.visits[0].arrival_min
    if day.visits[0].via_depot and problem.depot_at is not None:
        home = problem.home_at(problem.technician_number[day.technician_id])
        begin = day.depart_min + int(problem.travel.minutes[home, problem.depot_at])
    return begin, day.return_min - day.return_travel_min
