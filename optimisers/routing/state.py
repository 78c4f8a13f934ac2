"""The plan being searched, as arrays that kernels change in place, with its cost kept up to date.

For each route the partial routes up to and from every position are kept (with windows merged to their hull
and without the pause): two of them around a new stop give its time in constant time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimisers.routing.arrays import (
    CLOSING,
    DAY,
    EARLIEST,
    END,
    FAIR,
    LATEST,
    MAX_WEEK,
    MAX_WORK,
    MINUTES,
    OPENING,
    POINTS,
    SERVICE,
    START,
    TECHNICIAN,
    TOLERANCE,
    Hints,
    Rules,
    Workspace,
    workspace,
)
from optimisers.routing.kernel import kernel
from optimisers.routing.times import best_times

# Columns and places of the arrays below.
SIZE, DEPOT, TOUCHED, OLD_SIZE = 0, 1, 2, 3
WORK, COST, WAY = 0, 1, 2
HEAD_EARLY, HEAD_WORK, HEAD_LATE, TAIL_EARLY, TAIL_WORK, TAIL_LATE, LEG = 0, 1, 2, 3, 4, 5, 6
SHIFT, POSITION, OUT_AT, IN_PLAY = 0, 1, 2, 3
LEFT_OUT, CHANGED, PLAYED, FOUND = 0, 1, 2, 3
LINEAR, HOURS, FAIR_HOURS, SKIPPED, SQUARES = 0, 1, 2, 3, 4


class State(NamedTuple):
    """A plan, what the step under way changed in it, and scratch."""

    seq: np.ndarray  # (S, C) stops
    route: np.ndarray  # (S, 4) stops, position of the depot or -1, changed in this step?, stops before it
    price: np.ndarray  # (S, 3) exact minutes, points without balance, minutes of driving and service
    halves: np.ndarray  # (S, C + 1, 7) by leg: early, work, late before it; same behind it; points
    where: np.ndarray  # (V, 4) shift or -1, position, place among the left out or -1, in play?
    minutes: np.ndarray  # (T,)
    days: np.ndarray  # (T,)
    parts: np.ndarray  # (T, P) used
    counts: np.ndarray  # visits left out, shifts changed, visits in play, candidates
    totals: np.ndarray  # LINEAR, HOURS, FAIR_HOURS, SKIPPED, SQUARES
    out: np.ndarray  # (V,) left out
    changed: np.ndarray  # (S,) shifts changed in this step
    old_seq: np.ndarray  # (S, C) as they were
    play: np.ndarray  # (V,) visits that may change place in this step
    key: np.ndarray  # (V,) order of insertion
    buffer: np.ndarray  # (C + 2,) stops of a route tried
    found: np.ndarray  # candidates: points, never above the exact ones but for balance
    found_at: np.ndarray  # candidates: shift, position, depot's position or -1
    random: np.ndarray  # (1,) state of the generator
    ws: Workspace


def new_state(rules: Rules, hints: Hints, seed: int) -> State:
    """Everything left out."""
    visits, shifts = rules.choice.shape
    technicians, parts = rules.has_part.shape
    room, tried = _most_stops(rules), 4 * (visits + shifts) + 64
    where = np.full((visits, 4), -1)
    where[:, OUT_AT], where[:, IN_PLAY] = np.arange(visits), 0
    state = State(
        seq=np.zeros((shifts, room), np.int64),
        route=np.zeros((shifts, 4), np.int64),
        price=np.zeros((shifts, 3)),
        halves=np.zeros((shifts, room + 1, 7)),
        where=where,
        minutes=np.zeros(technicians),
        days=np.zeros(technicians, np.int64),
        parts=np.zeros((technicians, parts), np.int64),
        counts=np.array([visits, 0, 0, 0]),
        totals=np.zeros(5),
        out=np.arange(visits),
        changed=np.zeros(shifts, np.int64),
        old_seq=np.zeros((shifts, room), np.int64),
        play=np.zeros(visits, np.int64),
        key=np.zeros(visits),
        buffer=np.zeros(room + 2, np.int64),
        found=np.zeros(tried),
        found_at=np.zeros((tried, 3), np.int64),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64], dtype=np.uint64),
        ws=workspace(rules, room + 1),
    )
    state.totals[SKIPPED] = hints.skip.sum()
    for shift in range(shifts):
        refresh(rules, state, shift)
    return state


def _most_stops(rules: Rules) -> int:
    """No route can hold more: shortest services first until the longest shift is full; and the depot."""
    service = np.sort(rules.hull[:-1, 0, SERVICE])
    hours = np.minimum(rules.hours[:, MAX_WORK], rules.hours[:, LATEST] - rules.hours[:, EARLIEST])
    longest = np.max(hours, initial=0.0)
    return int(np.searchsorted(service.cumsum(), longest + 1e-6, side="right")) + 3


@kernel
def chance(st: State) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna 2016), own state so that slices and seeds decide alone."""
    x = st.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    st.random[0] = x
    return np.float64((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@kernel
def pick(st: State, n: int) -> int:
    """Uniform in 0..n-1."""
    return min(int(chance(st) * n), n - 1)


@kernel
def total(rules: Rules, st: State) -> float:
    """Objective of the plan, balance included."""
    t = st.totals
    squares = t[SQUARES] - 2.0 * t[HOURS] * t[FAIR_HOURS] + t[HOURS] ** 2 * rules.fair_squares
    return t[LINEAR] + t[SKIPPED] + rules.balance * squares


@kernel
def balance_change(rules: Rules, st: State, who: int, minutes: float) -> float:
    """Points when a technician works `minutes` more: the square's two terms, shares of all moving along."""
    if rules.balance == 0.0:
        return 0.0
    more, hours = minutes / 60.0, st.totals[HOURS]
    off = st.minutes[who] / 60.0 - rules.crew[who, FAIR] * hours
    common = st.totals[FAIR_HOURS] - hours * rules.fair_squares
    return rules.balance * (
        2.0 * more * (off - common) + more**2 * (1.0 - 2.0 * rules.crew[who, FAIR] + rules.fair_squares)
    )


@kernel
def count_work(rules: Rules, st: State, who: int, minutes: float) -> None:
    hours, more = st.minutes[who] / 60.0, minutes / 60.0
    st.totals[HOURS] += more
    st.totals[FAIR_HOURS] += rules.crew[who, FAIR] * more
    st.totals[SQUARES] += (hours + more) ** 2 - hours**2
    st.minutes[who] += minutes


@kernel
def refresh(rules: Rules, st: State, s: int) -> bool:
    """Recompute a route from its stops; False when it is unlawful by itself (its cost is then inf)."""
    n, day, seq, who = st.route[s, SIZE], rules.shift[s, DAY], st.seq[s], rules.shift[s, TECHNICIAN]
    here, at = rules.shift[s, START], rules.shift[s, START]
    st.halves[s, 0, HEAD_EARLY], st.halves[s, 0, HEAD_WORK], st.halves[s, 0, HEAD_LATE] = (
        rules.hours[s, EARLIEST],
        0.0,
        rules.hours[s, LATEST],
    )
    points, lawful, depot = 0.0, True, len(rules.at) - 1
    st.route[s, DEPOT] = -1
    for i in range(n):
        stop = seq[i]
        at = rules.at[stop]
        if stop == depot:
            st.route[s, DEPOT] = i
        else:
            points += rules.choice[stop, s]
            st.where[stop, SHIFT], st.where[stop, POSITION] = s, i
        drive = rules.leg[here, at, MINUTES]
        st.halves[s, i, LEG] = rules.leg[here, at, POINTS]
        points += st.halves[s, i, LEG]
        arrived = st.halves[s, i, HEAD_WORK] + drive
        early, closing = st.halves[s, i, HEAD_EARLY] + drive, rules.hull[stop, day, CLOSING]
        lawful = lawful and early <= closing + TOLERANCE
        st.halves[s, i + 1, HEAD_EARLY] = (
            max(early, rules.hull[stop, day, OPENING]) + rules.hull[stop, 0, SERVICE]
        )
        st.halves[s, i + 1, HEAD_WORK] = arrived + rules.hull[stop, 0, SERVICE]
        st.halves[s, i + 1, HEAD_LATE] = min(st.halves[s, i, HEAD_LATE], closing - arrived)
        here = at
    st.halves[s, n, LEG] = rules.leg[here, rules.shift[s, END], POINTS] if n > 0 else 0.0
    points += st.halves[s, n, LEG]
    st.halves[s, n, TAIL_EARLY], st.halves[s, n, TAIL_WORK], st.halves[s, n, TAIL_LATE] = (
        -np.inf,
        0.0,
        rules.hours[s, LATEST],
    )
    for i in range(n - 1, -1, -1):
        stop = seq[i]
        after = rules.at[seq[i + 1]] if i + 1 < n else rules.shift[s, END]
        spent = rules.hull[stop, 0, SERVICE] + rules.leg[rules.at[stop], after, 1]
        opening, closing = rules.hull[stop, day, OPENING], rules.hull[stop, day, CLOSING]
        st.halves[s, i, TAIL_WORK] = st.halves[s, i + 1, TAIL_WORK] + spent
        st.halves[s, i, TAIL_LATE] = min(closing, st.halves[s, i + 1, TAIL_LATE] - spent)
        st.halves[s, i, TAIL_EARLY] = max(
            st.halves[s, i + 1, TAIL_EARLY], opening + st.halves[s, i, TAIL_WORK]
        )
    st.price[s, WAY] = st.halves[s, n, HEAD_WORK] + rules.leg[here, rules.shift[s, END], MINUTES]
    work = 0.0
    if n > 0:
        if not rules.plain:
            work = best_times(rules, s, seq, n, st.ws)
        elif lawful:
            work = _plain_work(rules, st, s, n, rules.leg[here, rules.shift[s, END], 1])
        lawful = lawful and work < np.inf
    if not lawful:
        work = 0.0
    count_work(rules, st, who, work - st.price[s, WORK])
    st.price[s, WORK] = work
    points = points + rules.minute_cost * work if n > 0 else 0.0
    st.totals[LINEAR] += points - st.price[s, COST]
    st.price[s, COST] = points
    return lawful


@kernel
def _plain_work(rules: Rules, st: State, s: int, n: int, drive: float) -> float:
    back, minutes = st.halves[s, n, HEAD_EARLY] + drive, st.halves[s, n, HEAD_WORK] + drive
    late = min(st.halves[s, n, HEAD_LATE], rules.hours[s, LATEST] - minutes)
    work = max(minutes, back - late)
    if back > rules.hours[s, LATEST] + TOLERANCE or work > rules.hours[s, MAX_WORK] + TOLERANCE:
        return np.inf
    return work


@kernel
def touch(st: State, s: int) -> None:
    """Keep a route as it was before this step."""
    if st.route[s, TOUCHED] == 0:
        st.route[s, TOUCHED] = 1
        st.changed[st.counts[CHANGED]] = s
        st.counts[CHANGED] += 1
        st.route[s, OLD_SIZE] = st.route[s, SIZE]
        for i in range(st.route[s, SIZE]):
            st.old_seq[s, i] = st.seq[s, i]


@kernel
def bring_into_play(st: State, v: int) -> None:
    if st.where[v, IN_PLAY] == 0:
        st.where[v, IN_PLAY] = 1
        st.play[st.counts[PLAYED]] = v
        st.counts[PLAYED] += 1


@kernel
def leave_out(hints: Hints, st: State, v: int) -> None:
    if st.where[v, OUT_AT] < 0:
        st.where[v, OUT_AT] = st.counts[LEFT_OUT]
        st.out[st.counts[LEFT_OUT]] = v
        st.counts[LEFT_OUT] += 1
        st.totals[SKIPPED] += hints.skip[v]


@kernel
def take_in(hints: Hints, st: State, v: int) -> None:
    spot = st.where[v, OUT_AT]
    if spot >= 0:
        st.counts[LEFT_OUT] -= 1
        other = st.out[st.counts[LEFT_OUT]]
        st.out[spot], st.where[other, OUT_AT] = other, spot
        st.where[v, OUT_AT] = -1
        st.totals[SKIPPED] -= hints.skip[v]


@kernel
def count_parts(rules: Rules, st: State, s: int, sign: int) -> None:
    """Book (or give back) the parts a route takes from the van: those of visits before the depot."""
    who = rules.shift[s, TECHNICIAN]
    before = st.route[s, SIZE] if st.route[s, DEPOT] < 0 else st.route[s, DEPOT]
    for i in range(before):
        if rules.uses_parts[st.seq[s, i]]:
            for part in range(rules.needs_part.shape[1]):
                st.parts[who, part] += sign * rules.needs_part[st.seq[s, i], part]


@kernel
def has_parts(rules: Rules, st: State, s: int, v: int) -> bool:
    if rules.uses_parts[v]:
        who = rules.shift[s, TECHNICIAN]
        for part in range(rules.needs_part.shape[1]):
            if st.parts[who, part] + rules.needs_part[v, part] > rules.has_part[who, part]:
                return False
    return True


@kernel
def put(rules: Rules, hints: Hints, st: State, v: int, s: int, i: int, j: int) -> bool:
    """Insert visit v before position i of a shift, and the depot before position j ≤ i when j ≥ 0."""
    touch(st, s)
    count_parts(rules, st, s, -1)
    was_empty, n = st.route[s, SIZE] == 0, st.route[s, SIZE]
    shift_by = 2 if j >= 0 else 1
    for k in range(n - 1, i - 1, -1):
        st.seq[s, k + shift_by] = st.seq[s, k]
    if j >= 0:
        st.seq[s, i + 1] = v
        for k in range(i - 1, j - 1, -1):
            st.seq[s, k + 1] = st.seq[s, k]
        st.seq[s, j] = len(rules.at) - 1
    else:
        st.seq[s, i] = v
    st.route[s, SIZE] = n + shift_by
    if was_empty:
        st.days[rules.shift[s, TECHNICIAN]] += 1
    take_in(hints, st, v)
    lawful = refresh(rules, st, s)
    count_parts(rules, st, s, 1)
    return lawful


@kernel
def pull(rules: Rules, hints: Hints, st: State, v: int) -> None:
    """Take a planned visit out; `settle` closes the gaps."""
    s = st.where[v, SHIFT]
    if st.route[s, TOUCHED] == 0:
        touch(st, s)
        count_parts(rules, st, s, -1)
    st.where[v, SHIFT] = -1
    bring_into_play(st, v)
    leave_out(hints, st, v)


@kernel
def settle(rules: Rules, hints: Hints, st: State) -> None:
    """Close the gaps of all pulled visits; drop depot passages that nothing needs any more.

    A route may break a rule once a visit is gone (where a detour is shorter than the way): it is emptied.
    """
    depot = len(rules.at) - 1
    for q in range(st.counts[CHANGED]):
        s = st.changed[q]
        kept = 0
        for i in range(st.route[s, SIZE]):
            stop = st.seq[s, i]
            if stop == depot or st.where[stop, SHIFT] >= 0:
                st.seq[s, kept] = stop
                kept += 1
        st.route[s, SIZE] = kept
        if st.route[s, DEPOT] >= 0 and _can_do_without_depot(rules, st, s):
            kept = 0
            for i in range(st.route[s, SIZE]):
                if st.seq[s, i] != depot:
                    st.seq[s, kept] = st.seq[s, i]
                    kept += 1
            st.route[s, SIZE] = kept
        who = rules.shift[s, TECHNICIAN]
        lawful = refresh(rules, st, s)
        if not lawful or st.minutes[who] > rules.crew[who, MAX_WEEK] + TOLERANCE:
            for i in range(st.route[s, SIZE]):
                v = st.seq[s, i]
                if v != depot:
                    st.where[v, SHIFT] = -1
                    bring_into_play(st, v)
                    leave_out(hints, st, v)
            st.route[s, SIZE] = 0
            refresh(rules, st, s)
        if st.route[s, SIZE] == 0 and st.route[s, OLD_SIZE] > 0:
            st.days[who] -= 1
        count_parts(rules, st, s, 1)


@kernel
def _can_do_without_depot(rules: Rules, st: State, s: int) -> bool:
    """Do the van's tools and what is left of its parts (this route's given back) do for all its visits?"""
    who, depot = rules.shift[s, TECHNICIAN], len(rules.at) - 1
    for i in range(st.route[s, SIZE]):
        if st.seq[s, i] != depot and not rules.has_tools[s, st.seq[s, i]]:
            return False
    for part in range(rules.needs_part.shape[1]):
        need = st.parts[who, part]
        for i in range(st.route[s, SIZE]):
            if st.seq[s, i] != depot:
                need += rules.needs_part[st.seq[s, i], part]
        if need > rules.has_part[who, part]:
            return False
    return True


@kernel
def roll_back(rules: Rules, hints: Hints, st: State) -> None:
    """Undo this step."""
    for q in range(st.counts[CHANGED]):
        s = st.changed[q]
        count_parts(rules, st, s, -1)
        for i in range(st.route[s, SIZE]):
            if st.seq[s, i] < len(rules.at) - 1:
                st.where[st.seq[s, i], SHIFT] = -1
    for q in range(st.counts[CHANGED]):
        s = st.changed[q]
        st.days[rules.shift[s, TECHNICIAN]] += int(st.route[s, OLD_SIZE] > 0) - int(st.route[s, SIZE] > 0)
        st.route[s, SIZE] = st.route[s, OLD_SIZE]
        for i in range(st.route[s, SIZE]):
            st.seq[s, i] = st.old_seq[s, i]
        refresh(rules, st, s)
        count_parts(rules, st, s, 1)
    for q in range(st.counts[PLAYED]):
        v = st.play[q]
        if st.where[v, SHIFT] < 0:
            leave_out(hints, st, v)
        else:
            take_in(hints, st, v)


@kernel
def end_step(st: State) -> None:
    """Forget what the step changed."""
    for q in range(st.counts[CHANGED]):
        st.route[st.changed[q], TOUCHED] = 0
    for q in range(st.counts[PLAYED]):
        st.where[st.play[q], IN_PLAY] = 0
    st.counts[CHANGED], st.counts[PLAYED] = 0, 0


@kernel
def resync(rules: Rules, hints: Hints, st: State) -> None:
    """Sums from scratch, so that rounding does not pile up."""
    st.totals[:] = 0.0
    st.minutes[:] = 0.0
    for s in range(len(st.route)):
        st.totals[LINEAR] += st.price[s, COST]
        count_work(rules, st, rules.shift[s, TECHNICIAN], st.price[s, WORK])
    for q in range(st.counts[LEFT_OUT]):
        st.totals[SKIPPED] += hints.skip[st.out[q]]
