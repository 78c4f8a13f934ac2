"""The plan being searched, as arrays that kernels change in place, with its cost kept up to date.

For each route the partial routes up to and from every position are kept (with windows merged to their hull
and without the pause): two of them around a new stop give its time in constant time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimisers.kernels import kernel
from optimisers.routing.arrays import (
    CLOSING,
    DAY,
    EARLIEST,
    END,
    FAIR,
    LATEST,
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
def resync(rules: Rules, hints: Hints, st: State) -> None:
    """Sums from scratch, so that rounding does not pile up."""
    st.totals[:] = 0.0
    st.minutes[:] = 0.0
    for s in range(len(st.route)):
        st.totals[LINEAR] += st.price[s, COST]
        count_work(rules, st, rules.shift[s, TECHNICIAN], st.price[s, WORK])
    for q in range(st.counts[LEFT_OUT]):
        st.totals[SKIPPED] += hints.skip[st.out[q]]
