"""Sequential k-exchange moves on a tour held as an array.

`tour[p]` is the stop at position p and `position` its inverse. A move takes out k tour edges
(t0,t1), (t2,t3), … and puts in (t1,t2), (t3,t4), …, (t2k-1,t0); which partial moves are worth following is
Lin and Kernighan's gain criterion, and the search in depth over a few good neighbours is Helsgaun's.

Sources: Lin, Kernighan, "An effective heuristic algorithm for the traveling-salesman problem", Operations
Research 21, 1973. Helsgaun, "General k-opt submoves for the Lin-Kernighan TSP heuristic", Mathematical
Programming Computation 1, 2009.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimisers.kernels import compiled

DEPTH = 5
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@compiled
def write_stop(tour: Ints, position: Ints, touched: Ints, place: int, stop: int) -> None:
    """Put `stop` at `place`; remember the place. touched[0] counts; beyond its room only the count grows."""
    tour[place] = stop
    position[stop] = place
    touched[0] += 1
    if touched[0] < len(touched):
        touched[touched[0]] = place


@compiled
def apply_order(
    tour: Ints, position: Ints, touched: Ints, buffer: Ints, starts: Ints, ends: Ints, count: int
) -> None:
    """Rewrite the tour as the given sequence of segments.

    starts, ends: positions of the first and last stop of each segment as read, before the move; a segment
    runs forward unless marked by a negative end, -(end + 1). The longest one stays in place.
    """
    n = len(tour)
    longest, length = 0, -1
    for s in range(count):
        size = (ends[s] - starts[s]) % n if ends[s] >= 0 else (starts[s] + ends[s] + 1) % n
        if size > length:
            longest, length = s, size
    # Reading the cycle the other way round lets a longest segment that is read backwards stay as it is.
    forward = ends[longest] >= 0
    filled = 0
    for step in range(1, count):
        s = (longest + step) % count if forward else (longest - step) % count
        first, last, reads_forward = starts[s], ends[s], ends[s] >= 0
        if not reads_forward:
            last = -last - 1
        if not forward:
            first, last, reads_forward = last, first, not reads_forward
        place = first
        while True:
            buffer[filled] = tour[place]
            filled += 1
            if place == last:
                break
            if reads_forward:
                place = place + 1 if place + 1 < n else 0
            else:
                place = place - 1 if place > 0 else n - 1
    place = ends[longest] if forward else starts[longest]
    for i in range(filled):
        place = place + 1 if place + 1 < n else 0
        if tour[place] != buffer[i]:
            write_stop(tour, position, touched, place, buffer[i])


@compiled
def close_move(tour: Ints, position: Ints, touched: Ints, buffer: Ints, work: Ints, t: Ints, k: int) -> bool:
    """Apply the move of `t[0:2k]` if it leaves one closed tour; False (nothing changed) otherwise.

    work: scratch of 6 * DEPTH numbers.
    """
    n = len(tour)
    left, low, high = work[0:DEPTH], work[DEPTH : 2 * DEPTH], work[2 * DEPTH : 3 * DEPTH]
    rank = work[3 * DEPTH : 4 * DEPTH]
    starts, ends = work[4 * DEPTH : 5 * DEPTH], work[5 * DEPTH : 6 * DEPTH]
    # Edges removed, in tour order: `low` and `high` are the t-numbers of the stop before and after the gap.
    for i in range(k):
        a, b = position[t[2 * i]], position[t[2 * i + 1]]
        if b == (a + 1 if a + 1 < n else 0):
            place, before, after = a, 2 * i, 2 * i + 1
        else:
            place, before, after = b, 2 * i + 1, 2 * i
        j = i
        while j > 0 and left[j - 1] > place:
            left[j], low[j], high[j] = left[j - 1], low[j - 1], high[j - 1]
            j -= 1
        left[j], low[j], high[j] = place, before, after
    for j in range(k):
        rank[low[j] >> 1] = j
    # Walk: over a segment to its other end, over the new edge to the next segment.
    gap, forward = 0, True
    for count in range(k):
        if forward:
            starts[count] = position[t[high[gap]]]
            gap = gap + 1 if gap + 1 < k else 0
            end = low[gap]
            ends[count] = position[t[end]]
        else:
            starts[count] = position[t[low[gap]]]
            gap = gap - 1 if gap > 0 else k - 1
            end = high[gap]
            ends[count] = -position[t[end]] - 1
        mate = end + 1 if end & 1 else end - 1
        if mate < 0:
            mate = 2 * k - 1
        elif mate == 2 * k:
            mate = 0
        gap = rank[mate >> 1]
        forward = high[gap] == mate
        if gap == 0 and forward and count < k - 1:
            return False
    apply_order(tour, position, touched, buffer, starts, ends, k)
    return True


@compiled
def improve_stop(
    base: int, lengths: Floats, near: Ints, breadth: Ints, tour: Ints, position: Ints, touched: Ints,
    buffer: Ints, work: Ints, t: Ints, tried: Ints, gains: Floats, least: float,
) -> tuple[float, int]:  # fmt: skip
    """First improving move that takes out an edge at `base`: its saving and its k; (0, 0): none.

    lengths: (n, n). near: (n, c) good neighbours, best first. breadth: neighbours tried at each depth.
    t, tried, gains: scratch; on return t[0:2k] are the stops of the move. least: the smallest saving taken.
    """
    n = len(tour)
    for side in range(2):
        p = position[base]
        t[0] = base
        t[1] = tour[p + 1 if p + 1 < n else 0] if side == 0 else tour[p - 1 if p > 0 else n - 1]
        gains[0] = lengths[base, t[1]]
        k = 1
        tried[0] = -1
        while k > 0:
            tried[k - 1] += 1
            choice = tried[k - 1]
            if choice >= 2 * breadth[k - 1]:
                k -= 1
                continue
            origin = t[2 * k - 1]
            nearby = near[origin, choice >> 1]
            gain = gains[k - 1] - lengths[origin, nearby]
            if gain <= least:
                tried[k - 1] |= 1
                continue
            p, o = position[nearby], position[origin]
            after = p + 1 if p + 1 < n else 0
            before = p - 1 if p > 0 else n - 1
            if o in (after, before):
                tried[k - 1] |= 1
                continue
            gone = tour[after] if choice & 1 == 0 else tour[before]
            used = False
            for i in range(k):
                a, b = t[2 * i], t[2 * i + 1]
                if (a == nearby and b == gone) or (b == nearby and a == gone):
                    used = True
            if used:
                continue
            gain += lengths[nearby, gone]
            t[2 * k], t[2 * k + 1] = nearby, gone
            saved = gain - lengths[gone, base]
            if saved > least and gone != base and close_move(tour, position, touched, buffer, work, t, k + 1):
                return saved, k + 1
            if k + 1 < DEPTH:
                gains[k] = gain
                tried[k] = -1
                k += 1
    return 0.0, 0
