"""The cost of a plan, recomputed from the problem's weights as documented in `Weights`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta

from optimisers.model import Costs, Problem, TechnicianDay, Unassigned


def score(
    problem: Problem, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]
) -> tuple[Costs, float]:
    """Costs by term, points, and kilometres driven. Unknown technicians and visits are left out of sums."""
    weights = problem.weights
    home = {t.technician_id: n for n, t in enumerate(problem.technicians)}
    where = {v.visit_id: len(problem.technicians) + n for n, v in enumerate(problem.visits)}
    visits = {v.visit_id: v for v in problem.visits}
    metres, lateness, wait, zone = 0, 0.0, 0.0, 0.0
    hours = dict.fromkeys(home, 0.0)
    for day in plan:
        if day.technician_id not in home:
            continue
        hours[day.technician_id] += _hours(problem, day)
        route = [home[day.technician_id]]
        route += [where[stop.visit_id] for stop in day.visits if stop.visit_id in where]
        route.append(route[0])
        metres += sum(int(problem.travel.metres[a, b]) for a, b in itertools.pairwise(route))
        zone_of_technician = problem.technicians[home[day.technician_id]].preferred_zone
        for visit in (visits[s.visit_id] for s in day.visits if s.visit_id in visits):
            if visit.due is not None:
                days_late = max(0, (day.day - visit.due).days)
                lateness += (
                    weights.lateness_per_day * days_late * (weights.urgent_factor if visit.urgent else 1)
                )
            if visit.urgent:
                wait += weights.urgent_wait_per_day * (day.day - problem.days[0]).days
            if None not in (visit.zone, zone_of_technician) and visit.zone != zone_of_technician:
                zone += weights.outside_zone
    left_out = sum(_left_out(problem, item.visit_id) for item in unassigned if item.visit_id in visits)
    km = metres / 1000
    balance = weights.balance_per_hour2 * _squared_deviations(problem, hours)
    return Costs(weights.per_km * km, balance, lateness, wait, zone, left_out), km


def _hours(problem: Problem, day: TechnicianDay) -> float:
    if not day.visits:
        return 0.0
    lunch = 0 if day.lunch_start_min is None else problem.rules.lunch_min
    return (day.return_min - day.depart_min - lunch) / 60


def _squared_deviations(problem: Problem, hours: dict[int, float]) -> float:
    available = {
        t.technician_id: t.hours_per_day * sum(day not in t.absent_on for day in problem.days)
        for t in problem.technicians
    }
    total, worked = sum(available.values()), sum(hours.values())
    if total == 0:
        return 0.0
    return sum((hours[t] - worked * available[t] / total) ** 2 for t in available)


def _left_out(problem: Problem, visit_id: int) -> float:
    weights = problem.weights
    visit = next(v for v in problem.visits if v.visit_id == visit_id)
    later = problem.days[-1] + timedelta(days=weights.unassigned_delay_days)
    on_time_later = visit.due is not None and visit.due >= later
    if on_time_later and not visit.urgent and visit.appointment is None:
        return weights.unassigned_waiting
    points = weights.unassigned + (weights.unassigned_urgent if visit.urgent else 0)
    points += weights.unassigned_appointment if visit.appointment is not None else 0
    if visit.due is not None and later > visit.due:
        urgency = weights.urgent_factor if visit.urgent else 1
        points += weights.lateness_per_day * urgency * (later - visit.due).days
    if visit.urgent:
        points += weights.urgent_wait_per_day * (later - problem.days[0]).days
    return points
