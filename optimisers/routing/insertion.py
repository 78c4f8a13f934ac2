"""Where a visit goes best: every promising position in constant time, the exact times only of the best.

Without the pause and with windows merged, the minutes found for a position are a lower bound once the
pause's minutes are taken off; candidates are therefore tried exactly in the order of their bound, until no
bound is below the best cost found.
"""

from __future__ import annotations

import numpy as np

from optimisers.kernels import kernel
from optimisers.routing.arrays import (
    CLOSING,
    DAY,
    END,
    MAX_DAYS,
    MAX_WEEK,
    MAX_WORK,
    MINUTES,
    MINUTES_BACK,
    OPENING,
    POINTS,
    POINTS_BACK,
    SERVICE,
    START,
    TECHNICIAN,
    TOLERANCE,
    Hints,
    Rules,
)
from optimisers.routing.state import (
    DEPOT,
    FOUND,
    HEAD_EARLY,
    HEAD_LATE,
    HEAD_WORK,
    LEG,
    PLAYED,
    POSITION,
    SHIFT,
    SIZE,
    TAIL_EARLY,
    TAIL_LATE,
    TAIL_WORK,
    WAY,
    WORK,
    State,
    balance_change,
    chance,
)
from optimisers.routing.steps import has_parts, put
from optimisers.routing.times import best_times

EMPTY_SHIFTS, EXACT_TRIES = 6, 16


@kernel
def insert_best(rules: Rules, hints: Hints, st: State, v: int, blink: float) -> bool:
    """Put a visit where it costs least (positions are overlooked with probability `blink`).

    It stays out when every place found costs more than leaving it out.
    """
    st.counts[FOUND] = 0
    _collect(rules, hints, st, v, blink)
    best, which, tries = hints.skip[v], -1, 0
    while tries < EXACT_TRIES:
        lowest, at = best - TOLERANCE, -1
        for q in range(st.counts[FOUND]):
            if st.found[q] < lowest:
                lowest, at = st.found[q], q
        if at < 0:
            break
        if rules.plain:
            which = at
            break
        st.found[at] = np.inf
        exact = _exact(rules, st, v, st.found_at[at, 0], st.found_at[at, 1], st.found_at[at, 2])
        if exact < best:
            best, which = exact, at
        tries += 1
    if which < 0:
        return False
    put(rules, hints, st, v, st.found_at[which, 0], st.found_at[which, 1], st.found_at[which, 2])
    return True


@kernel
def _collect(rules: Rules, hints: Hints, st: State, v: int, blink: float) -> None:
    if hints.scan_all:
        for q in range(hints.shift_count[v]):
            s = hints.shifts[v, q]
            _scan(rules, st, v, s, 0, st.route[s, SIZE], blink)
        return
    for q in range(hints.near.shape[1]):
        u = hints.near[v, q]
        s = st.where[u, SHIFT]
        if s >= 0 and rules.choice[v, s] < np.inf and _has_room(rules, st, v, s):
            _scan(rules, st, v, s, st.where[u, POSITION], st.where[u, POSITION] + 1, blink)
    empty = 0
    for q in range(hints.shift_count[v]):
        s = hints.shifts[v, q]
        if st.route[s, SIZE] == 0:
            _scan(rules, st, v, s, 0, 0, blink)
            empty += 1
            if empty == EMPTY_SHIFTS:
                break
    if st.counts[FOUND] == 0:
        for q in range(hints.shift_count[v]):
            s = hints.shifts[v, q]
            if _has_room(rules, st, v, s):
                _scan(rules, st, v, s, 0, st.route[s, SIZE], blink)


@kernel
def _has_room(rules: Rules, st: State, v: int, s: int) -> bool:
    """Quick no to shifts that are full, were the visit on the way."""
    if not rules.commute_counts:
        return True
    who, service = rules.shift[s, TECHNICIAN], rules.hull[v, 0, SERVICE]
    return (
        st.price[s, WAY] + service <= rules.hours[s, MAX_WORK] + TOLERANCE
        and st.minutes[who] - st.price[s, WORK] + st.price[s, WAY] + service
        <= rules.crew[who, MAX_WEEK] + TOLERANCE
    )


@kernel
def _scan(rules: Rules, st: State, v: int, s: int, low: int, high: int, blink: float) -> None:
    """Candidates before positions low..high of a shift."""
    if (
        st.route[s, SIZE] == 0
        and st.days[rules.shift[s, TECHNICIAN]] + 1 > rules.crew[rules.shift[s, TECHNICIAN], MAX_DAYS]
    ):
        return
    room = st.seq.shape[1]
    if st.route[s, SIZE] + 1 > room:
        return
    carried = rules.has_tools[s, v] and has_parts(rules, st, s, v)
    depot = st.route[s, DEPOT]
    if not carried:
        if not rules.has_depot or st.route[s, SIZE] + 2 > room:
            return
        if depot < 0:
            _scan_with_depot(rules, st, v, s, low, high, blink)
            return
        low = max(low, depot + 1)
    for i in range(low, high + 1):
        if blink > 0.0 and chance(st) < blink:
            continue
        here = rules.at[st.seq[s, i - 1]] if i > 0 else rules.shift[s, START]
        early, work = st.halves[s, i, HEAD_EARLY], st.halves[s, i, HEAD_WORK]
        late = st.halves[s, i, HEAD_LATE]
        _offer(rules, st, v, s, i, -1, here, early, work, late, -st.halves[s, i, LEG])


@kernel
def _scan_with_depot(rules: Rules, st: State, v: int, s: int, low: int, high: int, blink: float) -> None:
    """The depot first, before position j, then the visit before position i ≥ j."""
    stop, day, n = len(rules.at) - 1, rules.shift[s, DAY], st.route[s, SIZE]
    place, opening, closing = rules.at[stop], rules.hull[stop, day, OPENING], rules.hull[stop, day, CLOSING]
    for j in range(high + 1):
        here = rules.at[st.seq[s, j - 1]] if j > 0 else rules.shift[s, START]
        early = st.halves[s, j, HEAD_EARLY] + rules.leg[place, here, MINUTES_BACK]
        work = st.halves[s, j, HEAD_WORK] + rules.leg[place, here, MINUTES_BACK]
        late = min(st.halves[s, j, HEAD_LATE], closing - work)
        if early > closing + TOLERANCE:
            return
        early = max(early, opening) + rules.hull[stop, day, SERVICE]
        work += rules.hull[stop, day, SERVICE]
        after = rules.at[st.seq[s, j]] if j < n else rules.shift[s, END]
        to_depot, from_depot = rules.leg[place, here, POINTS_BACK], rules.leg[place, after, POINTS]
        detour = to_depot + from_depot - st.halves[s, j, LEG]
        here = place
        for i in range(j, high + 1):
            if i > j:
                u = st.seq[s, i - 1]
                drive = rules.leg[here, rules.at[u], MINUTES]
                early, work, here = early + drive, work + drive, rules.at[u]
                if early > rules.hull[u, day, CLOSING] + TOLERANCE:
                    break
                late = min(late, rules.hull[u, day, CLOSING] - work)
                early = max(early, rules.hull[u, day, OPENING]) + rules.hull[u, day, SERVICE]
                work += rules.hull[u, day, SERVICE]
            if i >= low and not (blink > 0.0 and chance(st) < blink):
                replaced = from_depot if i == j else st.halves[s, i, LEG]
                _offer(rules, st, v, s, i, j, here, early, work, late, detour - replaced)


@kernel
def _offer(
    rules: Rules, st: State, v: int, s: int, i: int, j: int, here: int,
    early: float, work: float, late: float, points: float,
) -> None:  # fmt: skip
    """Price visit v between a partial route and the tail from position i; keep it if it may be lawful.

    `points` holds what changes besides the visit's choice and its two legs. Legs are read along the visit's
    own row of the matrix: in large instances, anything else waits for memory.
    """
    day, place, n = rules.shift[s, DAY], rules.at[v], st.route[s, SIZE]
    drive = rules.leg[place, here, MINUTES_BACK]
    early, work = early + drive, work + drive
    closing, service = rules.hull[v, day, CLOSING], rules.hull[v, day, SERVICE]
    if early > closing + TOLERANCE:
        return
    after = rules.at[st.seq[s, i]] if i < n else rules.shift[s, END]
    drive = service + rules.leg[place, after, MINUTES]
    late = min(late, closing - work)
    early, work = max(early, rules.hull[v, day, OPENING]) + drive, work + drive
    if early > st.halves[s, i, TAIL_LATE] + TOLERANCE:
        return
    late = min(late, st.halves[s, i, TAIL_LATE] - work)
    work += st.halves[s, i, TAIL_WORK]
    early = max(early + st.halves[s, i, TAIL_WORK], st.halves[s, i, TAIL_EARLY])
    least = max(work, early - late - rules.pause_min)
    if not rules.commute_counts:
        first = place if i == 0 else rules.at[st.seq[s, 0]]
        last = place if i == n else rules.at[st.seq[s, n - 1]]
        first = rules.at[len(rules.at) - 1] if j == 0 else first
        least -= rules.leg[rules.shift[s, START], first, MINUTES]
        least -= rules.leg[last, rules.shift[s, END], MINUTES]
    who = rules.shift[s, TECHNICIAN]
    more = least - st.price[s, WORK]
    if least > rules.hours[s, MAX_WORK] + TOLERANCE:
        return
    if st.minutes[who] + more > rules.crew[who, MAX_WEEK] + TOLERANCE:
        return
    points += rules.choice[v, s] + rules.leg[place, here, POINTS_BACK] + rules.leg[place, after, POINTS]
    points += rules.minute_cost * more + balance_change(rules, st, who, more)
    spot = st.counts[FOUND]
    if rules.plain:
        if spot > 0 and points >= st.found[0]:
            return
        spot = 0
    elif spot == len(st.found):
        return
    st.found[spot] = points
    st.found_at[spot, 0], st.found_at[spot, 1], st.found_at[spot, 2] = s, i, j
    st.counts[FOUND] = spot + 1


@kernel
def _exact(rules: Rules, st: State, v: int, s: int, i: int, j: int) -> float:
    """Points of an insertion with its exact times, inf when it is unlawful."""
    n, filled, points = st.route[s, SIZE], 0, rules.choice[v, s]
    for k in range(n + 1):
        if k == j:
            st.buffer[filled] = len(rules.at) - 1
            filled += 1
        if k == i:
            st.buffer[filled] = v
            filled += 1
        if k < n:
            st.buffer[filled] = st.seq[s, k]
            filled += 1
    here = rules.shift[s, START]
    for k in range(filled):
        points += rules.leg[here, rules.at[st.buffer[k]], 0]
        here = rules.at[st.buffer[k]]
    points += rules.leg[here, rules.shift[s, END], 0]
    here = rules.shift[s, START]
    if n > 0:
        for k in range(n):
            points -= rules.leg[here, rules.at[st.seq[s, k]], 0]
            here = rules.at[st.seq[s, k]]
        points -= rules.leg[here, rules.shift[s, END], 0]
    work = best_times(rules, s, st.buffer, filled, st.ws)
    who = rules.shift[s, TECHNICIAN]
    more = work - st.price[s, WORK]
    if work == np.inf or st.minutes[who] + more > rules.crew[who, MAX_WEEK] + TOLERANCE:
        return np.inf
    return points + rules.minute_cost * more + balance_change(rules, st, who, more)


@kernel
def recreate(rules: Rules, hints: Hints, st: State, blink: float) -> None:
    """Insert the visits in play one by one, in an order drawn anew (Christiaens & Vanden Berghe 2020)."""
    n = st.counts[PLAYED]
    kind = chance(st)
    for q in range(n):
        v = st.play[q]
        key = _urgency(rules, hints, st, v, kind)
        k = q
        while k > 0 and st.key[k - 1] > key:
            st.key[k], st.play[k] = st.key[k - 1], st.play[k - 1]
            k -= 1
        st.key[k], st.play[k] = key, v
    for q in range(n):
        insert_best(rules, hints, st, st.play[q], blink)


@kernel
def _urgency(rules: Rules, hints: Hints, st: State, v: int, kind: float) -> float:
    """The lower, the sooner: at random, long, few shifts, dear to leave out, narrow window, far."""
    noise = chance(st)
    if kind < 0.4:
        return noise
    if kind < 0.55:
        return -rules.hull[v, 0, SERVICE] - 0.1 * noise
    if kind < 0.7:
        return hints.shift_count[v] + noise
    if kind < 0.8:
        return -hints.skip[v] * (0.8 + 0.4 * noise)
    s = hints.shifts[v, 0]
    if kind < 0.9:
        return (
            rules.hull[v, rules.shift[s, DAY], CLOSING] - rules.hull[v, rules.shift[s, DAY], OPENING] + noise
        )
    return (
        -rules.leg[rules.shift[s, START], rules.at[v], 0] - rules.leg[rules.shift[s, START], rules.at[v], 1]
    )
