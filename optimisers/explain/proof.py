"""What counts as a proof: the checker accepts a whole plan with the visit under the relaxed problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimisers.checker import check
from optimisers.explain.relaxations import Found
from optimisers.model import Problem, TechnicianDay, Unassigned


@dataclass(frozen=True, slots=True)
class Proof:
    """A relaxation and a plan that is lawful under it."""

    found: Found
    plan: tuple[TechnicianDay, ...]


def lawful_with(problem: Problem, plan: Sequence[TechnicianDay], visit_id: int) -> bool:
    """Whether the plan holds the visit and breaks no rule of the problem."""
    planned = {stop.visit_id for day in plan for stop in day.visits}
    left = [
        Unassigned(visit.visit_id, "", "non concernée")
        for visit in problem.visits
        if visit.visit_id not in planned
    ]
    return visit_id in planned and check(problem, plan, left).lawful
