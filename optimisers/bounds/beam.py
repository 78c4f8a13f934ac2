"""Labels of partial tours grown one stop at a time, best ones first where there are too many to keep all.

Without a cut the search is exact: labels die only by dominance or because they cannot beat the best tour.
Where `width` cuts, the least estimate among the labels cut stays a valid bound.
"""

from __future__ import annotations

import numpy as np

from optimisers.bounds.completion import bucket_of
from optimisers.bounds.labels import (
    BEFORE,
    BEHIND,
    DEPART,
    EARLY,
    FIRST,
    INFINITE,
    LATE,
    NO_PAUSE,
    WORK,
    arrive,
    back_by,
    begin,
    least_work,
    leave_from,
    options,
    within,
)
from optimisers.bounds.shift_arrays import LATEST, MINUTE_COST, PAUSE
from optimisers.kernels import compiled

# Further columns of a label's numbers, and those of its whole numbers.
POINTS, ESTIMATE = 6, 7
SET, LAST, FLAG, PARENT, NEXT, ALIVE, MEMORY = range(7)
GAIN = 1e-9  # a tour counts as better from this many points on


@compiled
def dominates(a, b, timed, stretch):  # type: ignore[no-untyped-def]
    """Whether label `a` is at least as good as `b` whatever follows (same set, last one and flag)."""
    if a[POINTS] > b[POINTS] or a[EARLY] > b[EARLY]:
        return False
    if (timed or stretch) and (a[WORK] > b[WORK] or a[LATE] < b[LATE]):
        return False
    return not stretch or (a[FIRST] <= b[FIRST] and a[BEFORE] <= b[BEFORE] and a[DEPART] >= b[DEPART])


@compiled
def insert(numbers, whole, count, heads, key, timed, stretch):  # type: ignore[no-untyped-def]
    """Keep the label at position `count` unless one dominates it; kill those it dominates. New count.

    A label that may still make what the other must not (MEMORY, a set of bits) is not dominated by it.
    """
    previous, at = -1, heads[key]
    while at >= 0:
        following = whole[at, NEXT]
        shared = whole[at, MEMORY] & whole[count, MEMORY]
        if shared == whole[at, MEMORY] and dominates(numbers[at], numbers[count], timed, stretch):
            return count
        if shared == whole[count, MEMORY] and dominates(numbers[count], numbers[at], timed, stretch):
            whole[at, ALIVE] = 0
            if previous < 0:
                heads[key] = following
            else:
                whole[previous, NEXT] = following
        else:
            previous = at
        at = following
    whole[count, NEXT], whole[count, ALIVE] = heads[key], 1
    heads[key] = count
    return count + 1


@compiled
def compress(numbers, whole, count, width, heads, elements, sets):  # type: ignore[no-untyped-def]
    """Only the live labels, the `width` best by estimate. (new count, least estimate of those cut)."""
    alive = 0
    for at in range(count):
        heads[(whole[at, FLAG] * sets + whole[at, SET]) * elements + whole[at, LAST]] = -1
        if whole[at, ALIVE]:
            numbers[alive] = numbers[at]
            whole[alive] = whole[at]
            alive += 1
    cut = INFINITE
    if alive > width:
        ranks = np.argsort(numbers[:alive, ESTIMATE], kind="mergesort")
        for rank in range(width, alive):
            whole[ranks[rank], ALIVE] = 0
        cut = numbers[ranks[width], ESTIMATE]
        kept = 0
        for at in range(alive):
            if whole[at, ALIVE]:
                numbers[kept] = numbers[at]
                whole[kept] = whole[at]
                kept += 1
        alive = kept
    for at in range(alive):
        key = (whole[at, FLAG] * sets + whole[at, SET]) * elements + whole[at, LAST]
        whole[at, NEXT] = heads[key]
        heads[key] = at
    return alive, cut


@compiled
def search(points, minutes, end_points, end_minutes, service, windows, left, allowed, law, to_pay, depot,
           open_start, open_end, stretch, timed, width, best):  # type: ignore[no-untyped-def]  # fmt: skip
    """(points of the best tour below `best`, its elements in order, least estimate of what was cut).

    The order is empty when no tour is below `best`.
    """
    elements, kinds = len(service), windows.shape[1]
    sets, flags, rate = 1 << elements, to_pay.shape[0], law[MINUTE_COST]
    buckets = to_pay.shape[3]
    heads = np.full(flags * sets * elements, -1, np.int32)
    room = 2 * width + 64
    numbers, whole = np.empty((width + 1, 8)), np.empty((width + 1, 7), np.int32)
    new_numbers, new_whole = np.empty((room, 8)), np.empty((room, 7), np.int32)
    parents, lasts = (
        np.full((elements + 1, width + 1), -1, np.int32),
        np.full((elements + 1, width + 1), -1, np.int8),
    )
    count = 0
    for flag in range(flags):
        if flag != BEHIND:
            whole[count, SET], whole[count, LAST], whole[count, FLAG] = 0, elements, flag
            numbers[count, :] = 0.0
            numbers[count, EARLY], numbers[count, LATE] = leave_from(flag, law), law[LATEST]
            count += 1
    cut, best_layer, best_label = INFINITE, -1, -1
    depot_bit = 1 << depot if depot >= 0 else 0
    for layer in range(elements + 1):
        new_count = 0
        for at in range(count):
            members, last, flag = whole[at, SET], whole[at, LAST], whole[at, FLAG]
            label = numbers[at]
            if layer and label[ESTIMATE] >= best - GAIN:
                continue
            # The way home.
            if members and members != depot_bit:
                ways = options(flag, law[PAUSE], not open_end, False)
                for option in range(3):
                    if not ways >> option & 1:
                        continue
                    ended = BEHIND if option != NO_PAUSE else flag
                    early, work, late, first, before, depart = arrive(
                        label, option, end_minutes[last], law, stretch
                    )
                    latest = back_by(ended, law, law[LATEST])
                    early, work, late = begin(early, work, late, -INFINITE, latest, 0.0)
                    if early == INFINITE:
                        continue
                    worked = least_work(ended, early, work, late, first, before, depart, law, stretch)
                    total = label[POINTS] + end_points[last] + rate * worked + left[members]
                    if within(worked, law) and total < best - GAIN:
                        best, best_layer, best_label = total, layer, at
            for new in range(elements):
                grown = members | 1 << new
                if members >> new & 1 or not allowed[grown]:
                    continue
                ways = options(flag, law[PAUSE], layer > 0, layer > 0 or not open_start)
                for option in range(3):
                    if not ways >> option & 1:
                        continue
                    ended = BEHIND if option != NO_PAUSE else flag
                    spent = label[POINTS] + points[last, new]
                    arrived, driven, home_by, first, before, depart = arrive(
                        label, option, minutes[last, new], law, stretch
                    )
                    for k in range(kinds):
                        opens, closes = windows[new, k, 0], windows[new, k, 1]
                        if opens > closes:
                            continue
                        early, work, late = begin(arrived, driven, home_by, opens, closes, service[new])
                        if early == INFINITE:
                            continue
                        worked = least_work(ended, early, work, late, first, before, depart, law, stretch)
                        ahead = to_pay[ended, grown, new, bucket_of(early, buckets, law)]
                        estimate = spent + ahead + (rate * worked if rate > 0 else 0.0)
                        if not within(worked, law) or estimate >= best - GAIN:
                            continue
                        x, y = new_numbers[new_count], new_whole[new_count]
                        x[EARLY], x[WORK], x[LATE] = early, work, late
                        x[FIRST], x[BEFORE], x[DEPART] = first, before, depart
                        x[POINTS], x[ESTIMATE] = spent, estimate
                        y[SET], y[LAST], y[FLAG], y[PARENT], y[MEMORY] = grown, new, ended, at, 0
                        key = (ended * sets + grown) * elements + new
                        new_count = insert(new_numbers, new_whole, new_count, heads, key, timed, stretch)
                        if new_count == room:
                            new_count, lost = compress(
                                new_numbers, new_whole, new_count, width, heads, elements, sets
                            )
                            cut = min(cut, lost)
        count, lost = compress(new_numbers, new_whole, new_count, width, heads, elements, sets)
        cut = min(cut, lost)
        if count == 0:
            break
        for at in range(count):
            numbers[at] = new_numbers[at]
            whole[at] = new_whole[at]
            parents[layer + 1, at], lasts[layer + 1, at] = new_whole[at, PARENT], new_whole[at, LAST]
            heads[(whole[at, FLAG] * sets + whole[at, SET]) * elements + whole[at, LAST]] = -1
    order = np.empty(max(best_layer, 0), np.int64)
    layer, at = best_layer, best_label
    while layer > 0:
        order[layer - 1] = lasts[layer, at]
        at = parents[layer, at]
        layer -= 1
    return best, order, cut
