"""Ruin and recreate under simulated annealing: the compiled loop, run in slices by `search`."""

from __future__ import annotations

from math import log

import numpy as np

from optimisers.kernels import kernel
from optimisers.routing.arrays import MAX_DAYS, MAX_WEEK, TECHNICIAN, Hints, Rules
from optimisers.routing.insertion import recreate
from optimisers.routing.ruin import ruin
from optimisers.routing.state import LEFT_OUT, SHIFT, SIZE, State, chance, refresh, resync, total
from optimisers.routing.steps import bring_into_play, count_parts, end_step, roll_back, take_in

BLINK = 0.01
RESYNC_EVERY = 4096


@kernel
def fill(rules: Rules, hints: Hints, st: State, blink: float) -> None:
    """Insert whatever is left out and pays."""
    for q in range(st.counts[LEFT_OUT]):
        if hints.shift_count[st.out[q]] > 0:
            bring_into_play(st, st.out[q])
    recreate(rules, hints, st, blink)
    end_step(st)


@kernel
def load(rules: Rules, hints: Hints, st: State, s: int, stops: np.ndarray) -> bool:
    """Give an empty shift a route if it is lawful as it stands, tools, parts, week and days included."""
    who, depot, visits = rules.shift[s, TECHNICIAN], len(rules.at) - 1, len(st.where)
    if len(stops) > st.seq.shape[1] or st.days[who] + 1 > rules.crew[who, MAX_DAYS]:
        return False
    passed, lawful = False, True
    for i in range(len(stops)):
        st.seq[s, i] = stops[i]
        passed = passed or stops[i] == depot
        if stops[i] < visits:
            lawful = (
                lawful and (passed or rules.has_tools[s, stops[i]]) and rules.choice[stops[i], s] < np.inf
            )
    if lawful:
        st.route[s, SIZE] = len(stops)
        lawful = refresh(rules, st, s)
        count_parts(rules, st, s, 1)
        for part in range(rules.needs_part.shape[1]):
            lawful = lawful and st.parts[who, part] <= rules.has_part[who, part]
        lawful = lawful and st.minutes[who] <= rules.crew[who, MAX_WEEK] + 1e-6
        if not lawful:
            count_parts(rules, st, s, -1)
            for i in range(len(stops)):
                if stops[i] < visits:
                    st.where[stops[i], SHIFT] = -1
            st.route[s, SIZE] = 0
            refresh(rules, st, s)
    if lawful:
        st.days[who] += 1
        for i in range(len(stops)):
            if stops[i] < visits:
                take_in(hints, st, stops[i])
    return lawful


@kernel
def anneal(
    rules: Rules, hints: Hints, st: State, best_seq: np.ndarray, best_size: np.ndarray, best: float,
    steps: int, first_step: int, hot: float, cold: float, mean_size: float,
) -> float:  # fmt: skip
    """Run `steps` steps while the temperature falls from hot to cold; keeps and returns the best found."""
    current = total(rules, st)
    cooling = (cold / hot) ** (1.0 / max(steps, 1))
    heat = hot
    for step in range(first_step, first_step + steps):
        if step % RESYNC_EVERY == 0:
            resync(rules, hints, st)
            current = total(rules, st)
        ruin(rules, hints, st, mean_size)
        recreate(rules, hints, st, BLINK)
        found = total(rules, st)
        u = max(chance(st), 1e-16)
        if found < current - heat * log(u):
            current = found
            if found < best - 1e-7:
                best = found
                for s in range(len(st.route)):
                    best_size[s] = st.route[s, SIZE]
                    for i in range(st.route[s, SIZE]):
                        best_seq[s, i] = st.seq[s, i]
        else:
            roll_back(rules, hints, st)
        end_step(st)
        heat *= cooling
    return best
