"""From an order and its timing to the day a technician reads."""

from __future__ import annotations

from collections.abc import Sequence

from optimisers.model import PlannedVisit, TechnicianDay
from optimisers.search.compiled import CompiledProblem, Shift
from optimisers.search.timing import Timing


def write_day(compiled: CompiledProblem, shift: Shift, order: Sequence[int], timing: Timing) -> TechnicianDay:
    """Clock times of every stop: drive at once, wait at the door, begin as early as allowed."""
    problem, rules = compiled.problem, compiled.rules
    clock, at, lunch_start = timing.depart_min, shift.technician, None
    visits = []
    for leg, visit in enumerate(order):
        if leg == timing.lunch_leg and not timing.lunch_after_driving:
            lunch_start = max(clock, rules.lunch_from_min)
            clock = lunch_start + rules.lunch_min
        here = compiled.first_visit + visit
        travel = compiled.minutes[at][here]
        arrival = clock + travel
        ready = arrival
        if leg == timing.lunch_leg and timing.lunch_after_driving:
            lunch_start = max(arrival, rules.lunch_from_min)
            ready = lunch_start + rules.lunch_min
        start = max(ready, compiled.earliest[visit])
        clock = start + compiled.service[visit]
        visits.append(
            PlannedVisit(
                problem.visits[visit].visit_id, arrival, start, clock, compiled.metres[at][here], travel
            )
        )
        at = here
    if timing.lunch_leg == len(order):
        lunch_start = max(clock, rules.lunch_from_min)
        clock = lunch_start + rules.lunch_min
    back = compiled.minutes[at][shift.technician]
    return TechnicianDay(
        technician_id=problem.technicians[shift.technician].technician_id,
        day=problem.days[shift.day],
        depart_min=timing.depart_min,
        return_min=clock + back,
        lunch_start_min=lunch_start,
        visits=tuple(visits),
        return_m=compiled.metres[at][shift.technician],
        return_travel_min=back,
    )
