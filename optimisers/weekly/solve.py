"""Weekly planning: routing search, then local search on the full objective, then reasons for what is left."""

from __future__ import annotations

import time
from collections.abc import Callable

from optimisers.model import Problem, Result, Stop
from optimisers.search.bound import METHOD, assignment_bound
from optimisers.search.compiled import CompiledProblem
from optimisers.search.draft import Draft
from optimisers.search.polish import polish
from optimisers.search.routing import search
from optimisers.search.unassigned import explain


def solve(problem: Problem, stop: Stop, seed: int, progress: Callable[[], None] | None = None) -> Result:
    """Plan the horizon. With a limit of iterations, the same seed gives the same plan.

    `progress` is called at each iteration of the search. Status 'infeasible' when visits exist and none can
    be planned; 'optimal' only when the bound is met.
    """
    began = time.perf_counter()
    compiled = CompiledProblem(problem)
    draft = Draft(compiled, search(compiled, stop, seed, progress=progress))
    polish(draft)
    plan = draft.days()
    costs = draft.costs()
    bound = min(assignment_bound(compiled), costs.total)
    if problem.visits and not plan:
        status = "infeasible"
    else:
        status = "optimal" if costs.total - bound < 1e-6 else "feasible"
    return Result(
        status=status,
        objective=costs.total,
        lower_bound=bound,
        bound_method=METHOD,
        runtime_s=time.perf_counter() - began,
        plan=plan,
        unassigned=explain(draft),
        costs=costs,
    )
