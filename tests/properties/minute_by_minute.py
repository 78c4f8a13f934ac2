"""The rules once more, as plainly as possible and minute by minute, to judge the checker itself.

Problems without facts only (nothing frozen, no `now`). Says whether a plan is lawful, not why it is not.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from optimisers.model import Problem, TechnicianDay, Unassigned

PARIS, EPOCH = ZoneInfo("Europe/Paris"), datetime(2020, 1, 1, tzinfo=ZoneInfo("UTC"))


def real_minute(day: date, minute: int) -> int:
    """Minutes since 2020 in UTC of a minute of a French day."""
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return int((naive.replace(tzinfo=PARIS) - EPOCH).total_seconds() // 60)


class Judge:
    """One plan of one problem."""

    def __init__(self, problem: Problem, plan: Sequence[TechnicianDay], left: Sequence[Unassigned]) -> None:
        self.problem, self.plan, self.left = problem, plan, left
        self.number = {v.visit_id: n for n, v in enumerate(problem.visits)}
        self.person = {t.technician_id: n for n, t in enumerate(problem.technicians)}
        self.base = len(problem.technicians)
        self.depot = self.base + len(problem.visits)

    def lawful(self) -> bool:
        """Whether every rule holds."""
        if any(day.technician_id not in self.person for day in self.plan):
            return False
        if any(stop.visit_id not in self.number for day in self.plan for stop in day.visits):
            return False
        return (
            self._everything_once()
            and all(self._day(day) for day in self.plan)
            and self._equipped()
            and all(self._person(technician_id) for technician_id in self.person)
        )

    def limit(self, name: str, who: int, day: date) -> int:
        given = [
            d.value
            for d in self.problem.rules.derogations
            if d.limit == name and d.technician_id in (None, who) and d.first_day <= day <= d.last_day
        ]
        freer = min if "rest" in name or "off" in name else max
        return freer(given) if given else getattr(self.problem.rules.law, name)

    def week_limit(self, name: str, who: int, week: tuple[int, int]) -> int:
        values = [self.limit(name, who, d) for d in self.problem.days if d.isocalendar()[:2] == week]
        return max(values) if "rest" in name else min(values)

    def _everything_once(self) -> bool:
        if any(c > 1 for c in Counter((d.technician_id, d.day) for d in self.plan).values()):
            return False
        left = Counter(item.visit_id for item in self.left)
        if set(left) - set(self.number) or not all(item.reason.strip() for item in self.left):
            return False
        where = {v: [(d, s) for d in self.plan for s in d.visits if s.visit_id == v] for v in self.number}
        for visit in self.problem.visits:
            found = where[visit.visit_id]
            people = [d.technician_id for d, _ in found]
            if not found:
                if left[visit.visit_id] != 1 or visit.pin is not None:
                    return False
                continue
            together = len(set(people)) == len(people) == visit.crew
            if left[visit.visit_id] or not together or len({(d.day, s.start_min) for d, s in found}) > 1:
                return False
            if visit.pin is not None and visit.pin.technician_id not in (None, *people):
                return False
            day, stop = found[0]
            for before in visit.after:
                firsts = [(d.day, s.end_min) for d, s in where[before]]
                if not firsts or max(firsts) > (day.day, stop.start_min):
                    return False
        return True

    def _minutes(self, a: int, b: int) -> int:
        return int(self.problem.travel.minutes[a, b])

    def _metres(self, a: int, b: int) -> int:
        return int(self.problem.travel.metres[a, b])

    def _day(self, day: TechnicianDay) -> bool:
        """Walks through one day with the minutes of lunch blocked."""
        rules, person = self.problem.rules, self.person[day.technician_id]
        technician = self.problem.technicians[person]
        if day.day not in self.problem.days:
            return False
        if not day.visits:
            return (day.return_m, day.return_travel_min) == (0, 0)
        lunch = range(0)
        if day.lunch_start_min is not None and rules.lunch_min:
            lunch = range(day.lunch_start_min, day.lunch_start_min + rules.lunch_min)
        off = (day.day.weekday() == 6, "sunday_off"), (day.day in rules.holidays, "holidays_off")
        if any(is_off and self.limit(name, day.technician_id, day.day) for is_off, name in off):
            return False
        free, place = day.depart_min, person
        away = range(day.depart_min, day.return_min)
        for stop in day.visits:
            here = self.base + self.number[stop.visit_id]
            drive = self._drive(stop, free, place, here, lunch)
            if drive is None or not self._visit(day, stop, lunch):
                return False
            free, place = stop.end_min, here
        end = self._end(person)
        back = (0, 0) if end is None else (self._metres(place, end), self._minutes(place, end))
        if (day.return_m, day.return_travel_min) != back or day.return_min - back[1] < free:
            return False
        if _shared(range(day.return_min - back[1], day.return_min), lunch):
            return False
        if not (rules.day_start_min <= day.depart_min and day.return_min <= rules.day_end_min):
            return False
        if day.day in technician.absent_on:
            return False
        absent = [range(a.from_min, a.until_min) for a in technician.absences if a.day == day.day]
        busy = [range(s.arrival_min - s.travel_min, s.end_min) for s in day.visits]
        busy.append(range(free, day.return_min))
        if any(_shared(a, b) for a in absent for b in busy):
            return False
        if not lunch and rules.lunch_min:
            window = range(rules.lunch_from_min, rules.lunch_until_min)
            before = range(window.start, min(window.stop, away.start))
            after = range(max(window.start, away.stop), window.stop)
            if max(len(before), len(after)) < rules.lunch_min:
                return False
        if lunch and (lunch.start < rules.lunch_from_min or lunch.stop > rules.lunch_until_min):
            return False
        return self._working_time(day, lunch)

    def _end(self, person: int) -> int | None:
        technician = self.problem.technicians[person]
        if technician.open_end:
            return None
        if technician.end is None:
            return person
        earlier = sum(t.end is not None for t in self.problem.technicians[:person])
        return self.depot + (self.problem.depot is not None) + earlier

    def _drive(self, stop, free: int, place: int, here: int, lunch: range) -> range | None:
        """The last drive to the visit, if there is time for the way and it is reported as it is."""
        direct = (self._metres(place, here), self._minutes(place, here))
        depot = self.problem.depot
        if not stop.via_depot:
            drive = range(stop.arrival_min - direct[1], stop.arrival_min)
            late = drive.start < free or _shared(drive, lunch)
            return None if late or (stop.travel_m, stop.travel_min) != direct else drive
        if depot is None:
            return None
        metres = self._metres(place, self.depot) + self._metres(self.depot, here)
        first, second = self._minutes(place, self.depot), self._minutes(self.depot, here)
        if (stop.travel_m, stop.travel_min) != (metres, first + depot.handling_min + second):
            return None
        drive = range(stop.arrival_min - second, stop.arrival_min)
        for begin in range(depot.open_from_min, depot.open_until_min - depot.handling_min + 1):
            handling = range(begin, begin + depot.handling_min)
            ways = (range(leave, leave + first) for leave in range(free, begin - first + 1))
            if handling.stop > drive.start or _shared(handling, lunch) or _shared(drive, lunch):
                continue
            if any(not _shared(way, lunch) for way in ways):
                return drive
        return None

    def _visit(self, day: TechnicianDay, stop, lunch: range) -> bool:
        visit = self.problem.visits[self.number[stop.visit_id]]
        held = self.problem.technicians[self.person[day.technician_id]].skills
        work = range(stop.start_min, stop.end_min)
        pin, promise = visit.pin, visit.appointment
        on_time = any(w.start_min <= work.start and work.stop <= w.end_min for w in visit.windows_on(day.day))
        if promise is not None and promise.day == day.day:
            on_time = promise.start_min <= work.start <= promise.end_min
        elif promise is not None and not promise.movable:
            on_time = False
        return (
            on_time
            and stop.start_min >= stop.arrival_min
            and stop.end_min - stop.start_min == visit.duration_min
            and not _shared(work, lunch)
            and all(held.get(skill, 0) >= level for skill, level in visit.skills.items())
            and (pin is None or pin.day in (None, day.day))
            and (pin is None or pin.start_min in (None, stop.start_min))
        )

    def work(self, day: TechnicianDay) -> range:
        """From leaving to coming back, or from the first place to the last if commutes do not count."""
        person = self.person[day.technician_id]
        if self.problem.rules.commute_counts or not day.visits:
            return range(day.depart_min, day.return_min)
        first = day.visits[0]
        begin = day.depart_min + self._minutes(person, self.depot) if first.via_depot else first.arrival_min
        return range(begin, day.return_min - day.return_travel_min)

    def worked(self, day: TechnicianDay) -> int:
        """Minutes of work without those of lunch."""
        start = day.lunch_start_min
        lunch = range(0) if start is None else range(start, start + self.problem.rules.lunch_min)
        return sum(minute not in lunch for minute in self.work(day)) if day.visits else 0

    def _working_time(self, day: TechnicianDay, lunch: range) -> bool:
        who, rules = day.technician_id, self.problem.rules
        contract = self.problem.technicians[self.person[who]].hours_per_day * 60
        if self.worked(day) > min(contract + 1e-6, self.limit("max_day_min", who, day.day)):
            return False
        span = self.work(day)
        pause = [m for m in lunch if m in span]
        pauses = set(pause) if len(pause) >= rules.law.short_pause_min else set()
        runs = [
            sum(1 for _ in run) for rest, run in itertools.groupby(span, lambda m: m in pauses) if not rest
        ]
        return max(runs, default=0) <= self.limit("longest_stretch_min", who, day.day)

    def _equipped(self) -> bool:
        """Tools at hand; every way of taking a crew's parts from its vans is tried."""
        jobs: dict[int, tuple[set[int], bool]] = {}
        for day in self.plan:
            passed = False
            for stop in day.visits:
                passed |= stop.via_depot
                people, any_passed = jobs.get(stop.visit_id, (set(), False))
                jobs[stop.visit_id] = (people | {self.person[day.technician_id]}, any_passed or passed)
        crew = self.problem.technicians
        for visit_id, (people, passed) in jobs.items():
            held = {tool for n in people for tool in crew[n].tools}
            if not passed and not self.problem.visits[self.number[visit_id]].tools <= held:
                return False
        parts = {part for visit in self.problem.visits for part in visit.parts}
        return all(
            self._shareable(part, [(v, p) for v, (p, passed) in jobs.items() if not passed]) for part in parts
        )

    def _shareable(self, part: str, jobs: list[tuple[int, set[int]]]) -> bool:
        units = [p for v, p in jobs for _ in range(self.problem.visits[self.number[v]].parts.get(part, 0))]
        vans = {tuple(t.stock.get(part, 0) for t in self.problem.technicians)}
        for people in units:
            vans = {
                tuple(q - (n == taken) for n, q in enumerate(van))
                for van in vans
                for taken in people
                if van[taken] > 0
            }
        return bool(vans)

    def _person(self, who: int) -> bool:
        days = sorted((d for d in self.plan if d.technician_id == who and d.visits), key=lambda d: d.day)
        technician, rules = self.problem.technicians[self.person[who]], self.problem.rules
        spans = [
            (real_minute(d.day, self.work(d).start), real_minute(d.day, self.work(d).stop)) for d in days
        ]
        for evening, (a, b) in zip(days, itertools.pairwise(spans), strict=False):
            if b[0] - a[1] < self.limit("daily_rest_min", who, evening.day):
                return False
        first = self.problem.days[0] - timedelta(days=self.problem.days[0].weekday())
        final = self.problem.days[-1] - timedelta(days=self.problem.days[-1].weekday()) + timedelta(days=7)
        origin = real_minute(first - timedelta(days=1), 0)
        free = np.ones(real_minute(final, rules.day_start_min) - origin, dtype=bool)
        for a, b in spans:
            free[a - origin : b - origin] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(int), [0]])))
        history = [h * 60 for h in technician.hours_before]
        monday = first
        while monday < final:
            own = [d for d in days if d.day.isocalendar()[:2] == monday.isocalendar()[:2]]
            minutes = sum(self.worked(d) for d in own) + (
                technician.hours_done * 60 if monday == first else 0
            )
            history.append(minutes)
            if own and not self._week(who, monday, own, minutes, history, edges + origin):
                return False
            monday += timedelta(days=7)
        return True

    def _week(self, who, monday, own, minutes, history, edges) -> bool:
        week = monday.isocalendar()[:2]
        law = self.problem.rules.law
        average = self.week_limit("max_average_week_min", who, week) * law.average_weeks
        rest = self.week_limit("weekly_rest_min", who, week)
        begin, end = real_minute(monday, 0), real_minute(monday + timedelta(days=7), 0)
        rested = any(
            b - a >= rest and min(b, end) - max(a, begin) >= min(rest, 1440)
            for a, b in zip(edges[::2], edges[1::2], strict=True)
        )
        return (
            rested
            and minutes <= self.week_limit("max_week_min", who, week) + 1e-6
            and sum(history[-law.average_weeks :]) <= average + 1e-6
            and len(own) <= self.week_limit("max_days_a_week", who, week)
        )


def _shared(one: range, other: range) -> bool:
    return max(one.start, other.start) < min(one.stop, other.stop)
