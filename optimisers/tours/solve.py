"""A day tour: exact for a few visits, PyVRP and local search above."""

from __future__ import annotations

import time

from optimisers import weekly
from optimisers.model import Problem, Result, Stop
from optimisers.search.compiled import CompiledProblem
from optimisers.search.draft import Draft
from optimisers.search.exact import best_tour
from optimisers.search.unassigned import explain

# Ten visits can take seconds when windows are wide; nine stay under one.
EXACT_VISITS = 9
METHOD = "programmation dynamique exacte"


def solve(problem: Problem, stop: Stop, seed: int) -> Result:
    """Best tour of one technician on one day; raises ValueError when the problem has more of either."""
    if len(problem.technicians) != 1 or len(problem.days) != 1:
        found = f"{len(problem.technicians)} technicians and {len(problem.days)} days"
        raise ValueError(f"a day tour got {found}, expected one of each: use optimisers.weekly for more")
    if len(problem.visits) > EXACT_VISITS:
        return weekly.solve(problem, stop, seed)
    began = time.perf_counter()
    compiled = CompiledProblem(problem)
    order: list[int] = []
    if compiled.shifts:
        found_tour = best_tour(compiled, compiled.shifts[0], range(len(problem.visits)))
        order = found_tour[1] if found_tour else []
    draft = Draft(compiled, {0: order} if order else {})
    costs = draft.costs()
    return Result(
        status="infeasible" if problem.visits and not order else "optimal",
        objective=costs.total,
        lower_bound=costs.total,
        bound_method=METHOD,
        runtime_s=time.perf_counter() - began,
        plan=draft.days(),
        unassigned=explain(draft),
        costs=costs,
    )
