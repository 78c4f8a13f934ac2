"""Near-optimal orders for an `Instance`: ruin and recreate under annealing, from any start, for any time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from optimisers.routing.anneal import anneal, fill, load
from optimisers.routing.arrays import Hints, Rules, hints_of, rules_of
from optimisers.routing.instance import NOWHERE, Instance, Orders
from optimisers.routing.schedule import objective_of, schedule
from optimisers.routing.state import SIZE, State, new_state, total

SLICE_STEPS, SLICE_SECONDS = 500, 0.1
# Temperatures, in mean costs of a leg to a near visit; from a given start, heat would only spoil it.
HOT, WARM, COLD = 6.0, 0.5, 0.06
MEAN_REMOVED = 10.0

Progress = Callable[[float, float], None]


def search(
    instance: Instance,
    *,
    seconds: float | None = None,
    max_iterations: int | None = None,
    seed: int = 0,
    start: Sequence[Sequence[int]] | None = None,
    fixed: np.ndarray | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Orders:
    """Best orders found within `seconds` or `max_iterations`, whichever comes first (one is needed).

    `start` gives the visits of every shift in order (depot passages are placed by the search); what is not
    lawful in it is planned anew. `fixed` (V,) marks visits that stay on the shift where `start` has them,
    in any order. `progress(part of the budget spent, best objective)` is called about ten times a second.
    KeyboardInterrupt or `should_stop() == True` end the search early with the best so far, always lawful.

    A visit that fits nowhere is left out even when its `skip_cost` is inf; the objective is inf then.
    Same seed and `max_iterations`, without `seconds`: same orders. Raises ValueError without a budget.
    """
    if seconds is None and max_iterations is None:
        raise ValueError("search needs seconds or max_iterations")
    shifts, visits = instance.shape
    if not shifts or not visits:
        # Kernels do not look at an empty plan.
        nothing = float(instance.skip_cost.sum())
        return Orders(((),) * shifts, (NOWHERE,) * shifts, nothing, max_iterations or 0)
    began = time.perf_counter()
    fixed_at = _fixed_at(instance, start, fixed)
    rules = rules_of(instance)
    if fixed_at is not None:
        others = np.arange(len(rules.shift))[None, :] != fixed_at[:, None]
        rules = rules._replace(choice=np.where(others & (fixed_at != NOWHERE)[:, None], np.inf, rules.choice))
    hints = hints_of(instance, rules, fixed_at)
    state = new_state(rules, hints, seed)
    if start is not None:
        _load(instance, rules, hints, state, start)
    fill(rules, hints, state, 0.0)
    run = _Run(rules, hints, state, HOT if start is None else WARM)
    try:
        while run.steps < (np.inf if max_iterations is None else max_iterations):
            done = _spent(run.steps, max_iterations, began, seconds)
            if done >= 1.0 or (should_stop is not None and should_stop()):
                break
            run.slice(done, _slice_end(run, done, max_iterations, seconds), max_iterations)
            if progress is not None:
                progress(min(done, 1.0), run.best)
    except KeyboardInterrupt:
        pass
    return run.orders(instance)


class _Run:
    """The plan being changed and the best one met."""

    def __init__(self, rules: Rules, hints: Hints, state: State, hot: float) -> None:
        self.rules, self.hints, self.state = rules, hints, state
        self.best_seq, self.best_size = state.seq.copy(), state.route[:, SIZE].copy()
        self.best = total(rules, state)
        self.steps, self.per_slice = 0, 20
        self.scale, self.hot = _leg_scale(rules, hints), hot

    def slice(self, done: float, until: float, max_iterations: int | None) -> None:
        steps = self.per_slice if max_iterations is None else min(self.per_slice, max_iterations - self.steps)
        began = time.perf_counter()
        self.best = anneal(
            self.rules, self.hints, self.state, self.best_seq, self.best_size, self.best,
            steps, self.steps, self._heat(done), self._heat(until), MEAN_REMOVED,
        )  # fmt: skip
        self.steps += steps
        if max_iterations is None:
            pace = steps / max(time.perf_counter() - began, 1e-4)
            self.per_slice = int(min(max(SLICE_SECONDS * pace, 10), 4 * self.per_slice))

    def _heat(self, done: float) -> float:
        return self.scale * self.hot * (COLD / self.hot) ** min(done, 1.0)

    def orders(self, instance: Instance) -> Orders:
        depot = len(self.rules.at) - 1
        orders, passages = [], []
        for shift, size in enumerate(self.best_size):
            stops = self.best_seq[shift, :size].tolist()
            passages.append(stops.index(depot) if depot in stops else NOWHERE)
            orders.append(tuple(stop for stop in stops if stop != depot))
        objective = objective_of(instance, orders, passages)
        return Orders(tuple(orders), tuple(passages), objective, self.steps)


def _spent(steps: int, max_iterations: int | None, began: float, seconds: float | None) -> float:
    by_steps = steps / max_iterations if max_iterations else 0.0
    by_clock = (time.perf_counter() - began) / seconds if seconds else 0.0
    return max(by_steps, by_clock)


def _slice_end(run: _Run, done: float, max_iterations: int | None, seconds: float | None) -> float:
    by_steps = run.per_slice / max_iterations if max_iterations else 0.0
    by_clock = SLICE_SECONDS / seconds if seconds else 0.0
    return done + max(by_steps, by_clock)


def _leg_scale(rules: Rules, hints: Hints) -> float:
    """Mean cost of a leg to a near visit, never 0."""
    near = hints.near[:, :8]
    if not near.size:
        return 1.0
    at = rules.at[: len(near)]
    legs = rules.leg[at[:, None], at[near], :2] @ np.array([1.0, rules.minute_cost])
    return float(legs.mean()) or 1.0


def _fixed_at(
    instance: Instance, start: Sequence[Sequence[int]] | None, fixed: np.ndarray | None
) -> np.ndarray | None:
    if fixed is None or not np.any(fixed):
        return None
    where = np.full(len(instance.visit_at), NOWHERE)
    for shift, order in enumerate(start or ()):
        where[list(order)] = shift
    if (where[np.asarray(fixed, np.bool_)] == NOWHERE).any():
        raise ValueError("a fixed visit is on no shift of start")
    return np.where(fixed, where, NOWHERE)


def _load(
    instance: Instance, rules: Rules, hints: Hints, state: State, start: Sequence[Sequence[int]]
) -> None:
    """Take over the routes of `start` that are lawful, with the depot where it costs least."""
    depot = len(rules.at) - 1
    for shift, order in enumerate(start):
        if not len(order):
            continue
        places = range(len(order)) if rules.has_depot else ()
        timings = {place: schedule(instance, shift, order, place) for place in places}
        lawful = [place for place, timing in timings.items() if timing is not None]
        lawful.sort(key=lambda place: timings[place].work_min)
        for place in (NOWHERE, *lawful):
            stops = list(order) if place == NOWHERE else [*order[:place], depot, *order[place:]]
            if load(rules, hints, state, shift, np.array(stops, dtype=np.int64)):
                break


def warm_up() -> None:
    """Compile the kernels (one signature serves all instances), so that no budget pays for it."""
    search(one_visit(), max_iterations=2, start=[[0]])


def one_visit() -> Instance:
    """The least instance that has everything: for warming up."""
    legs = np.array([[0.0, 1.0], [1.0, 0.0]])
    one, none = np.zeros(1), np.zeros(1, np.int64)
    return Instance(
        legs, legs, np.array([1]), one, np.array([[[[0.0, 9.0]]]]), one + 9.0, np.zeros((1, 1)), none,
        none, none, none, one, one + 9.0, one + 9.0, one + 9.0, none + 1, one + 1.0,
    )  # fmt: skip
