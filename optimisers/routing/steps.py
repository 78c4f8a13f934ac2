"""Changes of the plan: a step takes visits out and puts them in again, then stays or is rolled back."""

from __future__ import annotations

from optimisers.kernels import kernel
from optimisers.routing.arrays import MAX_WEEK, TECHNICIAN, TOLERANCE, Hints, Rules
from optimisers.routing.state import (
    CHANGED,
    DEPOT,
    IN_PLAY,
    LEFT_OUT,
    OLD_SIZE,
    OUT_AT,
    PLAYED,
    SHIFT,
    SIZE,
    SKIPPED,
    TOUCHED,
    State,
    refresh,
)


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
