"""Times of a day whose order is given: latest departure, earliest return, lunch in its best place.

A partial day is (early, work, late): leaving home at d it ends at max(early, d + work), for any d ≤ late.
Adding a leg or a service keeps that form (Savelsbergh 1992), so the best departure is known without
searching.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from optimisers.search.compiled import CompiledProblem, Shift

NO_LUNCH = -1


@dataclass(frozen=True, slots=True)
class Timing:
    """Minutes after midnight; `work_min` excludes lunch, taken on leg `lunch_leg` before or after driving."""

    depart_min: int
    return_min: int
    work_min: int
    lunch_leg: int = NO_LUNCH
    lunch_after_driving: bool = False


def best_timing(compiled: CompiledProblem, shift: Shift, order: Sequence[int]) -> Timing | None:
    """Least working time for visits (positions) in this order, or None when no lawful timing exists."""
    rules = compiled.rules
    visits_at = compiled.first_visit
    stops = [shift.technician, *[visits_at + visit for visit in order], shift.technician]
    legs = [compiled.minutes[a][b] for a, b in itertools.pairwise(stops)]
    prefixes = [(rules.day_start_min, 0, rules.day_end_min)]
    for leg, visit in zip(legs, order, strict=False):
        state = _serve(compiled, prefixes[-1], leg, visit)
        if state is None:
            return None
        prefixes.append(state)
    best = _lunch_at_home(compiled, shift, prefixes[-1], legs[-1])
    if best is not None or rules.lunch_min == 0:
        return best
    for leg in range(len(legs)):
        for after_driving in (False, True):
            # Lunch before leaving or after coming home is lunch at home, tried above.
            if (leg == 0 and not after_driving) or (leg == len(order) and after_driving):
                continue
            timing = _with_lunch(compiled, shift, order, legs, prefixes[leg], leg, after_driving)
            if timing and (
                best is None or (timing.work_min, timing.return_min) < (best.work_min, best.return_min)
            ):
                best = timing
    return best


def _serve(
    compiled: CompiledProblem, state: tuple[int, int, int], travel_min: int, visit: int
) -> tuple[int, int, int] | None:
    early, work, late = state[0] + travel_min, state[1] + travel_min, state[2]
    opening, closing = compiled.earliest[visit], compiled.latest[visit]
    if early > closing:
        return None
    service = compiled.service[visit]
    return max(early, opening) + service, work + service, min(late, closing - work)


def _eat(compiled: CompiledProblem, state: tuple[int, int, int]) -> tuple[int, int, int] | None:
    rules = compiled.rules
    last_start = rules.lunch_until_min - rules.lunch_min
    if state[0] > last_start:
        return None
    early = max(state[0], rules.lunch_from_min) + rules.lunch_min
    return early, state[1] + rules.lunch_min, min(state[2], last_start - state[1])


def _lunch_at_home(
    compiled: CompiledProblem, shift: Shift, state: tuple[int, int, int], leg: int
) -> Timing | None:
    """The day without a break inside: back before the last lunch, or gone after the first."""
    rules = compiled.rules
    early, work = state[0] + leg, state[1] + leg
    late = min(state[2], rules.day_end_min - work)
    if early > rules.day_end_min or late < rules.day_start_min:
        return None
    depart = min(late, early - work)
    back = early
    if rules.lunch_min and early > rules.lunch_until_min - rules.lunch_min:
        depart = max(depart, rules.lunch_from_min + rules.lunch_min)
        if depart > late:
            return None
        back = max(early, depart + work)
    return Timing(depart, back, back - depart) if back - depart <= shift.max_work_min else None


def _with_lunch(
    compiled: CompiledProblem,
    shift: Shift,
    order: Sequence[int],
    legs: Sequence[int],
    prefix: tuple[int, int, int],
    leg: int,
    after_driving: bool,
) -> Timing | None:
    rules = compiled.rules
    drive = legs[leg]
    if after_driving:
        eaten = _eat(compiled, (prefix[0] + drive, prefix[1] + drive, prefix[2]))
        remaining = 0
    else:
        eaten = _eat(compiled, prefix)
        remaining = drive
    if eaten is None:
        return None
    state = eaten
    for position in range(leg, len(order)):
        served = _serve(compiled, state, remaining, order[position])
        if served is None:
            return None
        state, remaining = served, legs[position + 1]
    early, work = state[0] + remaining, state[1] + remaining
    late = min(state[2], rules.day_end_min - work)
    if early > rules.day_end_min or late < rules.day_start_min:
        return None
    depart = min(late, early - work)
    worked = early - depart - rules.lunch_min
    return Timing(depart, early, worked, leg, after_driving) if worked <= shift.max_work_min else None
