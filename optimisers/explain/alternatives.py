"""Why this technician, why this day: what the best other places of a visit would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from optimisers.checker import check
from optimisers.explain.board import Board, Insertion
from optimisers.model import Costs, Problem, TechnicianDay, Unassigned


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another technician or day for a visit, everything else left where it is.

    `extra` is the change of the objective in points (negative: better than the plan), `extra_by_term` its
    parts, `extra_km` the kilometres; `start_min` is when it would begin. Each was written and accepted by the
    checker.
    """

    technician_id: int
    day: date
    start_min: int
    extra: float
    extra_km: float
    extra_by_term: Costs


def alternatives(
    problem: Problem, plan: Sequence[TechnicianDay], visit_id: int, *, most: int = 3
) -> tuple[Alternative, ...]:
    """The cheapest other technician-days for a planned visit, best first, at most one for each.

    Raises KeyError for a visit that the problem does not know, ValueError for one that is not planned, is
    frozen or needs a crew.
    """
    number = problem.visit_number[visit_id]
    visit = problem.visits[number]
    planned = {
        (day.technician_id, day.day): day for day in plan for s in day.visits if s.visit_id == visit_id
    }
    if not planned or visit.frozen or visit.crew > 1:
        raise ValueError(
            f"visit {visit_id} is {'frozen' if visit.frozen else 'not planned for one technician'}, "
            "expected a planned visit of one technician: choose another visit"
        )
    left = _left(problem, plan)
    base = check(problem, plan, left)
    board = Board(problem, plan).without(number)
    seen = set(planned)
    found: list[Alternative] = []
    for way in board.insertions(number):
        key = _key(problem, board, way)
        if key in seen:
            continue
        changed = board.plan_with(way)
        report = check(problem, changed, left)
        if not report.lawful:
            continue
        seen.add(key)
        found.append(
            Alternative(
                *key,
                start_min=round(way.start_min),
                extra=report.costs.total - base.costs.total,
                extra_km=report.km - base.km,
                extra_by_term=_difference(report.costs, base.costs),
            )
        )
        if len(found) == most:
            break
    return tuple(sorted(found, key=lambda other: other.extra))


def _key(problem: Problem, board: Board, way: Insertion) -> tuple[int, date]:
    shift = board.compiled.shifts[way.shift]
    return problem.technicians[shift.technician].technician_id, problem.days[shift.day]


def _left(problem: Problem, plan: Sequence[TechnicianDay]) -> tuple[Unassigned, ...]:
    planned = {stop.visit_id for day in plan for stop in day.visits}
    return tuple(
        Unassigned(visit.visit_id, "", "non planifiée")
        for visit in problem.visits
        if visit.visit_id not in planned
    )


def _difference(after: Costs, before: Costs) -> Costs:
    return Costs(
        **{term: getattr(after, term) - getattr(before, term) for term in Costs.__dataclass_fields__}
    )
