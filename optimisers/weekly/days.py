"""From orders to the days that technicians read: clock times of every stop."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from optimisers.model import PlannedVisit, Problem, TechnicianDay
from optimisers.routing.instance import NOWHERE, Instance
from optimisers.routing.schedule import Timing, schedule
from optimisers.weekly.compile import PSEUDO, Compiled
from optimisers.weekly.facts import Facts


def write_days(
    compiled: Compiled, orders: Sequence[Sequence[int]], via_depot: Sequence[int]
) -> tuple[TechnicianDay, ...]:
    """Days with work, by technician, then day. Raises ValueError for an order that has no lawful timing."""
    days = []
    for shift, order in enumerate(orders):
        if not order:
            continue
        timing = schedule(compiled.instance, shift, order, via_depot[shift])
        if timing is None:
            raise ValueError(f"shift {shift}: order {tuple(order)} has no lawful timing")
        days.append(_day(compiled, shift, order, via_depot[shift], timing))
    days += [_closed_day(compiled.problem, facts) for facts in compiled.closed]
    number = compiled.problem.technician_number
    return tuple(sorted(days, key=lambda day: (number[day.technician_id], day.day)))


def _closed_day(problem: Problem, facts: Facts) -> TechnicianDay:
    """Facts and the way home."""
    home = problem.end_at(facts.technician)
    return TechnicianDay(
        technician_id=problem.technicians[facts.technician].technician_id,
        day=problem.days[facts.day],
        depart_min=facts.depart,
        return_min=facts.end if home is None else facts.back(problem),
        lunch_start_min=facts.lunch_start,
        visits=facts.stops,
        return_m=0 if home is None else int(problem.travel.metres[facts.place, home]),
        return_travel_min=0 if home is None else int(problem.travel.minutes[facts.place, home]),
    )


def _day(
    compiled: Compiled, shift: int, order: Sequence[int], via_depot: int, timing: Timing
) -> TechnicianDay:
    problem, instance = compiled.problem, compiled.instance
    metres, minutes = problem.travel.metres, problem.travel.minutes
    technician = compiled.shifts[shift].technician
    facts = compiled.facts.get(shift)
    stops: list[PlannedVisit] = list(facts.stops) if facts else []
    at = facts.place if facts else problem.home_at(technician)
    for position, element in enumerate(order):
        number = int(compiled.visit_of[element])
        if number == PSEUDO:
            continue
        here = problem.visit_at(number)
        through = position == via_depot
        path = [at, int(instance.depot_at), here] if through else [at, here]
        travel = sum(int(minutes[a, b]) for a, b in itertools.pairwise(path))
        start = round(timing.starts[position])
        stops.append(
            PlannedVisit(
                visit_id=problem.visits[number].visit_id,
                arrival_min=round(timing.arrivals[position]),
                start_min=start,
                end_min=start + problem.visits[number].duration_min,
                travel_m=sum(int(metres[a, b]) for a, b in itertools.pairwise(path)),
                travel_min=travel + (round(instance.depot_min) if through else 0),
                via_depot=through,
            )
        )
        at = here
    home = int(instance.end_at[shift])
    lunch = None if timing.pause_start is None else round(timing.pause_start)
    if facts:
        lunch = None if facts.lost_lunch else (facts.lunch_start if facts.lunch_start is not None else lunch)
    return TechnicianDay(
        technician_id=problem.technicians[technician].technician_id,
        day=problem.days[compiled.shifts[shift].day],
        depart_min=facts.depart if facts else round(timing.depart),
        return_min=stops[-1].end_min if home == NOWHERE else round(timing.back),
        lunch_start_min=lunch,
        visits=tuple(stops),
        return_m=0 if home == NOWHERE else int(metres[at, home]),
        return_travel_min=0 if home == NOWHERE else int(minutes[at, home]),
    )


def orders_of(compiled: Compiled, plan: Sequence[TechnicianDay]) -> tuple[list[list[int]], list[int]]:
    """Orders and depot passages of a plan on this instance; what it no longer knows is left out."""
    shift_at = {
        (problem_technician, day): number
        for number, (problem_technician, day) in enumerate((s.technician, s.day) for s in compiled.shifts)
    }
    day_number = {day: number for number, day in enumerate(compiled.problem.days)}
    orders: list[list[int]] = [[] for _ in compiled.shifts]
    via_depot = [NOWHERE for _ in compiled.shifts]
    free = {number: list(elements) for number, elements in compiled.elements.items()}
    for element, number in enumerate(compiled.visit_of.tolist()):
        if number == PSEUDO:
            shift = int(compiled.instance.choice_cost[:, element].argmin())
            orders[shift].append(element)
    for day in plan:
        technician = compiled.problem.technician_number.get(day.technician_id)
        shift = shift_at.get((technician, day_number.get(day.day, -1)))
        if shift is None:
            continue
        for stop in day.visits:
            number = compiled.problem.visit_number.get(stop.visit_id, -1)
            passed = stop.via_depot or via_depot[shift] != NOWHERE
            element = _member(compiled, shift, orders[shift], free.get(number, []), passed)
            if element is None:
                continue
            free[number].remove(element)
            if stop.via_depot and via_depot[shift] == NOWHERE:
                via_depot[shift] = len(orders[shift])
            orders[shift].append(element)
    return orders, via_depot


def _member(
    compiled: Compiled, shift: int, order: Sequence[int], elements: Sequence[int], passed: bool
) -> int | None:
    """First of a visit's copies that this shift may make, one that its van can serve if there is any.

    Only the first copy of a crew's visit needs tools and parts: it is for the member who carries them.
    """
    allowed = [e for e in elements if compiled.instance.choice_cost[shift, e] < float("inf")]
    carried = (e for e in allowed if passed or _carries(compiled.instance, shift, [*order, e]))
    return next(carried, allowed[0] if allowed else None)


def _carries(instance: Instance, shift: int, elements: Sequence[int]) -> bool:
    """Whether the van has the tools and parts of all of them, without the depot."""
    tools = instance.needs_tool[elements].any(axis=0)
    parts = instance.needs_part[elements].sum(axis=0)
    stock = instance.has_part[instance.shift_technician[shift]]
    return bool((instance.has_tool[shift] | ~tools).all() and (parts <= stock).all())
