"""The search of a week: the engine on all visits, and coupled ones decided anew around its plan."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from optimisers.model import TechnicianDay
from optimisers.routing.instance import Orders
from optimisers.routing.schedule import objective_of
from optimisers.routing.search import search
from optimisers.weekly.budget import Budget
from optimisers.weekly.compile import Compiled, decide
from optimisers.weekly.couplings import Group, Settled, groups_of, loosened, once, settle, taken_from, without
from optimisers.weekly.days import orders_of
from optimisers.weekly.subset import subset

# With couplings: part of the budget before the first re-decision, and number of times all are decided again.
FIRST_SHARE = 0.4
ROUNDS = 3
BEGIN_SHARE = 0.1  # part of the seconds for the first decisions
SETTLE_SHARE = 0.3  # part of a round's seconds for deciding again


def improved(compiled: Compiled, budget: Budget, seed: int, start: Sequence[TechnicianDay] | None) -> Settled:
    """Best plan found within the budget, lawful with its couplings."""
    groups = groups_of(compiled.problem)
    if not groups:
        known = start is not None or compiled.facts
        orders = orders_of(compiled, start or ())[0] if known else None
        return Settled(compiled, budget.search(compiled.instance, seed, orders, 1.0))
    best = _nothing_coupled(compiled, groups)
    try:
        for begun in _begun(compiled, groups, seed, start, budget.within(BEGIN_SHARE)):
            best = begun
        best = _searched(best, budget, seed, FIRST_SHARE)
        best = _rounds(best, groups, budget, seed)
    except KeyboardInterrupt:
        budget.interrupted = True
        # One insertion of what is left, or an early stop would be told as a lack of room.
        best = _searched(best, budget, seed, 0.0)
    return _whole(best, groups, seed)


def _nothing_coupled(compiled: Compiled, groups: list[Group]) -> Settled:
    """The plan before anything is decided: no visit but those that are facts."""
    coupled = frozenset(number for group in groups for number in group)
    out = decide(compiled, replace(compiled.decisions, left_out=coupled))
    orders, via_depot = orders_of(out, ())
    points = objective_of(out.instance, orders, via_depot)
    return Settled(out, Orders(tuple(map(tuple, orders)), tuple(via_depot), points, 0))


def _rounds(best: Settled, groups: list[Group], budget: Budget, seed: int) -> Settled:
    chance = random.Random(seed)
    for number in range(ROUNDS):
        over = budget.within(SETTLE_SHARE / (ROUNDS - number))
        for group in chance.sample(groups, len(groups)):
            if budget.over():
                return best
            if over():
                break
            again = settle(best, group, seed, over)
            if again.points < best.points - 1e-9:
                best = again
        part = (1.0 - FIRST_SHARE) / ROUNDS if budget.stop.seconds is None else 1.0 / (ROUNDS - number)
        best = _searched(best, budget, seed + number + 1, part)
    return best


def _searched(best: Settled, budget: Budget, seed: int, share: float) -> Settled:
    loose = loosened(best)
    found = Settled(loose.compiled, budget.search(loose.compiled.instance, seed, best.orders.orders, share))
    return found if found.points <= best.points + 1e-9 else best


def _begun(
    compiled: Compiled,
    groups: list[Group],
    seed: int,
    start: Sequence[TechnicianDay] | None,
    over: Callable[[], bool],
) -> Iterator[Settled]:
    """First plans, each with more decided: from an earlier plan's couplings, or on an empty week."""
    coupled = [number for group in groups for number in group]
    if start is not None:
        decisions = taken_from(compiled.problem, start, groups)
        decided = decide(compiled, decisions)
        begun = Settled(decided, once(decided, seed, orders_of(decided, start)[0]))
        yield begun
        for group in [g for g in groups if any(n in decisions.left_out for n in g)]:
            begun = settle(begun, group, seed, over)
            yield begun
        return
    part, kept = subset(compiled, coupled)
    out = replace(part.decisions, left_out=frozenset(coupled))
    small = decide(part, out)
    alone = Settled(small, once(small, seed, orders_of(small, ())[0]))
    for group in groups:
        alone = settle(alone, group, seed, over)
        # The others come in with the first search; until then the plan holds what is coupled.
        yield _as_whole(compiled, alone, kept)


def _as_whole(compiled: Compiled, part: Settled, kept: np.ndarray) -> Settled:
    """The plan of a `subset` as one of the whole."""
    whole = decide(compiled, part.compiled.decisions)
    orders = tuple(tuple(int(kept[e]) for e in order) for order in part.orders.orders)
    points = objective_of(whole.instance, orders, part.orders.via_depot)
    return Settled(whole, Orders(orders, part.orders.via_depot, points, 0))


def _whole(best: Settled, groups: list[Group], seed: int) -> Settled:
    """No half crew and no follower without what must come before it: such groups are left out."""
    for group in groups:
        decisions = best.compiled.decisions
        broken = [n for n in group if n not in decisions.left_out and not best.holds(n)]
        if broken:
            left = decide(best.compiled, without(decisions, group))
            elements = {e for n in group for e in left.elements[n]}
            kept = [[e for e in order if e not in elements] for order in best.orders.orders]
            best = Settled(left, search(left.instance, max_iterations=1, seed=seed, start=kept))
    return best
