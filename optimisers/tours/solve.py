"""A day tour: proved by labels up to fifteen visits; the routing engine above, or where proof is too long."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace

from optimisers import weekly
from optimisers.model import Problem, Result, Stop
from optimisers.routing.instance import NOWHERE, Orders
from optimisers.weekly.budget import Budget
from optimisers.weekly.compile import Compiled, compile_problem
from optimisers.weekly.couplings import Settled, groups_of
from optimisers.weekly.solve import written

EXACT_VISITS = 15
METHOD = "programmation dynamique exacte"
# The engine goes first: what it finds bounds the labels. Parts of the budget.
FIRST_SHARE = 0.2


def solve(
    problem: Problem,
    stop: Stop,
    seed: int,
    *,
    progress: Callable[[float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Best tour of one technician on one day; raises ValueError when the problem has more of either.

    Status 'optimal' when proved; otherwise the bound is that of the labels that were not cut. With a limit of
    iterations the same seed gives the same plan. Interruption as for `weekly.solve`.
    """
    if len(problem.technicians) != 1 or len(problem.days) != 1:
        found = f"{len(problem.technicians)} technicians and {len(problem.days)} days"
        raise ValueError(f"a day tour got {found}, expected one of each: use optimisers.weekly for more")
    began = time.perf_counter()
    compiled = compile_problem(problem)
    open_visits = sum(not visit.frozen for visit in problem.visits)
    alone = len(compiled.shifts) == 1 and not groups_of(problem)
    # The labels count commutes as work.
    exact = open_visits <= EXACT_VISITS and alone and problem.rules.commute_counts
    if not exact:
        return weekly.solve(problem, stop, seed, progress=progress, should_stop=should_stop)
    budget = Budget(stop, began, progress, should_stop)
    settled = Settled(compiled, budget.search(compiled.instance, seed, None, FIRST_SHARE))
    lower, proved = -math.inf, False
    try:
        settled, lower, proved = _proved(settled, None if stop.seconds is None else stop.seconds / 2)
    except KeyboardInterrupt:
        budget.interrupted = True
    if not proved and not budget.over():
        again = budget.search(compiled.instance, seed + 1, settled.orders.orders, 1.0 - FIRST_SHARE)
        if again.objective < settled.points:
            settled = Settled(compiled, again)
    result = written(compiled, settled, seed)
    bound = result.objective if proved else min(result.objective, max(0.0, lower + compiled.constant))
    return replace(
        result,
        status="optimal" if proved and result.status == "feasible" else result.status,
        lower_bound=bound,
        bound_method=METHOD,
        runtime_s=time.perf_counter() - began,
        interrupted=budget.interrupted,
    )


def _proved(settled: Settled, seconds: float | None) -> tuple[Settled, float, bool]:
    """The best tour, its bound and whether it is proved; the one given when none is better."""
    from optimisers.bounds.exact_day import best_day

    compiled: Compiled = settled.compiled
    visits = range(len(compiled.visit_of))
    found = best_day(compiled.instance, 0, visits, upper_bound=settled.points, seconds=seconds)
    if found.order is not None and found.objective < settled.points:
        orders = Orders((found.order,), (found.via_depot if found.order else NOWHERE,), found.objective, 0)
        settled = Settled(compiled, orders)
    return settled, found.lower_bound, found.proved
