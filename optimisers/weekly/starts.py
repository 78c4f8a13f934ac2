"""When each visit may begin: opening hours, promises, pins, `now` and what was decided, as windows by day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimisers.model import Problem, Visit
from optimisers.weekly.decisions import DAY_MIN, Decisions

NEVER = (0.0, -1.0)
Span = tuple[float, float]


def start_windows(problem: Problem, visits: Sequence[int], decisions: Decisions) -> np.ndarray:
    """(visits, days, K, 2) first and last beginning of the visits at these positions."""
    by_day = [
        [_on_day(problem, visit, day, decisions) for day in range(len(problem.days))] for visit in visits
    ]
    most = max((len(spans) for days in by_day for spans in days), default=1)
    windows = np.empty((len(visits), len(problem.days), max(1, most), 2))
    windows[...] = NEVER
    for row, days in enumerate(by_day):
        for day, spans in enumerate(days):
            for slot, span in enumerate(spans):
                windows[row, day, slot] = span
    return windows


def lawful_starts(problem: Problem, visit: Visit, day: int) -> list[Span]:
    """Beginnings that opening hours, promise and pin allow on that day (by position), joined and sorted."""
    date = problem.days[day]
    pin, promise = visit.pin, visit.appointment
    if pin is not None and pin.day is not None and pin.day != date:
        return []
    if promise is not None and promise.day == date:
        spans = [(float(promise.start_min), float(promise.end_min))]
    elif promise is not None and not promise.movable:
        return []
    else:
        spans = [
            (float(window.start_min), float(window.end_min - visit.duration_min))
            for window in visit.windows_on(date)
        ]
    if pin is not None and pin.start_min is not None:
        spans = _cut(spans, pin.start_min, pin.start_min)
    return _joined([(first, last) for first, last in spans if first <= last])


def _on_day(problem: Problem, number: int, day: int, decisions: Decisions) -> list[Span]:
    visit = problem.visits[number]
    spans = [] if number in decisions.left_out else lawful_starts(problem, visit, day)
    now = problem.now
    if now is not None and problem.days[day] <= now.day:
        spans = _cut(spans, now.minute, DAY_MIN) if problem.days[day] == now.day else []
    if number in decisions.meetings:
        chosen, start = decisions.meetings[number]
        spans = _cut(spans, start, start) if chosen == day else []
    if number in decisions.spans:
        first, last = decisions.spans[number]
        spans = _cut(spans, first - day * DAY_MIN, last - day * DAY_MIN - visit.duration_min)
    return spans


def _cut(spans: list[Span], first: float, last: float) -> list[Span]:
    cut = [(max(begin, first), min(end, last)) for begin, end in spans]
    return [(begin, end) for begin, end in cut if begin <= end]


def _joined(spans: list[Span]) -> list[Span]:
    """Overlapping spans as one, so that no moment is offered twice."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
