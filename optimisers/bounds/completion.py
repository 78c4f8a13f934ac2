"""What is left to pay from each (visits made, last one): dynamic programming over sets (Held & Karp 1962).

Time is kept only as far as one number a state can hold it exactly: the earliest end and, apart, the least
driving and service. What both allow is a superset of the lawful tours, so the cheapest completion among them
bounds every label from below, however it got there.
"""

from __future__ import annotations

import numpy as np

from optimisers.bounds.labels import (
    BEHIND,
    INFINITE,
    TIME_SLACK,
    back_by,
    leave_from,
    within,
)
from optimisers.bounds.shift_arrays import EARLIEST, LATEST, MINUTE_COST, PAUSE, PAUSE_FROM, PAUSE_UNTIL
from optimisers.kernels import compiled


@compiled
def sets_allowed(depot, depot_only, parts, van):  # type: ignore[no-untyped-def]
    """(2^m,) whether tools and parts allow a set: all is at hand once the depot is in it.

    That visits made before the depot need nothing from it holds by growing sets one element at a time.
    """
    elements = len(depot_only)
    allowed = np.ones(1 << elements, np.bool_)
    for members in range(1 << elements):
        if depot >= 0 and members >> depot & 1:
            continue
        for element in range(elements):
            if members >> element & 1 and depot_only[element]:
                allowed[members] = False
        for part in range(parts.shape[1]):
            used = 0
            for element in range(elements):
                if members >> element & 1:
                    used += parts[element, part]
            if used > van[part]:
                allowed[members] = False
    return allowed


@compiled
def skip_left(skip):  # type: ignore[no-untyped-def]
    """(2^m,) points for leaving out all that is not in the set."""
    elements = len(skip)
    left = np.zeros(1 << elements)
    for members in range(1 << elements):
        for element in range(elements):
            if not members >> element & 1:
                left[members] += skip[element]
    return left


@compiled
def rested(early, minutes, allow_before, law):  # type: ignore[no-untyped-def]
    """Earliest arrival with the pause before or after the drive; after is earlier where both are in time."""
    last = law[PAUSE_UNTIL] - law[PAUSE] + TIME_SLACK
    if early + minutes <= last:
        return max(early + minutes, law[PAUSE_FROM]) + law[PAUSE]
    if allow_before and early <= last:
        return max(early, law[PAUSE_FROM]) + law[PAUSE] + minutes
    return INFINITE


@compiled
def soonest(arrival, windows, service):  # type: ignore[no-untyped-def]
    """Earliest end of a service reached at `arrival`, any window."""
    best = INFINITE
    for k in range(windows.shape[0]):
        if windows[k, 0] <= windows[k, 1] and arrival <= windows[k, 1] + TIME_SLACK:
            best = min(best, max(arrival, windows[k, 0]) + service)
    return best


@compiled
def earliest_ends(minutes, service, windows, allowed, law):  # type: ignore[no-untyped-def]
    """(flags, 2^m, m) earliest end of the service at the last one, (2^m, m) least driving and service."""
    elements = len(service)
    flags = 3 if law[PAUSE] > 0 else 1
    ends = np.full((flags, 1 << elements, elements), INFINITE)
    driven = np.full((1 << elements, elements), INFINITE)
    for members in range(1 << elements):
        if not allowed[members]:
            continue
        for last in range(elements if members else 1):
            source = last if members else elements
            if members and not members >> last & 1:
                continue
            done = driven[members, last] if members else 0.0
            if done == INFINITE:
                continue
            for new in range(elements):
                grown = members | 1 << new
                if members >> new & 1 or not allowed[grown]:
                    continue
                drive = minutes[source, new]
                worked = done + drive + service[new]
                if not within(worked, law):
                    continue
                reached = False
                for flag in range(flags):
                    early = ends[flag, members, last] if members else leave_from(flag, law)
                    if not members and flag == BEHIND:
                        continue
                    if early == INFINITE:
                        continue
                    end = soonest(early + drive, windows[new], service[new])
                    if end < INFINITE:
                        reached = True
                        ends[flag, grown, new] = min(ends[flag, grown, new], end)
                    if flags > 1 and flag != BEHIND:
                        end = soonest(rested(early, drive, members != 0, law), windows[new], service[new])
                        if end < INFINITE:
                            reached = True
                            ends[BEHIND, grown, new] = min(ends[BEHIND, grown, new], end)
                if reached:
                    driven[grown, new] = min(driven[grown, new], worked)
    return ends, driven


@compiled
def may_close(flag, early, drive, open_end, law):  # type: ignore[no-untyped-def]
    """Whether a tour whose last service ends at `early` can be back in time."""
    if early + drive <= back_by(flag, law, law[LATEST]) + TIME_SLACK:
        return True
    if flag != BEHIND:
        last = law[PAUSE_UNTIL] - law[PAUSE] + TIME_SLACK
        if law[PAUSE] > 0 and not open_end and early <= last:
            return max(early, law[PAUSE_FROM]) + law[PAUSE] + drive <= law[LATEST] + TIME_SLACK
    return False


@compiled
def bucket_of(clock, buckets, law):  # type: ignore[no-untyped-def]
    """Which of the equal parts of the shift a time falls into."""
    part = int(buckets * (clock - law[EARLIEST]) / max(law[LATEST] - law[EARLIEST], TIME_SLACK))
    return min(max(part, 0), buckets - 1)


@compiled
def completions(points, minutes, end_points, end_minutes, service, windows, left, allowed, law, ends, driven,
                open_end, depot, buckets):  # type: ignore[no-untyped-def]  # fmt: skip
    """(flags, 2^m, m, buckets) points that finishing costs at least, the visits left out included.

    The last number is the part of the shift in which the last service ended (`bucket_of`).
    """
    elements = len(service)
    flags = ends.shape[0]
    rate = law[MINUTE_COST]
    to_pay = np.full((flags, 1 << elements, elements, buckets), INFINITE)
    length = (law[LATEST] - law[EARLIEST]) / buckets
    depot_bit = 1 << depot if depot >= 0 else 0
    for members in range((1 << elements) - 1, 0, -1):
        for last in range(elements):
            done = driven[members, last]
            if not members >> last & 1 or done == INFINITE:
                continue
            home = end_minutes[last]
            closes = members != depot_bit and within(done + home, law)
            for flag in range(flags):
                soon = ends[flag, members, last]
                if soon == INFINITE:
                    continue
                for part in range(bucket_of(soon, buckets, law), buckets):
                    early = max(soon, law[EARLIEST] + part * length)
                    best = INFINITE
                    if closes and may_close(flag, early, home, open_end, law):
                        best = end_points[last] + rate * home + left[members]
                    for new in range(elements):
                        grown = members | 1 << new
                        if members >> new & 1 or not allowed[grown]:
                            continue
                        drive = minutes[last, new]
                        if not within(done + drive + service[new], law):
                            continue
                        price = points[last, new] + rate * (drive + service[new])
                        end = soonest(early + drive, windows[new], service[new])
                        if end < INFINITE:
                            rest = to_pay[flag, grown, new, bucket_of(end, buckets, law)]
                            best = min(best, price + rest)
                        if flags > 1 and flag != BEHIND:
                            end = soonest(rested(early, drive, True, law), windows[new], service[new])
                            if end < INFINITE:
                                rest = to_pay[BEHIND, grown, new, bucket_of(end, buckets, law)]
                                best = min(best, price + rest)
                    to_pay[flag, members, last, part] = best
    return to_pay
