"""Frozen visits: what was done or begun before `now`, written once and never planned again.

A technician's frozen visits of a day become the beginning of his day. The engine sees it as stops with
fixed times at one place, the place where he is; from there it plans the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from optimisers.model import PlannedVisit, Problem, Visit


@dataclass(frozen=True, slots=True)
class Facts:
    """A day as far as it is known, by position of technician and day.

    `free_from`: when the technician can leave the last frozen visit's place (matrix position `place`).
    `lunch_start` None: no room for lunch so far. `lost_lunch`: its time has passed without any.
    """

    technician: int
    day: int
    depart: int
    stops: tuple[PlannedVisit, ...]
    place: int
    free_from: int
    lunch_start: int | None
    lost_lunch: bool

    @property
    def end(self) -> int:
        """End of the last frozen visit."""
        return self.stops[-1].end_min

    def back(self, problem: Problem) -> int:
        """When the technician is at the end of his day if nothing is added."""
        home = problem.end_at(self.technician)
        return self.free_from + (0 if home is None else int(problem.travel.minutes[self.place, home]))


def facts_of(problem: Problem) -> dict[tuple[int, int], Facts]:
    """Known beginnings of days, by (technician, day)."""
    days = {day: number for number, day in enumerate(problem.days)}
    known: dict[tuple[int, int], list[Visit]] = defaultdict(list)
    for visit in problem.visits:
        if not visit.frozen or visit.pin is None or visit.pin.day not in days:
            continue
        for technician_id in crew_of(visit):
            known[problem.technician_number[technician_id], days[visit.pin.day]].append(visit)
    return {key: _facts(problem, *key, visits) for key, visits in sorted(known.items())}


def crew_of(visit: Visit) -> list[int]:
    """Technicians of a frozen visit: the pinned one, and for a crew those of the published plan."""
    pin = visit.pin
    assert pin is not None
    assert pin.technician_id is not None
    others = [slot.technician_id for slot in visit.published if slot.day == pin.day]
    return list(dict.fromkeys([pin.technician_id, *others]))[: visit.crew]


def start_of(visit: Visit) -> int:
    """Beginning of a frozen visit."""
    assert visit.pin is not None
    assert visit.pin.start_min is not None
    return visit.pin.start_min


def _facts(problem: Problem, technician: int, day: int, visits: Sequence[Visit]) -> Facts:
    ordered = sorted(visits, key=lambda visit: (start_of(visit), visit.visit_id))
    travel = problem.travel
    at = problem.home_at(technician)
    stops: list[PlannedVisit] = []
    depart = 0
    for visit in ordered:
        here = problem.visit_at(problem.visit_number[visit.visit_id])
        minutes, metres = int(travel.minutes[at, here]), int(travel.metres[at, here])
        start = start_of(visit)
        if not stops:
            depart = max(0, start - minutes)
        arrival = min(start, (stops[-1].end_min if stops else depart) + minutes)
        stops.append(
            PlannedVisit(visit.visit_id, arrival, start, start + visit.duration_min, metres, minutes)
        )
        at = here
    now, date = problem.now, problem.days[day]
    free_from = stops[-1].end_min
    if now is not None and now.day == date:
        free_from = max(free_from, now.minute)
    lunch = _lunch(problem, stops, free_from)
    rules = problem.rules
    lost = (
        lunch is None
        and rules.lunch_min > 0
        and depart < rules.lunch_from_min + rules.lunch_min
        and free_from > rules.lunch_until_min - rules.lunch_min
    )
    return Facts(technician, day, depart, tuple(stops), at, free_from, lunch, lost)


def _lunch(problem: Problem, stops: Sequence[PlannedVisit], free_from: int) -> int | None:
    """First free time that is long enough for lunch: at the door before a visit, or after the last one."""
    rules = problem.rules
    if not rules.lunch_min:
        return None
    free = [(stop.arrival_min, stop.start_min) for stop in stops]
    free.append((stops[-1].end_min, free_from))
    for begin, end in free:
        start = max(begin, rules.lunch_from_min)
        if start + rules.lunch_min <= min(end, rules.lunch_until_min):
            return start
    return None
