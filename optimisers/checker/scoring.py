"""The cost of a plan, recomputed from the problem's weights as documented in `Weights`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from optimisers.checker.ground import Ground
from optimisers.checker.working_time import worked_min
from optimisers.model import Costs, Problem, TechnicianDay, Unassigned, Visit


def score(
    problem: Problem, plan: Sequence[TechnicianDay], unassigned: Sequence[Unassigned]
) -> tuple[Costs, float]:
    """Costs by term, points, and kilometres driven by all. Unknown technicians and visits count nothing.

    A crew drives with each of its members, may leave the zone and the published plan with each, but is late
    or waited for only once: on the last day on which the plan has it.
    """
    ground = Ground(problem)
    known = [day for day in plan if day.technician_id in ground.technicians]
    metres = sum(_metres(ground, day) for day in known)
    hours = {technician_id: 0.0 for technician_id in ground.technicians}
    zone = changes = lateness = wait = 0.0
    for day in known:
        hours[day.technician_id] += worked_min(ground, day) / 60
        zone += problem.weights.outside_zone * _outside_zone(ground, day)
        changes += problem.weights.moved * _moved(ground, day)
    for visit, days in _made(ground, known).items():
        last = max(days)
        late, waited = _delays(problem, ground.visits[visit], (last - problem.days[0]).days)
        lateness += late
        wait += waited
        changes += _broken_promise(problem, ground.visits[visit], days)
    skipped = [ground.visits[item.visit_id] for item in unassigned if item.visit_id in ground.visits]
    left = sum(_left_out(problem, visit) for visit in skipped)
    km = metres / 1000
    balance = problem.weights.balance_per_hour2 * _squared_deviations(problem, hours)
    return Costs(problem.weights.per_km * km, balance, lateness, wait, zone, changes, left), km


def _metres(ground: Ground, day: TechnicianDay) -> int:
    stops = ground.stops(day)
    if not stops:
        return 0
    back = ground.way_back(day.technician_id, ground.last_place(day))
    return sum(leg.metres for _, _, leg in stops) + back.metres


def _made(ground: Ground, plan: Sequence[TechnicianDay]) -> dict[int, list[date]]:
    """Days on which each known visit is made."""
    made: dict[int, list[date]] = defaultdict(list)
    for day in plan:
        for stop in day.visits:
            if stop.visit_id in ground.visits:
                made[stop.visit_id].append(day.day)
    return made


def _outside_zone(ground: Ground, day: TechnicianDay) -> int:
    zone = ground.technicians[day.technician_id].preferred_zone
    zones = [visit.zone for _, visit, _ in ground.stops(day)]
    return sum(zone is not None and other is not None and zone != other for other in zones)


def _moved(ground: Ground, day: TechnicianDay) -> int:
    """Visits of the day that a plan in force has, but not with this technician on this day."""
    count = 0
    for _, visit, _ in ground.stops(day):
        slots = {(slot.technician_id, slot.day) for slot in visit.published}
        count += bool(slots) and (day.technician_id, day.day) not in slots
    return count


def _broken_promise(problem: Problem, visit: Visit, days: Sequence[date]) -> float:
    promise = visit.appointment
    if promise is None or not promise.movable or all(day == promise.day for day in days):
        return 0.0
    today = problem.days[0] if problem.now is None else problem.now.day
    notice = max(0, (promise.day - today).days)
    return problem.weights.broken_promise / (1 + notice)


def _delays(problem: Problem, visit: Visit, after_first: int) -> tuple[float, float]:
    """Points for lateness and for an urgent wait of a visit made so many days after the first day."""
    weights = problem.weights
    day = problem.days[0] + timedelta(days=after_first)
    late = 0 if visit.due is None else max(0, (day - visit.due).days)
    lateness = weights.lateness_per_day * late * (weights.urgent_factor if visit.urgent else 1.0)
    return lateness, weights.urgent_wait_per_day * after_first if visit.urgent else 0.0


def _squared_deviations(problem: Problem, hours: dict[int, float]) -> float:
    """Contract hours of the days without a whole day's absence are what a fair share is in proportion to."""
    available = {
        t.technician_id: t.hours_per_day * sum(day not in t.absent_on for day in problem.days)
        for t in problem.technicians
    }
    total, worked = sum(available.values()), sum(hours.values())
    if total == 0:
        return sum(own**2 for own in hours.values())
    return sum((hours[t] - worked * available[t] / total) ** 2 for t in available)


def _left_out(problem: Problem, visit: Visit) -> float:
    weights = problem.weights
    later = problem.days[-1] + timedelta(days=weights.unassigned_delay_days)
    awaited = visit.urgent or visit.appointment or visit.pin or visit.published
    if not awaited and visit.due is not None and visit.due >= later:
        return weights.unassigned_waiting
    points = weights.unassigned + (weights.unassigned_urgent if visit.urgent else 0.0)
    points += weights.unassigned_appointment if visit.appointment is not None else 0.0
    return points * visit.priority + sum(_delays(problem, visit, (later - problem.days[0]).days))
