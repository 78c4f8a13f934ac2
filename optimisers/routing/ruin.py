"""What a step of the search takes out of the plan.

Adjacent strings after Christiaens & Vanden Berghe, "Slack induction by string removals for vehicle routing
problems" (Transportation Science 2020); single visits at random, by cost or by nearness after Ropke &
Pisinger (2006); whole days and whole technicians.
"""

from __future__ import annotations

from optimisers.kernels import kernel
from optimisers.routing.arrays import END, START, TECHNICIAN, Hints, Rules
from optimisers.routing.state import LEFT_OUT, POSITION, SHIFT, SIZE, TOUCHED, State, chance, pick
from optimisers.routing.steps import bring_into_play, pull, settle

LONGEST_STRING = 10
LEFT_OUT_TRIED = 8


@kernel
def ruin(rules: Rules, hints: Hints, st: State, mean_size: float) -> None:
    """Take visits out, draw some that are left out; all of them come into play."""
    visits = len(st.where)
    kind = chance(st)
    seed = pick(st, visits)
    if st.counts[LEFT_OUT] > 0 and chance(st) < 0.3:
        seed = st.out[pick(st, st.counts[LEFT_OUT])]
    if kind < 0.80:
        _strings(rules, hints, st, seed, mean_size)
    elif kind < 0.86:
        _near(rules, hints, st, seed, 1 + pick(st, int(2 * mean_size)))
    elif kind < 0.90:
        for _ in range(1 + pick(st, int(1.5 * mean_size))):
            v = pick(st, visits)
            if st.where[v, SHIFT] >= 0:
                pull(rules, hints, st, v)
    elif kind < 0.94:
        _dear(rules, hints, st, 1 + pick(st, int(mean_size)))
    elif kind < 0.995 or visits < 2:
        _days(rules, hints, st, seed)
    else:
        _technician(rules, hints, st, seed)
    settle(rules, hints, st)
    tried = min(st.counts[LEFT_OUT], LEFT_OUT_TRIED)
    for _ in range(tried):
        v = st.out[pick(st, st.counts[LEFT_OUT])]
        if hints.shift_count[v] > 0:
            bring_into_play(st, v)


@kernel
def _strings(rules: Rules, hints: Hints, st: State, seed: int, mean_size: float) -> None:
    planned, used = len(st.where) - st.counts[LEFT_OUT], 0
    for s in range(len(st.route)):
        used += int(st.route[s, SIZE] > 0)
    if used == 0:
        return
    longest = min(float(LONGEST_STRING), planned / used)
    strings = int(1.0 + chance(st) * (4.0 * mean_size / (1.0 + longest) - 1.0))
    done = 0
    for q in range(-1, hints.near.shape[1]):
        v = seed if q < 0 else hints.near[seed, q]
        s = st.where[v, SHIFT]
        if s < 0 or st.route[s, TOUCHED]:
            continue
        n = st.route[s, SIZE]
        length = int(1.0 + chance(st) * min(float(n), longest))
        skipped = 0
        if length > 1 and length < n and chance(st) < 0.5:
            skipped = 1
            while length + skipped < n and chance(st) > 0.5:
                skipped += 1
        _string(rules, hints, st, s, st.where[v, POSITION], min(length, n), skipped)
        done += 1
        if done >= strings:
            return


@kernel
def _string(rules: Rules, hints: Hints, st: State, s: int, around: int, length: int, skipped: int) -> None:
    """Pull `length` stops in a row around a position, but for `skipped` of them in their middle."""
    n, whole = st.route[s, SIZE], length + skipped
    first = max(0, around - whole + 1)
    begin = first + pick(st, min(around, n - whole) - first + 1)
    keep_from = begin + whole
    if skipped > 0:
        keep_from = begin + 1 + pick(st, length - 1)
    for i in range(begin, begin + whole):
        stop = st.seq[s, i]
        if not (keep_from <= i < keep_from + skipped) and stop < len(st.where):
            pull(rules, hints, st, stop)


@kernel
def _near(rules: Rules, hints: Hints, st: State, seed: int, wanted: int) -> None:
    for q in range(-1, hints.near.shape[1]):
        v = seed if q < 0 else hints.near[seed, q]
        if st.where[v, SHIFT] >= 0 and chance(st) < 0.8:
            pull(rules, hints, st, v)
            wanted -= 1
            if wanted == 0:
                return


@kernel
def _dear(rules: Rules, hints: Hints, st: State, wanted: int) -> None:
    """Visits whose legs and choice cost most, each the dearest of a few drawn."""
    for _ in range(wanted):
        worst, dearest = -1, 0.0
        for _ in range(6):
            v = pick(st, len(st.where))
            s = st.where[v, SHIFT]
            if s >= 0:
                points = _spared(rules, st, s, st.where[v, POSITION]) + rules.choice[v, s]
                if worst < 0 or points > dearest:
                    worst, dearest = v, points
        if worst >= 0:
            pull(rules, hints, st, worst)


@kernel
def _spared(rules: Rules, st: State, s: int, i: int) -> float:
    here = rules.at[st.seq[s, i]]
    before = rules.at[st.seq[s, i - 1]] if i > 0 else rules.shift[s, START]
    after = rules.at[st.seq[s, i + 1]] if i + 1 < st.route[s, SIZE] else rules.shift[s, END]
    points = 0.0
    for kind in range(2):
        weight = 1.0 if kind == 0 else rules.minute_cost
        way = rules.leg[before, here, kind] + rules.leg[here, after, kind] - rules.leg[before, after, kind]
        points += weight * way
    return points


@kernel
def _days(rules: Rules, hints: Hints, st: State, seed: int) -> None:
    """The whole shift of a visit, sometimes with that of one of its neighbours or of the same technician."""
    s = st.where[seed, SHIFT]
    if s < 0:
        s = hints.shifts[seed, pick(st, hints.shift_count[seed])] if hints.shift_count[seed] > 0 else -1
    if s < 0:
        return
    _whole(rules, hints, st, s)
    draw = chance(st)
    if draw < 0.4 and hints.near.shape[1] > 0:
        other = st.where[hints.near[seed, pick(st, min(10, hints.near.shape[1]))], SHIFT]
        if other >= 0:
            _whole(rules, hints, st, other)
    elif draw < 0.7:
        other = pick(st, len(st.route))
        for _ in range(10):
            if rules.shift[other, TECHNICIAN] == rules.shift[s, TECHNICIAN] and other != s:
                _whole(rules, hints, st, other)
                break
            other = pick(st, len(st.route))


@kernel
def _technician(rules: Rules, hints: Hints, st: State, seed: int) -> None:
    if st.where[seed, SHIFT] < 0:
        return
    who = rules.shift[st.where[seed, SHIFT], TECHNICIAN]
    for s in range(len(st.route)):
        if rules.shift[s, TECHNICIAN] == who:
            _whole(rules, hints, st, s)


@kernel
def _whole(rules: Rules, hints: Hints, st: State, s: int) -> None:
    for i in range(st.route[s, SIZE]):
        if st.seq[s, i] < len(st.where) and st.where[st.seq[s, i], SHIFT] >= 0:
            pull(rules, hints, st, st.seq[s, i])
