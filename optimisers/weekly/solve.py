"""Weekly planning: compile, search, write the days, say what it costs and what does not fit and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from optimisers.model import Problem, Result, Stop, TechnicianDay
from optimisers.weekly.bound import lower_bound
from optimisers.weekly.budget import Budget
from optimisers.weekly.compile import Compiled, compile_problem
from optimisers.weekly.conflicts import conflicts_of, must_hold
from optimisers.weekly.costs import costs_of
from optimisers.weekly.couplings import Settled
from optimisers.weekly.days import write_days
from optimisers.weekly.improve import improved
from optimisers.weekly.reasons import reasons_of

MET = 1e-6


def solve(
    problem: Problem,
    stop: Stop,
    seed: int,
    *,
    start: Sequence[TechnicianDay] | None = None,
    progress: Callable[[float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """Plan the horizon. With a limit of iterations, the same seed gives the same plan.

    `start`: an earlier plan to begin from. `progress(part of the search done, points of its best)` is called
    about ten times a second. KeyboardInterrupt, or `should_stop() == True`, ends the search: the result is
    the best plan so far, marked `interrupted`.

    Status 'infeasible' when pins or binding promises cannot all hold (`conflicts` names them), or when visits
    exist and none can be planned; 'optimal' only when the bound is met.
    """
    began = time.perf_counter()
    budget = Budget(stop, began, progress, should_stop)
    compiled = compile_problem(problem)
    settled = improved(compiled, budget, seed, start)
    planned = written(compiled, settled, seed)
    rounds = budget.bound_rounds()
    seconds = None if rounds is not None else budget.for_bound()
    bound, method = lower_bound(compiled, planned.objective, seconds, rounds=rounds, plan=planned.plan)
    proved = planned.objective - bound < MET and planned.status != "infeasible"
    return replace(
        planned,
        status="optimal" if proved else planned.status,
        lower_bound=bound,
        bound_method=method,
        runtime_s=time.perf_counter() - began,
        interrupted=budget.interrupted,
    )


def written(compiled: Compiled, settled: Settled, seed: int) -> Result:
    """Days, costs, reasons and conflicts of a plan of `compiled`'s problem, without bound: it is 0 as yet."""
    problem = compiled.problem
    plan = write_days(settled.compiled, settled.orders.orders, settled.orders.via_depot)
    planned = {problem.visit_number[stop.visit_id] for day in plan for stop in day.visits}
    left = [n for n in range(len(problem.visits)) if n not in planned]
    costs = costs_of(problem, plan, left)
    missing = [n for n in left if must_hold(problem.visits[n])]
    conflicts = conflicts_of(compiled, missing, seed) if missing else ()
    impossible = bool(conflicts) or (bool(problem.visits) and not plan)
    return Result(
        status="infeasible" if impossible else "feasible",
        objective=costs.total,
        lower_bound=0.0,
        bound_method="",
        runtime_s=0.0,
        plan=plan,
        unassigned=reasons_of(compiled, left),
        costs=costs,
        conflicts=conflicts,
    )
