"""The cheapest route of a shift once each visit pays a price, bounded from below: ng-routes.

A route may come back to a visit only after leaving its neighbourhood (Baldacci, Mingozzi & Roberti 2011).
Windows, pause and hours are those of the labels; the longest stretch, tools and parts are left out, which
only lowers the bound. Routes grow one stop at a time under completion bounds without cycles of two
(Christofides, Mingozzi & Toth 1981), the most promising ones first where there are too many to keep all.
"""

from __future__ import annotations

import numpy as np

from optimisers.bounds.beam import ESTIMATE, FLAG, LAST, MEMORY, PARENT, POINTS, SET, compress, insert
from optimisers.bounds.labels import (
    BEFORE,
    BEHIND,
    DEPART,
    EARLY,
    FIRST,
    INFINITE,
    LATE,
    NO_PAUSE,
    TIME_SLACK,
    WORK,
    arrive,
    back_by,
    begin,
    least_work,
    leave_from,
    options,
    within,
)
from optimisers.bounds.shift_arrays import EARLIEST, LATEST, MAX_WORK, MINUTE_COST, PAUSE
from optimisers.kernels import compiled

LOSS = 1e-9  # routes count as worth finding below minus this many points


@compiled
def finish_bounds(legs, drives, home, drive_home, service, gain, members, law, step):  # type: ignore[no-untyped-def]
    """Points that finishing costs at least, by visit left and by minutes remaining, in buckets of `step`.

    (best (n, buckets), second with another next visit (n, buckets), next visit of the best). Every drive and
    service takes at least `step` minutes; the minutes remaining are those of the day or of the work.
    """
    count, rate = len(service), law[MINUTE_COST]
    buckets = int(min(law[LATEST] - law[EARLIEST], law[MAX_WORK]) // step) + 2
    best = np.full((count, buckets), INFINITE)
    second = np.full((count, buckets), INFINITE)
    following = np.full((count, buckets), -1, np.int32)
    paid, took = np.empty((count, count)), np.empty((count, count), np.int32)
    for v in members:
        for w in members:
            spent = drives[v, w] + service[w]
            paid[v, w] = legs[v, w] + rate * spent - gain[w]
            took[v, w] = int(spent // step)
    for k in range(buckets):
        for v in members:
            low, runner_up, after = INFINITE, INFINITE, -1
            if drive_home[v] <= (k + 1) * step:
                low = home[v] + rate * drive_home[v]
            for w in members:
                left = k - took[v, w]
                if left < 0 or w == v:
                    continue
                rest = best[w, left] if following[w, left] != v else second[w, left]
                points = paid[v, w] + rest
                if points < low:
                    low, runner_up, after = points, low, w
                elif points < runner_up:
                    runner_up = points
            best[v, k], second[v, k], following[v, k] = low, runner_up, after
    return best, second, following


@compiled
def finish_bounds_by_clock(legs, drives, home, drive_home, service, gain, windows, members, law, step):  # type: ignore[no-untyped-def]
    """The same by time of day at the end of a service, windows kept and the pause left out."""
    count, rate = len(service), law[MINUTE_COST]
    buckets = int((law[LATEST] - law[EARLIEST]) // step) + 1
    best = np.full((count, buckets), INFINITE)
    second = np.full((count, buckets), INFINITE)
    following = np.full((count, buckets), -1, np.int32)
    paid = np.empty((count, count))
    for v in members:
        for w in members:
            paid[v, w] = legs[v, w] + rate * (drives[v, w] + service[w]) - gain[w]
    per_minute = 1.0 / step
    for k in range(buckets - 1, -1, -1):
        clock = law[EARLIEST] + k * step - TIME_SLACK
        for v in members:
            low, runner_up, after = INFINITE, INFINITE, -1
            if clock + drive_home[v] <= law[LATEST] + TIME_SLACK:
                low = home[v] + rate * drive_home[v]
            for w in members:
                if w == v:
                    continue
                end = INFINITE
                for slot in range(windows.shape[1]):
                    opens, closes = windows[w, slot, 0], windows[w, slot, 1]
                    if opens <= closes and clock + drives[v, w] <= closes + TIME_SLACK:
                        end = min(end, max(clock + drives[v, w], opens) + service[w])
                if end > law[LATEST] + TIME_SLACK:
                    continue
                then = min(int((end - 2 * TIME_SLACK - law[EARLIEST]) * per_minute), buckets - 1)
                rest = best[w, then] if following[w, then] != v else second[w, then]
                points = paid[v, w] + rest
                if points < low:
                    low, runner_up, after = points, low, w
                elif points < runner_up:
                    runner_up = points
            best[v, k], second[v, k], following[v, k] = low, runner_up, after
    return best, second, following


@compiled
def cheapest(legs, drives, first_leg, first_drive, home, drive_home, service, gain, windows, members, law,
             near, slots, open_start, open_end, loosened, timed, floor, best, second, following,
             clock_best, clock_second, clock_following, step, width, wanted):  # type: ignore[no-untyped-def]  # fmt: skip
    """(no route costs less than this, points of routes found, their visits padded with −1).

    Points are leg, minutes and minus `gain` of each visit. Only routes below −LOSS are looked for: the bound
    is at most 0. `floor` bounds any completion when `step` is 0 (no completion bounds). `loosened`: the pause
    takes no time and may have been any of the minutes counted.
    """
    count, kinds, rate = len(service), windows.shape[1], law[MINUTE_COST]
    flags = 3 if law[PAUSE] > 0 else 1
    room = 2 * width + 64
    heads = np.full(flags * (count + 1), -1, np.int32)
    numbers, whole = np.empty((width + 1, 8)), np.empty((width + 1, 7), np.int32)
    new_numbers, new_whole = np.empty((room, 8)), np.empty((room, 7), np.int32)
    depth = 64
    parents = np.full((depth + 1, width + 1), -1, np.int32)
    lasts = np.full((depth + 1, width + 1), -1, np.int32)
    closed, where = np.full(count, INFINITE), np.full((count, 2), -1, np.int32)
    size = 0
    for flag in range(flags):
        if (flag == BEHIND) == loosened:
            whole[size, LAST], whole[size, FLAG], whole[size, MEMORY] = count, flag, 0
            numbers[size, :] = 0.0
            numbers[size, EARLY], numbers[size, LATE] = leave_from(flag, law), law[LATEST]
            size += 1
    lowest, cut = 0.0, INFINITE
    for layer in range(depth):
        new_size, bar = 0, -LOSS
        for at in range(size):
            last, flag = whole[at, LAST], whole[at, FLAG]
            label = numbers[at]
            done = least_work(flag, label[EARLY], label[WORK], label[LATE], 0.0, 0.0, 0.0, law, False)
            if layer:
                ways = options(flag, law[PAUSE], not open_end, False)
                for option in range(3):
                    if not ways >> option & 1:
                        continue
                    ended = BEHIND if option != NO_PAUSE else flag
                    early, work, late, _, _, _ = arrive(label, option, drive_home[last], law, False)
                    early, work, late = begin(
                        early, work, late, -INFINITE, back_by(ended, law, law[LATEST]), 0.0
                    )
                    if early == INFINITE:
                        continue
                    worked = least_work(ended, early, work, late, 0.0, 0.0, 0.0, law, False)
                    total = label[POINTS] + home[last] + rate * worked
                    if within(worked, law) and total < closed[last]:
                        closed[last], where[last, 0], where[last, 1] = total, layer, at
                        lowest = min(lowest, total)
            for new in members:
                if new == last:
                    continue
                memory = 0
                if layer:
                    slot = slots[last, new]
                    if slot >= 0 and whole[at, MEMORY] >> slot & 1:
                        continue
                leg = legs[last, new] if layer else first_leg[new]
                drive = drives[last, new] if layer else first_drive[new]
                spent = label[POINTS] + leg - gain[new]
                if step > 0:
                    took = drive + service[new]
                    remaining = min(law[LATEST] - label[EARLY], law[MAX_WORK] - done) - took
                    bucket = int((max(remaining, 0.0) + 10 * TIME_SLACK) // step)
                    ahead = best[new, min(bucket, best.shape[1] - 1)]
                    if spent + rate * (done + took) + ahead >= bar:
                        continue
                ways = options(flag, law[PAUSE], layer > 0, layer > 0 or not open_start)
                remembered = False
                for option in range(3):
                    if not ways >> option & 1:
                        continue
                    ended = BEHIND if option != NO_PAUSE else flag
                    arrived, driven, left_by, _, _, _ = arrive(label, option, drive, law, False)
                    for k in range(kinds):
                        opens, closes = windows[new, k, 0], windows[new, k, 1]
                        if opens > closes:
                            continue
                        early, work, late = begin(arrived, driven, left_by, opens, closes, service[new])
                        if early == INFINITE:
                            continue
                        worked = least_work(ended, early, work, late, 0.0, 0.0, 0.0, law, False)
                        if not within(worked, law):
                            continue
                        ahead = floor
                        if step > 0:
                            remaining = min(law[LATEST] - early, law[MAX_WORK] - worked)
                            bucket = int((max(remaining, 0.0) + 10 * TIME_SLACK) // step)
                            bucket = min(bucket, best.shape[1] - 1)
                            back = last if layer else -2
                            ahead = (
                                best[new, bucket] if following[new, bucket] != back else second[new, bucket]
                            )
                            bucket = max(int((early - TIME_SLACK - law[EARLIEST]) // step), 0)
                            bucket = min(bucket, clock_best.shape[1] - 1)
                            if clock_following[new, bucket] != back:
                                ahead = max(ahead, clock_best[new, bucket])
                            else:
                                ahead = max(ahead, clock_second[new, bucket])
                        estimate = spent + rate * worked + ahead
                        if estimate >= bar:
                            continue
                        if not remembered:
                            remembered = True
                            memory = 1
                            if layer:
                                seen = whole[at, MEMORY]
                                for slot in range(near.shape[1]):
                                    if seen >> slot & 1:
                                        moved = slots[new, near[last, slot]]
                                        if moved >= 0:
                                            memory |= 1 << moved
                        x, y = new_numbers[new_size], new_whole[new_size]
                        x[EARLY], x[WORK], x[LATE] = early, work, late
                        x[FIRST], x[BEFORE], x[DEPART] = 0.0, 0.0, 0.0
                        x[POINTS], x[ESTIMATE] = spent, estimate
                        y[SET], y[LAST], y[FLAG], y[PARENT], y[MEMORY] = 0, new, ended, at, memory
                        key = ended * (count + 1) + new
                        new_size = insert(new_numbers, new_whole, new_size, heads, key, timed, False)
                        if new_size == room:
                            new_size, lost = compress(
                                new_numbers, new_whole, new_size, width, heads, count + 1, 1
                            )
                            cut, bar = min(cut, lost), min(bar, lost)
        size, lost = compress(new_numbers, new_whole, new_size, width, heads, count + 1, 1)
        cut = min(cut, lost)
        if size == 0:
            break
        if layer == depth - 1:
            for at in range(size):
                cut = min(cut, new_numbers[at, ESTIMATE])
        for at in range(size):
            numbers[at] = new_numbers[at]
            whole[at] = new_whole[at]
            parents[layer + 1, at], lasts[layer + 1, at] = new_whole[at, PARENT], new_whole[at, LAST]
            heads[whole[at, FLAG] * (count + 1) + whole[at, LAST]] = -1
    ranks = np.argsort(closed, kind="mergesort")[:wanted]
    routes = np.full((wanted, depth), -1, np.int32)
    points = np.full(wanted, INFINITE)
    for rank in range(len(ranks)):
        end = ranks[rank]
        if closed[end] >= -LOSS:
            break
        points[rank] = closed[end]
        layer, at = where[end]
        while layer > 0:
            routes[rank, layer - 1] = lasts[layer, at]
            at = parents[layer, at]
            layer -= 1
    return min(lowest, cut), points, routes
