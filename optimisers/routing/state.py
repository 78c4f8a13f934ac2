"""The plan being searched, as arrays that kernels change in place, with its cost kept up to date.

For each route the partial routes up to and from every position are kept (with windows merged to their hull
and without the pause): two of them around a new stop give its time in constant time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from optimisers.routing.arrays import TOLERANCE, Hints, Rules, Workspace, workspace
from optimisers.routing.times import best_times

LINEAR, HOURS, FAIR_HOURS, SKIPPED, SQUARES = 0, 1, 2, 3, 4


class State(NamedTuple):
    """A plan. `head_*[s, i]`: partial route ready to leave its i-th stop; `tail_*[s, i]`: from arriving at stop i."""

    seq: np.ndarray  # (S, C) stops
    size: np.ndarray  # (S,)
    depot: np.ndarray  # (S,) position of the depot in seq or -1
    work: np.ndarray  # (S,) exact minutes
    cost: np.ndarray  # (S,) points without balance
    head_early: np.ndarray  # (S, C + 1)
    head_work: np.ndarray
    head_late: np.ndarray
    tail_early: np.ndarray
    tail_work: np.ndarray
    tail_late: np.ndarray
    shift_of: np.ndarray  # (V,) or -1
    position: np.ndarray  # (V,)
    minutes: np.ndarray  # (T,)
    days: np.ndarray  # (T,)
    parts: np.ndarray  # (T, P) used
    out: np.ndarray  # (V,) left out, first `counts[0]`
    out_position: np.ndarray  # (V,) or -1
    counts: np.ndarray  # visits left out, touched shifts, visits in play, candidates
    totals: np.ndarray  # LINEAR, HOURS, FAIR_HOURS, SKIPPED, SQUARES
    touched: np.ndarray  # (S,) shifts changed in this step
    is_touched: np.ndarray  # (S,)
    old_seq: np.ndarray  # (S, C) of touched shifts
    old_size: np.ndarray
    play: np.ndarray  # (V,) visits that may have changed place in this step
    in_play: np.ndarray  # (V,)
    key: np.ndarray  # (V,) order of insertion
    buffer: np.ndarray  # (C + 2,) stops of a route tried
    found: np.ndarray  # candidates: estimate
    found_at: np.ndarray  # candidates: shift, position, depot's position or -1
    random: np.ndarray  # (1,) state of the generator
    ws: Workspace


def new_state(rules: Rules, hints: Hints, seed: int) -> State:
    """Everything left out."""
    shifts, visits = rules.choice.shape
    technicians, parts = rules.has_part.shape
    room = _most_stops(rules)
    ints = lambda *shape: np.zeros(shape, np.int64)
    flat, wide = (lambda: np.zeros(shifts)), (lambda: np.zeros((shifts, room + 1)))
    state = State(
        ints(shifts, room), ints(shifts), ints(shifts) - 1, flat(), flat(),
        wide(), wide(), wide(), wide(), wide(), wide(),
        ints(visits) - 1, ints(visits), np.zeros(technicians), ints(technicians), ints(technicians, parts),
        np.arange(visits), np.arange(visits), ints(4), np.zeros(5),
        ints(shifts), ints(shifts), ints(shifts, room), ints(shifts),
        ints(visits), ints(visits), np.zeros(visits), ints(room + 2),
        np.zeros(4 * (visits + shifts) + 64), ints(4 * (visits + shifts) + 64, 3),
        np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % 2**64], dtype=np.uint64),
        workspace(rules, room + 1),
    )  # fmt: skip
    state.counts[0] = visits
    state.totals[SKIPPED] = hints.skip.sum()
    for shift in range(shifts):
        refresh(rules, state, shift)
    return state


def _most_stops(rules: Rules) -> int:
    """No route can hold more: shortest services first until the longest shift is full; and the depot."""
    service = np.sort(rules.service[:-1])
    longest = np.max(np.minimum(rules.max_work, rules.latest - rules.earliest), initial=0.0)
    return int(np.searchsorted(service.cumsum(), longest + 1e-6, side="right")) + 3


@njit(cache=True)
def chance(st: State) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna 2016), own state so that slices and seeds decide alone."""
    x = st.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    st.random[0] = x
    return np.float64((x * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True)
def pick(st: State, n: int) -> int:
    """Uniform in 0..n-1."""
    return min(int(chance(st) * n), n - 1)


@njit(cache=True)
def total(rules: Rules, st: State) -> float:
    """Objective of the plan, balance included."""
    t = st.totals
    squares = t[SQUARES] - 2.0 * t[HOURS] * t[FAIR_HOURS] + t[HOURS] ** 2 * rules.fair_squares
    return t[LINEAR] + t[SKIPPED] + rules.balance * squares


@njit(cache=True)
def balance_change(rules: Rules, st: State, who: int, minutes: float) -> float:
    """Points when a technician works `minutes` more: the square's two terms, shares of all moving along."""
    if rules.balance == 0.0:
        return 0.0
    more, hours = minutes / 60.0, st.totals[HOURS]
    off = st.minutes[who] / 60.0 - rules.fair[who] * hours
    common = st.totals[FAIR_HOURS] - hours * rules.fair_squares
    return rules.balance * (
        2.0 * more * (off - common) + more**2 * (1.0 - 2.0 * rules.fair[who] + rules.fair_squares)
    )


@njit(cache=True)
def count_work(rules: Rules, st: State, who: int, minutes: float) -> None:
    hours, more = st.minutes[who] / 60.0, minutes / 60.0
    st.totals[HOURS] += more
    st.totals[FAIR_HOURS] += rules.fair[who] * more
    st.totals[SQUARES] += (hours + more) ** 2 - hours**2
    st.minutes[who] += minutes


@njit(cache=True)
def refresh(rules: Rules, st: State, s: int) -> bool:
    """Recompute a route from its stops; False when it is unlawful by itself (its cost is then inf)."""
    n, day, seq, who = st.size[s], rules.day[s], st.seq[s], rules.technician[s]
    here, at = rules.start[s], rules.start[s]
    st.head_early[s, 0], st.head_work[s, 0], st.head_late[s, 0] = rules.earliest[s], 0.0, rules.latest[s]
    points, lawful, depot = 0.0, True, len(rules.at) - 1
    st.depot[s] = -1
    for i in range(n):
        stop = seq[i]
        at = rules.at[stop]
        if stop == depot:
            st.depot[s] = i
        else:
            points += rules.choice[s, stop]
            st.shift_of[stop], st.position[stop] = s, i
        drive = rules.leg[here, at, 1]
        points += rules.leg[here, at, 0]
        arrived = st.head_work[s, i] + drive
        early, closing = st.head_early[s, i] + drive, rules.hull[stop, day, 1]
        lawful = lawful and early <= closing + TOLERANCE
        st.head_early[s, i + 1] = max(early, rules.hull[stop, day, 0]) + rules.service[stop]
        st.head_work[s, i + 1] = arrived + rules.service[stop]
        st.head_late[s, i + 1] = min(st.head_late[s, i], closing - arrived)
        here = at
    points += rules.leg[here, rules.end[s], 0]
    st.tail_early[s, n], st.tail_work[s, n], st.tail_late[s, n] = -np.inf, 0.0, rules.latest[s]
    for i in range(n - 1, -1, -1):
        stop = seq[i]
        after = rules.at[seq[i + 1]] if i + 1 < n else rules.end[s]
        spent = rules.service[stop] + rules.leg[rules.at[stop], after, 1]
        opening, closing = rules.hull[stop, day, 0], rules.hull[stop, day, 1]
        st.tail_work[s, i] = st.tail_work[s, i + 1] + spent
        st.tail_late[s, i] = min(closing, st.tail_late[s, i + 1] - spent)
        st.tail_early[s, i] = max(st.tail_early[s, i + 1], opening + st.tail_work[s, i])
    work = 0.0
    if n > 0:
        if not rules.plain:
            work = best_times(rules, s, seq, n, st.ws)
        elif lawful:
            work = _plain_work(rules, st, s, n, rules.leg[here, rules.end[s], 1])
        lawful = lawful and work < np.inf
    if not lawful:
        work = 0.0
    count_work(rules, st, who, work - st.work[s])
    st.work[s] = work
    points = points + rules.minute_cost * work if n > 0 else 0.0
    st.totals[LINEAR] += points - st.cost[s]
    st.cost[s] = points
    return lawful


@njit(cache=True)
def _plain_work(rules: Rules, st: State, s: int, n: int, drive: float) -> float:
    back, minutes = st.head_early[s, n] + drive, st.head_work[s, n] + drive
    late = min(st.head_late[s, n], rules.latest[s] - minutes)
    work = max(minutes, back - late)
    if back > rules.latest[s] + TOLERANCE or work > rules.max_work[s] + TOLERANCE:
        return np.inf
    return work


@njit(cache=True)
def touch(st: State, s: int) -> None:
    """Keep a route as it was before this step."""
    if st.is_touched[s] == 0:
        st.is_touched[s] = 1
        st.touched[st.counts[1]] = s
        st.counts[1] += 1
        st.old_size[s] = st.size[s]
        for i in range(st.size[s]):
            st.old_seq[s, i] = st.seq[s, i]


@njit(cache=True)
def bring_into_play(st: State, v: int) -> None:
    if st.in_play[v] == 0:
        st.in_play[v] = 1
        st.play[st.counts[2]] = v
        st.counts[2] += 1


@njit(cache=True)
def leave_out(hints: Hints, st: State, v: int) -> None:
    if st.out_position[v] < 0:
        st.out_position[v] = st.counts[0]
        st.out[st.counts[0]] = v
        st.counts[0] += 1
        st.totals[SKIPPED] += hints.skip[v]


@njit(cache=True)
def take_in(hints: Hints, st: State, v: int) -> None:
    spot = st.out_position[v]
    if spot >= 0:
        st.counts[0] -= 1
        other = st.out[st.counts[0]]
        st.out[spot], st.out_position[other] = other, spot
        st.out_position[v] = -1
        st.totals[SKIPPED] -= hints.skip[v]


@njit(cache=True)
def count_parts(rules: Rules, st: State, s: int, sign: int) -> None:
    """Book (or give back) the parts a route takes from the van: those of visits before the depot."""
    who = rules.technician[s]
    before = st.size[s] if st.depot[s] < 0 else st.depot[s]
    for i in range(before):
        if rules.uses_parts[st.seq[s, i]]:
            for part in range(rules.needs_part.shape[1]):
                st.parts[who, part] += sign * rules.needs_part[st.seq[s, i], part]


@njit(cache=True)
def has_parts(rules: Rules, st: State, s: int, v: int) -> bool:
    if rules.uses_parts[v]:
        who = rules.technician[s]
        for part in range(rules.needs_part.shape[1]):
            if st.parts[who, part] + rules.needs_part[v, part] > rules.has_part[who, part]:
                return False
    return True


@njit(cache=True)
def put(rules: Rules, hints: Hints, st: State, v: int, s: int, i: int, j: int) -> bool:
    """Insert visit v before position i of a shift, and the depot before position j ≤ i when j ≥ 0."""
    touch(st, s)
    count_parts(rules, st, s, -1)
    was_empty, n = st.size[s] == 0, st.size[s]
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
    st.size[s] = n + shift_by
    if was_empty:
        st.days[rules.technician[s]] += 1
    take_in(hints, st, v)
    lawful = refresh(rules, st, s)
    count_parts(rules, st, s, 1)
    return lawful


@njit(cache=True)
def pull(rules: Rules, hints: Hints, st: State, v: int) -> None:
    """Take a planned visit out; `settle` closes the gaps."""
    s = st.shift_of[v]
    if st.is_touched[s] == 0:
        touch(st, s)
        count_parts(rules, st, s, -1)
    st.shift_of[v] = -1
    bring_into_play(st, v)
    leave_out(hints, st, v)


@njit(cache=True)
def settle(rules: Rules, hints: Hints, st: State) -> None:
    """Close the gaps of all pulled visits; drop depot passages that nothing needs any more.

    A route may break a rule once a visit is gone (where a detour is shorter than the way): it is emptied.
    """
    depot = len(rules.at) - 1
    for q in range(st.counts[1]):
        s = st.touched[q]
        kept = 0
        for i in range(st.size[s]):
            stop = st.seq[s, i]
            if stop == depot or st.shift_of[stop] >= 0:
                st.seq[s, kept] = stop
                kept += 1
        st.size[s] = kept
        if st.depot[s] >= 0 and _can_do_without_depot(rules, st, s):
            kept = 0
            for i in range(st.size[s]):
                if st.seq[s, i] != depot:
                    st.seq[s, kept] = st.seq[s, i]
                    kept += 1
            st.size[s] = kept
        who = rules.technician[s]
        lawful = refresh(rules, st, s)
        if not lawful or st.minutes[who] > rules.max_week[who] + TOLERANCE:
            for i in range(st.size[s]):
                v = st.seq[s, i]
                if v != depot:
                    st.shift_of[v] = -1
                    bring_into_play(st, v)
                    leave_out(hints, st, v)
            st.size[s] = 0
            refresh(rules, st, s)
        if st.size[s] == 0 and st.old_size[s] > 0:
            st.days[who] -= 1
        count_parts(rules, st, s, 1)


@njit(cache=True)
def _can_do_without_depot(rules: Rules, st: State, s: int) -> bool:
    """Do the van's tools and what is left of its parts (this route's given back) do for all its visits?"""
    who, depot = rules.technician[s], len(rules.at) - 1
    for i in range(st.size[s]):
        if st.seq[s, i] != depot and not rules.has_tools[s, st.seq[s, i]]:
            return False
    for part in range(rules.needs_part.shape[1]):
        need = st.parts[who, part]
        for i in range(st.size[s]):
            if st.seq[s, i] != depot:
                need += rules.needs_part[st.seq[s, i], part]
        if need > rules.has_part[who, part]:
            return False
    return True


@njit(cache=True)
def roll_back(rules: Rules, hints: Hints, st: State) -> None:
    """Undo this step."""
    for q in range(st.counts[1]):
        s = st.touched[q]
        count_parts(rules, st, s, -1)
        for i in range(st.size[s]):
            if st.seq[s, i] < len(rules.at) - 1:
                st.shift_of[st.seq[s, i]] = -1
    for q in range(st.counts[1]):
        s = st.touched[q]
        st.days[rules.technician[s]] += int(st.old_size[s] > 0) - int(st.size[s] > 0)
        st.size[s] = st.old_size[s]
        for i in range(st.size[s]):
            st.seq[s, i] = st.old_seq[s, i]
        refresh(rules, st, s)
        count_parts(rules, st, s, 1)
    for q in range(st.counts[2]):
        v = st.play[q]
        if st.shift_of[v] < 0:
            leave_out(hints, st, v)
        else:
            take_in(hints, st, v)


@njit(cache=True)
def end_step(st: State) -> None:
    """Forget what the step changed."""
    for q in range(st.counts[1]):
        st.is_touched[st.touched[q]] = 0
    for q in range(st.counts[2]):
        st.in_play[st.play[q]] = 0
    st.counts[1], st.counts[2] = 0, 0


@njit(cache=True)
def resync(rules: Rules, hints: Hints, st: State) -> None:
    """Sums from scratch, so that rounding does not pile up."""
    st.totals[:] = 0.0
    st.minutes[:] = 0.0
    for s in range(len(st.size)):
        st.totals[LINEAR] += st.cost[s]
        count_work(rules, st, rules.technician[s], st.work[s])
    for q in range(st.counts[0]):
        st.totals[SKIPPED] += hints.skip[st.out[q]]
