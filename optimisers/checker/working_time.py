"""Working time of one day: hours, the contract, the law's day, the pause after six hours, days off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from optimisers.checker.clock import lunch_lost_until
from optimisers.checker.ground import Ground, name_of
from optimisers.checker.report import Violation
from optimisers.law.articles import article_of
from optimisers.model import Problem, TechnicianDay

SUNDAY = 6
_LESS_IS_MORE_WORK = ("daily_rest_min", "weekly_rest_min", "sunday_off", "holidays_off")


def limit_on(problem: Problem, limit: str, technician_id: int, day: date) -> int:
    """The law's figure, or the freest of the derogations that replace it for that technician that day."""
    freest: int | None = None
    for derogation in problem.rules.derogations:
        concerned = derogation.technician_id is None or derogation.technician_id == technician_id
        if derogation.limit != limit or not concerned:
            continue
        if day < derogation.first_day or day > derogation.last_day:
            continue
        if freest is None:
            freest = derogation.value
        elif limit in _LESS_IS_MORE_WORK:
            freest = min(freest, derogation.value)
        else:
            freest = max(freest, derogation.value)
    return int(getattr(problem.rules.law, limit)) if freest is None else freest


def law_says(problem: Problem, limit: str) -> str:
    """The article behind a limit, to end a detail with."""
    return f"({article_of(limit, problem.rules.law.version).number})"


def work_span(ground: Ground, day: TechnicianDay) -> tuple[int, int]:
    """First and last minute of work: all the time away, or from the first place to the last one.

    Where commutes are no work, a first leg through the depot is one as far as the depot (L3121-4: the way to
    the place where work begins).
    """
    known = ground.stops(day)
    if ground.problem.rules.commute_counts or not known:
        return day.depart_min, day.return_min
    first, _, leg = known[0]
    begin = first.arrival_min if leg.to_depot_min is None else day.depart_min + leg.to_depot_min
    return begin, day.return_min - ground.way_back(day.technician_id, ground.last_place(day)).minutes


def lunch_inside(ground: Ground, day: TechnicianDay) -> tuple[int, int] | None:
    """The part of lunch between the first and the last minute of work."""
    if day.lunch_start_min is None:
        return None
    first, last = work_span(ground, day)
    begin = max(first, day.lunch_start_min)
    end = min(last, day.lunch_start_min + ground.problem.rules.lunch_min)
    return (begin, end) if begin < end else None


def worked_min(ground: Ground, day: TechnicianDay) -> int:
    """Minutes of work, waiting included, lunch not, commutes as the rules say."""
    if not day.visits or day.technician_id not in ground.technicians:
        return 0
    begin, end = work_span(ground, day)
    lunch = lunch_inside(ground, day)
    return end - begin - (lunch[1] - lunch[0] if lunch else 0)


def working_day(ground: Ground, day: TechnicianDay) -> Iterator[Violation]:
    """Limits of a single day."""
    if not ground.judged(day):
        return
    problem, who = ground.problem, day.technician_id
    worked = worked_min(ground, day)
    contract = ground.technicians[who].hours_per_day * 60
    if worked > contract + 1e-6:
        detail = f"{worked} min worked travel included, at most {contract:.0f} by contract"
        yield Violation("day_too_long", name_of(day), detail)
    limit = limit_on(problem, "max_day_min", who, day.day)
    if worked > limit:
        detail = f"{worked} min worked, at most {limit} {law_says(problem, 'max_day_min')}"
        yield Violation("law_day_too_long", name_of(day), detail)
    if day.day.weekday() == SUNDAY and limit_on(problem, "sunday_off", who, day.day):
        yield Violation("law_sunday", name_of(day), f"a Sunday {law_says(problem, 'sunday_off')}")
    if day.day in problem.rules.holidays and limit_on(problem, "holidays_off", who, day.day):
        detail = f"a public holiday {law_says(problem, 'holidays_off')}"
        yield Violation("law_holiday", name_of(day), detail)
    longest = max(_stretches(ground, day), default=0)
    limit = limit_on(problem, "longest_stretch_min", who, day.day)
    if longest > limit:
        detail = f"{longest} min without a pause of {problem.rules.law.short_pause_min}, at most {limit}"
        article = law_says(problem, "longest_stretch_min")
        yield Violation("law_pause_missing", name_of(day), f"{detail} {article}")


def _stretches(ground: Ground, day: TechnicianDay) -> Iterable[int]:
    """Minutes of work without pause. Waiting is work: only lunch is sure to be free."""
    begin, end = work_span(ground, day)
    lunch = lunch_inside(ground, day)
    lost = lunch_lost_until(ground, day) if lunch is None else None
    if lost is not None:
        # What the facts do not say about a pause before now cannot be held against the rest of the day.
        begin = max(begin, lost)
    if lunch is None or lunch[1] - lunch[0] < ground.problem.rules.law.short_pause_min:
        return (end - begin,)
    facts = [stop.end_min for stop, visit, _ in ground.stops(day) if visit.frozen]
    before = lunch[0] - begin if not facts or max(facts) < lunch[0] else 0
    return before, end - lunch[1]
