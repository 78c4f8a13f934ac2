"""The clock of a day: driving takes its time, the depot is open, lunch is free, the day has its hours."""

from __future__ import annotations

from collections.abc import Iterator

from optimisers.checker.ground import Ground, Leg, name_of
from optimisers.checker.report import Violation
from optimisers.model import Depot, TechnicianDay


def clock(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """Legs as long as the matrix says and reported as it says, depot passages, overlaps with lunch."""
    free_from = day.depart_min
    lunch = _lunch_of(ground, day)
    for stop, visit, leg in ground.stops(day):
        name = f"visit {stop.visit_id}"
        if not visit.frozen:
            if stop.via_depot:
                yield from _depot(ground.problem.depot, name, free_from, stop.arrival_min, leg, lunch)
            if stop.arrival_min - free_from < leg.minutes:
                detail = f"{stop.arrival_min - free_from} min to arrive, the way takes {leg.minutes}"
                yield Violation("travel_too_short", name, detail)
            if stop.start_min < stop.arrival_min:
                detail = f"starts {stop.start_min}, arrives {stop.arrival_min}"
                yield Violation("starts_before_arrival", name, detail)
            if leg.to_depot_min is None and _meet(lunch, stop.arrival_min - leg.minutes, stop.arrival_min):
                yield Violation("lunch_overlaps_work", name_of(day), f"{lunch} overlaps the way to {name}")
        if _meet(lunch, stop.start_min, stop.end_min):
            yield Violation("lunch_overlaps_work", name_of(day), f"{lunch} overlaps {name}")
        yield from _reported(name, (stop.travel_m, stop.travel_min), leg)
        free_from = stop.end_min
    back = ground.way_back(day.technician_id, ground.last_place(day)) if day.visits else Leg(0, 0)
    if day.visits and day.return_min - free_from < back.minutes:
        detail = f"{day.return_min - free_from} min to be back, the way takes {back.minutes}"
        yield Violation("travel_too_short", name_of(day), detail)
    if _meet(lunch, day.return_min - back.minutes, day.return_min):
        yield Violation("lunch_overlaps_work", name_of(day), f"{lunch} overlaps the way back")
    yield from _reported(name_of(day), (day.return_m, day.return_travel_min), back)


def lunch_rules(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """Lunch inside its window, or a day that leaves its time free at home."""
    rules = ground.problem.rules
    if not ground.judged(day) or rules.lunch_min == 0:
        return
    lunch = _lunch_of(ground, day)
    if lunch is not None:
        if lunch[0] < rules.lunch_from_min or lunch[1] > rules.lunch_until_min:
            detail = f"{lunch[0]}–{lunch[1]} outside {rules.lunch_from_min}–{rules.lunch_until_min}"
            yield Violation("lunch_outside_window", name_of(day), detail)
        return
    back_in_time = day.return_min <= rules.lunch_until_min - rules.lunch_min
    gone_late = day.depart_min >= rules.lunch_from_min + rules.lunch_min
    if not back_in_time and not gone_late and lunch_lost_until(ground, day) is None:
        detail = f"away {day.depart_min}–{day.return_min}, no lunch of {rules.lunch_min} min in its window"
        yield Violation("lunch_missing", name_of(day), detail)


def lunch_lost_until(ground: Ground, day: TechnicianDay) -> int | None:
    """Until when facts last, if they leave no room for lunch any more; None otherwise."""
    problem = ground.problem
    ends = [stop.end_min for stop, visit, _ in ground.stops(day) if visit.frozen]
    if not ends:
        return None
    if problem.now is not None and problem.now.day == day.day:
        ends.append(problem.now.minute)
    last_lunch = problem.rules.lunch_until_min - problem.rules.lunch_min
    return max(ends) if max(ends) > last_lunch else None


def day_hours(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """The company's working day, from leaving to coming back; a departure that is a fact is not judged."""
    rules = ground.problem.rules
    if not ground.judged(day):
        return
    departs = rules.day_start_min if ground.stops(day)[0][1].frozen else day.depart_min
    if departs < rules.day_start_min or day.return_min > rules.day_end_min:
        detail = f"away {day.depart_min}–{day.return_min}, allowed {rules.day_start_min}–{rules.day_end_min}"
        yield Violation("outside_working_day", name_of(day), detail)


def _lunch_of(ground: Ground, day: TechnicianDay) -> tuple[int, int] | None:
    start, length = day.lunch_start_min, ground.problem.rules.lunch_min
    return (start, start + length) if start is not None and length and day.visits else None


def _meet(lunch: tuple[int, int] | None, begin: int, end: int) -> bool:
    return lunch is not None and begin < end and lunch[0] < end and begin < lunch[1]


def _depot(
    depot: Depot | None,
    subject: str,
    free_from: int,
    arrival: int,
    leg: Leg,
    lunch: tuple[int, int] | None,
) -> Iterator[Violation]:
    """A passage begins inside opening hours between the two drives, and lunch cuts none of the three."""
    if depot is None or leg.to_depot_min is None:
        yield Violation("depot_unknown", subject, "by way of a depot, but the problem has none")
        return
    onward = leg.minutes - leg.to_depot_min - depot.handling_min
    last = depot.open_until_min - depot.handling_min
    earliest = max(free_from + leg.to_depot_min, depot.open_from_min)
    if earliest > last or earliest + depot.handling_min + onward > arrival:
        # Too little time without the opening hours is the leg's own fault, named there.
        if arrival - free_from >= leg.minutes:
            hours = f"{depot.open_from_min}–{depot.open_until_min}"
            detail = f"depot reached at {free_from + leg.to_depot_min} at the earliest, open {hours}"
            yield Violation("depot_closed", subject, detail)
        return
    if not _meet(lunch, free_from, arrival) or lunch is None:
        return
    before = max(earliest, lunch[1] + leg.to_depot_min)
    at_depot = max(earliest, lunch[1]) if free_from + leg.to_depot_min <= lunch[0] else last + 1
    fits = any(s <= last and s + depot.handling_min + onward <= arrival for s in (before, at_depot))
    if not fits and not (earliest + depot.handling_min <= lunch[0] and lunch[1] + onward <= arrival):
        detail = f"{lunch[0]}–{lunch[1]} overlaps the way by the depot"
        yield Violation("lunch_overlaps_work", subject, detail)


def _reported(subject: str, found: tuple[int, int], leg: Leg) -> Iterator[Violation]:
    if found != (leg.metres, leg.minutes):
        detail = f"leg {found[0]} m, {found[1]} min; the matrix says {leg.metres} m, {leg.minutes} min"
        yield Violation("leg_misreported", subject, detail)
