"""A slow and simple planner for tests: appends visits day by day, and keeps far from every limit.

It shares nothing with the solvers or the checker: what it makes must be lawful, and rarely good.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from optimisers.model import (
    PlannedVisit,
    Problem,
    Technician,
    TechnicianDay,
    Unassigned,
    Visit,
    places_of,
)

REST_MIN, DAY_MIN = 11 * 60, 24 * 60


@dataclass
class Draft:
    """A day being written: where the technician is, since when, and what he has passed."""

    technician: int
    day: date
    earliest: int
    latest: int
    place: int
    free_from: int
    stops: list[PlannedVisit] = field(default_factory=list)
    lunch: int | None = None
    passed_depot: bool = False
    facts: bool = False


@dataclass(frozen=True)
class Step:
    """How a visit could be appended."""

    stop: PlannedVisit
    lunch: int | None


class Naive:
    """Plans a problem: `Naive(problem, seed).plan()` gives days and unassigned visits."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.chance = problem, random.Random(seed)
        places = places_of(problem.technicians, problem.visits, problem.depot)
        self.crew = len(problem.technicians)
        self.depot = self.crew + len(problem.visits) if problem.depot else None
        ends = len(places) - sum(t.end is not None for t in problem.technicians)
        self.ends: list[int | None] = []
        for number, technician in enumerate(problem.technicians):
            self.ends.append(None if technician.open_end else ends if technician.end else number)
            ends += technician.end is not None
        self.stock = [dict(t.stock) for t in problem.technicians]
        self.minutes = [0.0] * self.crew
        self.worked_days: list[list[tuple[date, int]]] = [[] for _ in problem.technicians]
        self.done: dict[int, tuple[date, int]] = {}

    def plan(self) -> tuple[tuple[TechnicianDay, ...], tuple[Unassigned, ...]]:
        made = []
        waiting = [v for v in self.problem.visits if not v.frozen]
        self.chance.shuffle(waiting)
        for day in self.problem.days:
            drafts = [d for n in range(self.crew) if (d := self._opened(n, day)) is not None]
            progress = True
            while progress:
                progress = False
                for visit in list(waiting):
                    if self._append(drafts, visit, day):
                        waiting.remove(visit)
                        progress = True
            for draft in drafts:
                if draft.stops:
                    made.append(self._closed(draft))
        left = tuple(Unassigned(v.visit_id, "capacite", "plus de place") for v in waiting)
        return tuple(made), left

    def _opened(self, number: int, day: date) -> Draft | None:
        problem, technician = self.problem, self.problem.technicians[number]
        rules, now = problem.rules, problem.now
        earliest, latest = rules.day_start_min, rules.day_end_min
        draft = Draft(number, day, earliest, latest, number, earliest)
        self._write_facts(draft)
        for absence in technician.absences:
            if absence.day == day and absence.from_min <= rules.day_start_min:
                earliest = max(earliest, absence.until_min)
            elif absence.day == day:
                latest = min(latest, absence.from_min)
        if now is not None and day == now.day:
            earliest = max(earliest, now.minute)
        closed = day in technician.absent_on or (now is not None and day < now.day)
        if closed or not self._may_work(technician, number, day):
            return draft if draft.stops else None
        latest = min(latest, rules.day_start_min + DAY_MIN - REST_MIN - 60)
        draft.earliest, draft.latest = earliest, latest
        draft.free_from = max(draft.free_from, earliest) if draft.stops else earliest
        if draft.facts:
            # Nothing is added to a day whose lunch time may be gone.
            draft.latest = 0 if draft.free_from > rules.lunch_from_min else latest
        return draft

    def _write_facts(self, draft: Draft) -> None:
        technician_id = self.problem.technicians[draft.technician].technician_id
        facts = []
        for number, visit in enumerate(self.problem.visits):
            if visit.frozen and visit.pin is not None and visit.pin.day == draft.day:
                who = {visit.pin.technician_id} | {s.technician_id for s in visit.published}
                if technician_id in who:
                    facts.append((visit.pin.start_min or 0, number, visit))
        for start, number, visit in sorted(facts, key=lambda fact: fact[:2]):
            here = self.crew + number
            metres, minutes = self._leg(draft.place, here)
            end = start + visit.duration_min
            draft.stops.append(PlannedVisit(visit.visit_id, start, start, end, metres, minutes))
            draft.place, draft.free_from, draft.facts = here, end, True
            self.done[visit.visit_id] = (draft.day, end)
            for part, quantity in visit.parts.items():
                self.stock[draft.technician][part] = self.stock[draft.technician].get(part, 0) - quantity

    def _may_work(self, technician: Technician, number: int, day: date) -> bool:
        rules = self.problem.rules
        lifted = {
            d.limit
            for d in rules.derogations
            if d.technician_id in (None, technician.technician_id)
            and d.first_day <= day <= d.last_day
            and d.value == 0
        }
        if day in rules.holidays and rules.law.holidays_off and "holidays_off" not in lifted:
            return False
        week = [d for d, _ in self.worked_days[number] if day - d < timedelta(days=7)]
        if day.weekday() == 6:
            rested = not any(day - d < timedelta(days=2) for d in week)
            return "sunday_off" in lifted and rested and len(week) <= 3
        after_sunday = any(d.weekday() == 6 for d in week)
        return len(week) < (3 if after_sunday else 6)

    def _leg(self, origin: int, here: int) -> tuple[int, int]:
        travel = self.problem.travel
        return int(travel.metres[origin, here]), int(travel.minutes[origin, here])

    def _append(self, drafts: Sequence[Draft], visit: Visit, day: date) -> bool:
        """Find technicians of the whole crew who can begin together."""
        not_before = 0
        for before in visit.after:
            if before not in self.done:
                return False
            if self.done[before][0] == day:
                not_before = max(not_before, self.done[before][1])
        able = [d for d in drafts if d.latest > 0 and self._qualified(d, visit)]
        self.chance.shuffle(able)
        pinned = visit.pin.technician_id if visit.pin else None
        able.sort(key=lambda d: self.problem.technicians[d.technician].technician_id != pinned)
        members: list[Draft] = []
        start = not_before
        for draft in able:
            technician_id = self.problem.technicians[draft.technician].technician_id
            if pinned is not None and not members and technician_id != pinned:
                return False
            step = self._step(draft, visit, start, exact=False)
            if step is None:
                continue
            later = step.stop.start_min
            if all(self._step(m, visit, later, exact=True) for m in members):
                members.append(draft)
                start = later
            if len(members) == visit.crew:
                break
        if len(members) < visit.crew:
            return False
        steps = [self._step(m, visit, start, exact=True) for m in members]
        if any(step is None for step in steps):
            return False
        for member, step in zip(members, steps, strict=True):
            assert step is not None
            self._take(member, visit, step)
        return True

    def _qualified(self, draft: Draft, visit: Visit) -> bool:
        held = self.problem.technicians[draft.technician].skills
        return all(held.get(skill, 0) >= level for skill, level in visit.skills.items())

    def _starts(self, visit: Visit, day: date) -> list[tuple[int, int]]:
        pin, promise = visit.pin, visit.appointment
        if pin is not None and pin.day not in (None, day):
            return []
        if promise is not None and promise.day == day:
            spans = [(promise.start_min, promise.end_min)]
        elif promise is not None and not promise.movable:
            return []
        else:
            spans = [
                (w.start_min, w.end_min - visit.duration_min)
                for w in visit.windows
                if w.day is None or w.day == day
            ]
        if pin is not None and pin.start_min is not None:
            spans = [(pin.start_min, pin.start_min) for a, b in spans if a <= pin.start_min <= b]
        return sorted(span for span in spans if span[0] <= span[1])

    def _step(self, draft: Draft, visit: Visit, not_before: int, exact: bool) -> Step | None:
        """The earliest lawful way to append the visit, beginning at or (exactly) at a given minute."""
        here = self.crew + self.problem.visits.index(visit)
        for via_depot in (False, True):
            if self._equipped(draft, visit, via_depot):
                for lunch_first in (False, True):
                    step = self._timed(draft, visit, here, via_depot, lunch_first, not_before, exact)
                    if step is not None:
                        return step
        return None

    def _equipped(self, draft: Draft, visit: Visit, via_depot: bool) -> bool:
        if via_depot:
            return self.depot is not None and not draft.passed_depot
        if draft.passed_depot:
            return True
        own = self.stock[draft.technician]
        held = self.problem.technicians[draft.technician].tools
        return visit.tools <= held and all(own.get(p, 0) >= q for p, q in visit.parts.items())

    def _timed(self, draft, visit, here, via_depot, lunch_first, not_before, exact) -> Step | None:
        rules, depot = self.problem.rules, self.problem.depot
        free, lunch = draft.free_from, draft.lunch
        if lunch_first:
            lunch = max(free, rules.lunch_from_min)
            if draft.lunch is not None or not draft.stops or draft.facts:
                return None
            if lunch + rules.lunch_min > rules.lunch_until_min or not rules.lunch_min:
                return None
            free = lunch + rules.lunch_min
        if via_depot:
            first, second = self._leg(draft.place, self.depot), self._leg(self.depot, here)
            at_depot = max(free + first[1], depot.open_from_min)
            if at_depot + depot.handling_min > depot.open_until_min:
                return None
            metres, minutes = first[0] + second[0], first[1] + depot.handling_min + second[1]
            arrival = at_depot + depot.handling_min + second[1]
        else:
            metres, minutes = self._leg(draft.place, here)
            arrival = free + minutes
        spans = [(max(a, arrival, not_before), b) for a, b in self._starts(visit, draft.day)]
        starts = [a for a, b in spans if a <= b]
        if exact:
            starts = [not_before] if any(a <= not_before <= b for a, b in spans) else []
        if not starts:
            return None
        start = starts[0]
        if not draft.stops and not via_depot:
            arrival = start
        end = start + visit.duration_min
        stop = PlannedVisit(visit.visit_id, arrival, start, end, metres, minutes, via_depot)
        step = Step(stop, lunch)
        return step if self._keeps_hours(draft, step, here) else None

    def _back(self, draft: Draft, here: int) -> tuple[int, int]:
        end = self.ends[draft.technician]
        return (0, 0) if end is None else self._leg(here, end)

    def _keeps_hours(self, draft: Draft, step: Step, here: int) -> bool:
        """Inside the day, the contract, the law's day and week, six hours without pause, and lunch."""
        rules = self.problem.rules
        technician = self.problem.technicians[draft.technician]
        back = step.stop.end_min + self._back(draft, here)[1]
        depart = self._depart(draft, step.stop)
        if back > draft.latest or depart < (0 if draft.facts else draft.earliest):
            return False
        eaten = rules.lunch_min if step.lunch is not None else 0
        worked = back - depart - eaten
        week = technician.hours_done * 60 + self.minutes[draft.technician] + worked
        if worked > min(technician.hours_per_day * 60, rules.law.max_day_min) or week > 35 * 60:
            return False
        if sum(technician.hours_before[-11:]) * 60 + week > rules.law.max_average_week_min * 12:
            return False
        if step.lunch is None:
            free = back <= rules.lunch_until_min - rules.lunch_min
            free |= depart >= rules.lunch_from_min + rules.lunch_min
            return worked <= 360 and (free or not rules.lunch_min)
        before, after = step.lunch - depart, back - step.lunch - rules.lunch_min
        if rules.lunch_min < rules.law.short_pause_min:
            return back - depart <= 360
        return max(before, after) <= 360

    def _depart(self, draft: Draft, first: PlannedVisit) -> int:
        stop = draft.stops[0] if draft.stops else first
        return draft.earliest if stop.via_depot else stop.arrival_min - stop.travel_min

    def _take(self, draft: Draft, visit: Visit, step: Step) -> None:
        draft.stops.append(step.stop)
        draft.lunch, draft.free_from = step.lunch, step.stop.end_min
        draft.place = self.crew + self.problem.visits.index(visit)
        draft.passed_depot |= step.stop.via_depot
        self.done[visit.visit_id] = (draft.day, step.stop.end_min)
        if not draft.passed_depot:
            for part, quantity in visit.parts.items():
                own = self.stock[draft.technician]
                own[part] = own.get(part, 0) - quantity

    def _closed(self, draft: Draft) -> TechnicianDay:
        metres, minutes = self._back(draft, draft.place)
        depart = self._depart(draft, draft.stops[0])
        back = draft.stops[-1].end_min + minutes
        eaten = self.problem.rules.lunch_min if draft.lunch is not None else 0
        self.minutes[draft.technician] += back - depart - eaten
        self.worked_days[draft.technician].append((draft.day, back))
        technician_id = self.problem.technicians[draft.technician].technician_id
        return TechnicianDay(
            technician_id, draft.day, depart, back, draft.lunch, tuple(draft.stops), metres, minutes
        )
