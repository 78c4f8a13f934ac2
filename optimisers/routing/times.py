"""Least working time of an order: windows, pause and longest stretch, compiled.

A partial route is (early, work, late): left at d ≤ late it ends at max(early, d + work), which adding a leg
or a visit preserves (Savelsbergh, "The vehicle routing problem with time windows: minimizing route
duration", 1992). Several windows of a visit give several such labels with the same work, of which the
undominated are kept. With the pause in a given place, departure, pause and return form a system of
difference constraints, whose extreme solutions are read off in closed form.
"""

from __future__ import annotations

import numpy as np

from optimisers.kernels import kernel
from optimisers.routing.arrays import (
    DAY,
    DRIVE,
    EARLIEST,
    EARLY,
    END,
    HEAD,
    LATE,
    LATEST,
    MAX_WORK,
    MINUTES,
    SERVICE,
    START,
    TAIL,
    TAIL_EARLY,
    TAIL_LATE,
    TOLERANCE,
    Rules,
    Workspace,
)


@kernel
def best_times(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> float:
    """Minutes of work (pause left out) of stops[:n] on a shift, inf when unlawful; times in `ws.out`.

    Among equals the earliest return wins, then the latest departure.
    """
    if not _forwards(rules, shift, stops, n, ws):
        return np.inf
    out, hours = ws.out, rules.hours
    out[2], out[3], out[4] = -1.0, 0.0, -1.0
    best, total = np.inf, ws.way[n, HEAD] + ws.way[n, DRIVE]
    free = 0.0 if rules.commute_counts else ws.way[0, DRIVE] + ws.way[n, DRIVE]
    longest = hours[shift, MAX_WORK] + free
    last_pause = rules.pause_until - rules.pause_min
    for label in range(ws.count[n, 0]):
        back = ws.labels[n, label, EARLY] + ws.way[n, DRIVE]
        late = min(ws.labels[n, label, LATE], hours[shift, LATEST] - total)
        if back > hours[shift, LATEST] + TOLERANCE or late < hours[shift, EARLIEST] - TOLERANCE:
            continue
        depart = min(late, back - total)
        if rules.pause_min > 0.0 and back > last_pause + TOLERANCE:
            depart = max(depart, rules.pause_from + rules.pause_min)
            if depart > late + TOLERANCE:
                continue
            back = max(back, depart + total)
        work = back - depart
        if work > longest + TOLERANCE or work > rules.max_stretch + TOLERANCE:
            continue
        if work < best - TOLERANCE or (work < best + TOLERANCE and back < out[1]):
            best = work
            out[0], out[1] = depart, back
    if rules.pause_min <= 0.0 or best <= total + TOLERANCE or total > longest + TOLERANCE:
        return best - free
    _backwards(rules, shift, stops, n, ws)
    return _with_pause(rules, shift, n, ws, best, longest) - free


@kernel
def _forwards(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> bool:
    day, here, way, labels = rules.shift[shift, DAY], rules.shift[shift, START], ws.way, ws.labels
    way[0, HEAD], ws.count[0, 0] = 0.0, 1
    labels[0, 0, EARLY], labels[0, 0, LATE] = rules.hours[shift, EARLIEST], rules.hours[shift, LATEST]
    for k in range(n):
        stop = stops[k]
        drive, service = rules.leg[here, rules.at[stop], MINUTES], rules.hull[stop, day, SERVICE]
        way[k, DRIVE] = drive
        arrived = way[k, HEAD] + drive
        count = 0
        for label in range(ws.count[k, 0]):
            early, late = labels[k, label, EARLY] + drive, labels[k, label, LATE]
            for slot in range(rules.window_count[stop, day]):
                closing = rules.windows[stop, day, slot, 1]
                if early <= closing + TOLERANCE:
                    ready = max(early, rules.windows[stop, day, slot, 0]) + service
                    count = _keep(labels, k + 1, EARLY, count, ready, min(late, closing - arrived))
        if count == 0:
            return False
        ws.count[k + 1, 0] = count
        way[k + 1, HEAD] = arrived + service
        here = rules.at[stop]
    way[n, DRIVE] = rules.leg[here, rules.shift[shift, END], MINUTES]
    return True


@kernel
def _keep(labels: np.ndarray, k: int, side: int, count: int, early: float, late: float) -> int:
    """Add a label (columns side, side + 1) unless one is as early and as late; drop those it beats."""
    kept = 0
    for label in range(count):
        if labels[k, label, side] <= early and labels[k, label, side + 1] >= late:
            return count
    for label in range(count):
        if labels[k, label, side] < early or labels[k, label, side + 1] > late:
            labels[k, kept, side] = labels[k, label, side]
            labels[k, kept, side + 1] = labels[k, label, side + 1]
            kept += 1
    if kept < labels.shape[1]:
        labels[k, kept, side], labels[k, kept, side + 1] = early, late
        kept += 1
    return kept


@kernel
def _backwards(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> None:
    """Tails: reached at t ≤ late, the rest of the route (from stop k on) ends at max(early, t + work)."""
    day, way, labels = rules.shift[shift, DAY], ws.way, ws.labels
    way[n, TAIL], ws.count[n, 1] = 0.0, 1
    labels[n, 0, TAIL_EARLY], labels[n, 0, TAIL_LATE] = -np.inf, rules.hours[shift, LATEST]
    for k in range(n - 1, -1, -1):
        stop = stops[k]
        spent = rules.hull[stop, day, SERVICE] + way[k + 1, DRIVE]
        after = way[k + 1, TAIL] + spent
        count = 0
        for label in range(ws.count[k + 1, 1]):
            for slot in range(rules.window_count[stop, day]):
                opening = rules.windows[stop, day, slot, 0]
                late = min(rules.windows[stop, day, slot, 1], labels[k + 1, label, TAIL_LATE] - spent)
                if opening <= late + TOLERANCE:
                    early = max(labels[k + 1, label, TAIL_EARLY], opening + after)
                    count = _keep(labels, k, TAIL_EARLY, count, early, late)
        ws.count[k, 1] = count
        way[k, TAIL] = after


@kernel
def _with_pause(rules: Rules, shift: int, n: int, ws: Workspace, best: float, longest: float) -> float:
    """Less than `best` with the pause on a leg of the tour? (Before leaving or once back it is at home.)"""
    first = 1 if rules.shift[shift, START] == rules.nowhere else 0
    last = n - 1 if rules.shift[shift, END] == rules.nowhere else n
    earliest, latest = rules.hours[shift, EARLIEST], rules.hours[shift, LATEST]
    pause, stretch, way, labels, out = rules.pause_min, rules.max_stretch, ws.way, ws.labels, ws.out
    for leg in range(first, last + 1):
        for after in range(2):
            if (leg == 0 and after == 0) or (leg == n and after == 1):
                continue
            before, behind = (way[leg, DRIVE], 0.0) if after else (0.0, way[leg, DRIVE])
            head, tail = way[leg, HEAD] + before, way[leg, TAIL] + behind
            if head > stretch + TOLERANCE or tail > stretch + TOLERANCE:
                continue
            total = head + pause + tail
            for left in range(ws.count[leg, 0]):
                start = labels[leg, left, LATE]
                ready = max(labels[leg, left, EARLY] + before, rules.pause_from)
                if ready + pause > rules.pause_until + TOLERANCE:
                    continue
                for right in range(ws.count[leg, 1]):
                    back = max(labels[leg, right, TAIL_EARLY], ready + pause + tail)
                    low = max(ready, back - pause - stretch)
                    limit = min(rules.pause_until, labels[leg, right, TAIL_LATE] - behind)
                    high = min(limit - pause, start + stretch)
                    if low > high + TOLERANCE or back > latest + TOLERANCE:
                        continue
                    leave = min(start, high - head)
                    if leave < max(earliest, low - stretch) - TOLERANCE:
                        continue
                    depart = min(leave, back - total)
                    work = back - depart - pause
                    if work > longest + TOLERANCE:
                        continue
                    if work < best - TOLERANCE or (work < best + TOLERANCE and back < out[1] - TOLERANCE):
                        best = work
                        out[0], out[1], out[2], out[3] = depart, back, leg, after
                        out[4] = max(low, depart + head)
    return best
