"""Working time of a technician over the horizon: weeks, the average of twelve, rests, days in a week."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from optimisers.checker.ground import Ground, instant_min, name_of
from optimisers.checker.report import Violation
from optimisers.checker.working_time import law_says, limit_on, work_span, worked_min
from optimisers.model import Problem, Technician, TechnicianDay

DAY_MIN = 24 * 60
WEEK = timedelta(days=7)


def weeks(ground: Ground, plan: Sequence[TechnicianDay]) -> Iterator[Violation]:
    """Limits that hold across days. Weeks run from Monday to Sunday (L3121-35).

    What lies outside the horizon is taken as free, except the hours a technician is said to have worked and
    the Monday after it, on which work may begin again when the company's day does.
    """
    by_technician: dict[int, list[TechnicianDay]] = defaultdict(list)
    for day in plan:
        if day.visits and day.technician_id in ground.technicians:
            by_technician[day.technician_id].append(day)
    for technician_id, days in sorted(by_technician.items()):
        days.sort(key=lambda day: (day.day, day.depart_min))
        technician = ground.technicians[technician_id]
        yield from _daily_rest(ground, days)
        yield from _hours(ground, technician, days)
        yield from _days_and_weekly_rest(ground, technician_id, days)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _week_limit(problem: Problem, limit: str, technician_id: int, monday: date) -> int:
    """Strictest of the problem's days in that week: a derogation lifts a week when it covers all of them."""
    values = [
        limit_on(problem, limit, technician_id, day) for day in problem.days if monday_of(day) == monday
    ]
    values = values or [limit_on(problem, limit, technician_id, monday)]
    return max(values) if limit == "weekly_rest_min" else min(values)


def _daily_rest(ground: Ground, days: list[TechnicianDay]) -> Iterator[Violation]:
    for evening, morning in itertools.pairwise(days):
        judged = ground.judged(evening) or ground.judged(morning)
        if evening.day == morning.day or not judged:
            continue
        ended, begun = work_span(ground, evening)[1], work_span(ground, morning)[0]
        rest = instant_min(morning.day, begun) - instant_min(evening.day, ended)
        limit = limit_on(ground.problem, "daily_rest_min", evening.technician_id, evening.day)
        if rest < limit:
            detail = f"{rest} min of rest since {evening.day}, at least {limit}"
            article = law_says(ground.problem, "daily_rest_min")
            yield Violation("law_daily_rest", name_of(morning), f"{detail} {article}")


def _hours(ground: Ground, technician: Technician, days: list[TechnicianDay]) -> Iterator[Violation]:
    problem, who = ground.problem, technician.technician_id
    first = monday_of(problem.days[0])
    minutes: dict[date, float] = defaultdict(float)
    minutes[first] = technician.hours_done * 60
    for number, hours in enumerate(reversed(technician.hours_before), start=1):
        minutes[first - number * WEEK] = hours * 60
    for day in days:
        minutes[monday_of(day.day)] += worked_min(ground, day)
    for monday in sorted({monday_of(day.day) for day in days if ground.judged(day)}):
        subject = f"technician {who} in the week of {monday}"
        limit = _week_limit(problem, "max_week_min", who, monday)
        if minutes[monday] > limit + 1e-6:
            detail = f"{minutes[monday]:.0f} min worked, at most {limit} {law_says(problem, 'max_week_min')}"
            yield Violation("law_week_too_long", subject, detail)
        # Weeks of which nothing is known count nothing: then only what is certainly too much is named.
        span = problem.rules.law.average_weeks
        total = sum(minutes.get(monday - number * WEEK, 0.0) for number in range(span))
        average = _week_limit(problem, "max_average_week_min", who, monday)
        if total > average * span + 1e-6:
            article = law_says(problem, "max_average_week_min")
            detail = f"{total / span:.0f} min a week over {span} weeks, at most {average} {article}"
            yield Violation("law_average_too_long", subject, detail)


def _days_and_weekly_rest(ground: Ground, who: int, days: list[TechnicianDay]) -> Iterator[Violation]:
    problem = ground.problem
    free = _free_times(ground, days)
    for monday in sorted({monday_of(day.day) for day in days if ground.judged(day)}):
        subject = f"technician {who} in the week of {monday}"
        worked = len({day.day for day in days if monday_of(day.day) == monday})
        limit = _week_limit(problem, "max_days_a_week", who, monday)
        if worked > limit:
            detail = f"{worked} days worked, at most {limit} {law_says(problem, 'max_days_a_week')}"
            yield Violation("law_days_a_week", subject, detail)
        limit = _week_limit(problem, "weekly_rest_min", who, monday)
        begin, end = instant_min(monday, 0), instant_min(monday + WEEK, 0)
        # Of the rest, 24 hours lie in the week; the 11 hours that go with them may reach into the next one.
        rests = [
            rest_end - rest_begin
            for rest_begin, rest_end in free
            if min(end, rest_end) - max(begin, rest_begin) >= min(limit, DAY_MIN)
        ]
        if max(rests, default=0) < limit:
            detail = f"longest rest {max(rests, default=0)} min, at least {limit}"
            article = law_says(problem, "weekly_rest_min")
            yield Violation("law_weekly_rest", subject, f"{detail} {article}")


def _free_times(ground: Ground, days: list[TechnicianDay]) -> list[tuple[int, int]]:
    """Real minutes between which a technician does not work, from the Sunday before the horizon on."""
    problem = ground.problem
    after = monday_of(problem.days[-1]) + WEEK
    spans = [(day.day, work_span(ground, day)) for day in days]
    ends = [instant_min(monday_of(problem.days[0]) - timedelta(days=1), 0)]
    ends += [instant_min(day, span[1]) for day, span in spans]
    begins = [instant_min(day, span[0]) for day, span in spans]
    begins.append(instant_min(after, problem.rules.day_start_min))
    return list(zip(ends, begins, strict=True))
