"""Least working time of an order: windows, pause and longest stretch, compiled.

A partial route is (early, work, late): left at d ≤ late it ends at max(early, d + work), which adding a leg
or a visit preserves (Savelsbergh, "The vehicle routing problem with time windows: minimizing route
duration", 1992). Several windows of a visit give several such labels with the same work, of which the
undominated are kept. With the pause in a given place, departure, pause and return form a system of
difference constraints, whose extreme solutions are read off in closed form.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from optimisers.routing.arrays import TOLERANCE, Rules, Workspace


@njit(cache=True)
def best_times(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> float:
    """Minutes of work (pause left out) of stops[:n] on a shift, inf when unlawful; times in `ws.out`.

    Among equals the earliest return wins, then the latest departure.
    """
    if not _forwards(rules, shift, stops, n, ws):
        return np.inf
    out = ws.out
    out[2], out[3], out[4] = -1.0, 0.0, -1.0
    best, total = np.inf, ws.work[n] + ws.drive[n]
    last_pause = rules.pause_until - rules.pause_min
    for label in range(ws.count[n]):
        back = ws.early[n, label] + ws.drive[n]
        late = min(ws.late[n, label], rules.latest[shift] - total)
        if back > rules.latest[shift] + TOLERANCE or late < rules.earliest[shift] - TOLERANCE:
            continue
        depart = min(late, back - total)
        if rules.pause_min > 0.0 and back > last_pause + TOLERANCE:
            depart = max(depart, rules.pause_from + rules.pause_min)
            if depart > late + TOLERANCE:
                continue
            back = max(back, depart + total)
        work = back - depart
        if work > rules.max_work[shift] + TOLERANCE or work > rules.max_stretch + TOLERANCE:
            continue
        if work < best - TOLERANCE or (work < best + TOLERANCE and back < out[1]):
            best = work
            out[0], out[1] = depart, back
    if rules.pause_min <= 0.0 or best <= total + TOLERANCE:
        return best
    return _with_pause(rules, shift, stops, n, ws, best)


@njit(cache=True)
def _forwards(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> bool:
    day, here = rules.day[shift], rules.start[shift]
    ws.work[0], ws.count[0] = 0.0, 1
    ws.early[0, 0], ws.late[0, 0] = rules.earliest[shift], rules.latest[shift]
    for k in range(n):
        stop = stops[k]
        drive = rules.leg[here, rules.at[stop], 1]
        ws.drive[k] = drive
        arrived = ws.work[k] + drive
        count = 0
        for label in range(ws.count[k]):
            early, late = ws.early[k, label] + drive, ws.late[k, label]
            for slot in range(rules.window_count[stop, day]):
                closing = rules.windows[stop, day, slot, 1]
                if early <= closing + TOLERANCE:
                    begin = max(early, rules.windows[stop, day, slot, 0])
                    count = _keep(
                        ws.early[k + 1],
                        ws.late[k + 1],
                        count,
                        begin + rules.service[stop],
                        min(late, closing - arrived),
                    )
        if count == 0:
            return False
        ws.count[k + 1] = count
        ws.work[k + 1] = arrived + rules.service[stop]
        here = rules.at[stop]
    ws.drive[n] = rules.leg[here, rules.end[shift], 1]
    return True


@njit(cache=True)
def _keep(earlies: np.ndarray, lates: np.ndarray, count: int, early: float, late: float) -> int:
    """Add a label unless one is as early and as late; drop those it beats."""
    kept = 0
    for label in range(count):
        if earlies[label] <= early and lates[label] >= late:
            return count
    for label in range(count):
        if earlies[label] < early or lates[label] > late:
            earlies[kept], lates[kept] = earlies[label], lates[label]
            kept += 1
    if kept < len(earlies):
        earlies[kept], lates[kept] = early, late
        kept += 1
    return kept


@njit(cache=True)
def _backwards(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace) -> None:
    """Tails: reached at t ≤ late, the rest of the route (from stop k on) ends at max(early, t + work)."""
    day = rules.day[shift]
    ws.tail_work[n], ws.tail_count[n] = 0.0, 1
    ws.tail_early[n, 0], ws.tail_late[n, 0] = -np.inf, rules.latest[shift]
    for k in range(n - 1, -1, -1):
        stop, drive = stops[k], ws.drive[k + 1]
        service = rules.service[stop]
        after = ws.tail_work[k + 1] + drive + service
        count = 0
        for label in range(ws.tail_count[k + 1]):
            limit = ws.tail_late[k + 1, label] - drive - service
            for slot in range(rules.window_count[stop, day]):
                opening = rules.windows[stop, day, slot, 0]
                late = min(rules.windows[stop, day, slot, 1], limit)
                if opening <= late + TOLERANCE:
                    early = max(ws.tail_early[k + 1, label], opening + after)
                    count = _keep(ws.tail_early[k], ws.tail_late[k], count, early, late)
        ws.tail_count[k] = count
        ws.tail_work[k] = after


@njit(cache=True)
def _with_pause(rules: Rules, shift: int, stops: np.ndarray, n: int, ws: Workspace, best: float) -> float:
    """Better than `best` with the pause on some leg of the tour? Before leaving or once back it is at home."""
    _backwards(rules, shift, stops, n, ws)
    first = 1 if rules.start[shift] == rules.nowhere else 0
    last = n - 1 if rules.end[shift] == rules.nowhere else n
    pause, stretch, out = rules.pause_min, rules.max_stretch, ws.out
    for leg in range(first, last + 1):
        for after in range(2):
            if (leg == 0 and after == 0) or (leg == n and after == 1):
                continue
            drive = ws.drive[leg]
            head = ws.work[leg] + (drive if after else 0.0)
            tail = ws.tail_work[leg] + (0.0 if after else drive)
            total = head + pause + tail
            if head > stretch + TOLERANCE or tail > stretch + TOLERANCE:
                continue
            for left in range(ws.count[leg]):
                latest_start = ws.late[leg, left]
                ready = ws.early[leg, left] + (drive if after else 0.0)
                for right in range(ws.tail_count[leg]):
                    low = max(ready, rules.pause_from)
                    back = max(ws.tail_early[leg, right], low + pause + tail)
                    low = max(low, back - pause - stretch)
                    limit = ws.tail_late[leg, right] - (0.0 if after else drive)
                    high = min(min(rules.pause_until, limit) - pause, latest_start + stretch)
                    if low > high + TOLERANCE or back > rules.latest[shift] + TOLERANCE:
                        continue
                    leave = min(latest_start, high - head)
                    if leave < max(rules.earliest[shift], low - stretch) - TOLERANCE:
                        continue
                    depart = min(leave, back - total)
                    work = back - depart - pause
                    if work > rules.max_work[shift] + TOLERANCE:
                        continue
                    if work < best - TOLERANCE or (work < best + TOLERANCE and back < out[1] - TOLERANCE):
                        best = work
                        out[0], out[1], out[2], out[3] = depart, back, leg, after
                        out[4] = max(low, depart + head)
    return best
