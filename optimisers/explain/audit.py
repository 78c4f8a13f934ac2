"""The insertion audit: after the solve, does a visit left out fit anywhere in the plan as it stands?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from optimisers.explain.board import Board
from optimisers.model import Problem, TechnicianDay


@dataclass(frozen=True, slots=True)
class Fitting:
    """A visit left out that fits lawfully. `added` points of placing it there against `saved` by doing so."""

    visit_id: int
    technician_id: int
    day: date
    added: float
    saved: float

    @property
    def worth_it(self) -> bool:
        """Placing the visit would lower the objective: the search missed it."""
        return self.added < self.saved - 1e-6


def insertion_audit(problem: Problem, plan: Sequence[TechnicianDay]) -> tuple[Fitting, ...]:
    """The best place of each visit left out that fits somewhere; visits that fit nowhere are not listed.

    Crews and followers of visits left out have no single place: they are not audited.
    """
    board = Board(problem, plan)
    planned = {stop.visit_id for day in plan for stop in day.visits}
    found = []
    for number, visit in enumerate(problem.visits):
        waits = any(before not in planned for before in visit.after)
        if visit.visit_id in planned or visit.frozen or visit.crew > 1 or waits:
            continue
        ways = board.insertions(number)
        if ways:
            shift = board.compiled.shifts[ways[0].shift]
            saved = float(board.instance.skip_cost[board.element(number)])
            technician = problem.technicians[shift.technician].technician_id
            found.append(Fitting(visit.visit_id, technician, problem.days[shift.day], ways[0].added, saved))
    return tuple(found)
