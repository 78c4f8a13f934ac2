"""Remedies beside the reasons of what a plan leaves out, within the budget that people wait for."""

from __future__ import annotations

from optimisers.explain import with_remedies
from optimisers.model import Problem, Result, Stop

# Planning the week again for a visit that no day can take: from the plan at hand, so little is enough.
AGAIN_STOP = Stop(max_iterations=800)


def explained(problem: Problem, result: Result, stop: Stop, seed: int) -> Result:
    """The result with proved remedies.

    A search limited by seconds leaves as many for remedies; an interrupted one is not kept waiting.
    """
    if result.interrupted:
        return result
    return with_remedies(problem, result, AGAIN_STOP, seed, seconds=stop.seconds)
