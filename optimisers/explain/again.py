"""The whole week planned again with longer days, for visits that no day as it stands can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from optimisers import weekly
from optimisers.explain.board import Board
from optimisers.explain.proof import Proof, lawful_with
from optimisers.explain.relaxations import MOST_OVERTIME_MIN, Found, only_visits
from optimisers.model import Problem, Relaxation, Stop, Technician, TechnicianDay, Visit
from optimisers.weekly.costs import worked_min
from optimisers.weekly.eligibility import holds
from optimisers.wording import day_label

MOST_TECHNICIANS = 6
# Longer days cost the search nothing, so they are offered by growing steps: it takes all it is given.
OVERTIME_STEPS = (30, 60, MOST_OVERTIME_MIN)


def planned_again(board: Board, number: int, stop: Stop, seed: int) -> Proof | None:
    """Least overtime, of one technician or of all who can make the visit, that gives it a place.

    Every visit of the plan keeps one; other visits left out do not compete. None when no attempt succeeds.
    """
    problem, visit = board.problem, board.problem.visits[number]
    planned = {stop.visit_id for day in board.plan for stop in day.visits}
    if not visit.after <= planned | {v.visit_id for v in problem.visits if v.frozen}:
        return None
    kept = planned | {visit.visit_id}
    for minutes in OVERTIME_STEPS:
        best: Proof | None = None
        for crew in _crews(problem, visit):
            longer = _longer(problem, crew, minutes, kept)
            proof = _proof(problem, weekly.solve(longer, stop, seed, start=board.plan).plan, visit, kept)
            if proof is not None and (best is None or proof.found.size < best.found.size):
                best = proof
        if best is not None:
            return best
    return None


def _crews(problem: Problem, visit: Visit) -> Iterator[Sequence[Technician]]:
    able = [technician for technician in problem.technicians if holds(technician, visit)]
    if visit.crew == 1 and len(able) > 1:
        yield from ([technician] for technician in able[:MOST_TECHNICIANS])
    yield able


def _longer(problem: Problem, crew: Sequence[Technician], minutes: int, kept: set[int]) -> Problem:
    chosen = {technician.technician_id for technician in crew}
    technicians = tuple(
        replace(t, hours_per_day=min(24.0, t.hours_per_day + minutes / 60))
        if t.technician_id in chosen
        else t
        for t in problem.technicians
    )
    # What was planned stays wanted, due or not.
    weights = replace(problem.weights, unassigned_waiting=problem.weights.unassigned)
    return only_visits(replace(problem, technicians=technicians, weights=weights), kept)


def _proof(problem: Problem, plan: Sequence[TechnicianDay], visit: Visit, kept: set[int]) -> Proof | None:
    if {stop.visit_id for day in plan for stop in day.visits} != kept:
        return None
    contract = {t.technician_id: t.hours_per_day * 60 for t in problem.technicians}
    extra: dict[int, list[tuple[int, TechnicianDay]]] = {}
    for day in plan:
        beyond = round(worked_min(problem, day) - contract[day.technician_id])
        if beyond > 0:
            extra.setdefault(day.technician_id, []).append((beyond, day))
    if not extra:
        return None
    most = {who: max(beyond for beyond, _ in days) for who, days in extra.items()}
    crew = tuple(
        replace(t, hours_per_day=t.hours_per_day + most.get(t.technician_id, 0) / 60)
        for t in problem.technicians
    )
    smallest = replace(problem, technicians=crew)
    if not lawful_with(smallest, plan, visit.visit_id):
        return None
    names = {t.technician_id: t.name for t in problem.technicians}
    text = " ; ".join(
        f"{names[who]} : " + ", ".join(f"+{beyond} min {day_label(day.day)}" for beyond, day in days)
        for who, days in sorted(extra.items())
    )
    first = min(extra)
    beyond, day = extra[first][0]
    total = sum(beyond for days in extra.values() for beyond, _ in days)
    return Proof(
        Found(Relaxation("heures", first, day.day, beyond, text), smallest, total, text), tuple(plan)
    )
