"""Who may make which visit, and what must be in the van: boolean and integer arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimisers.model import Problem, Technician, Visit
from optimisers.weekly.facts import facts_of
from optimisers.weekly.shifts import Shift


def holds(technician: Technician, visit: Visit) -> bool:
    """Every skill and habilitation at its level."""
    return all(technician.skills.get(skill, 0) >= level for skill, level in visit.skills.items())


def may_do(problem: Problem) -> np.ndarray:
    """(technicians, visits): skills and pins; day and time are for the windows."""
    able: dict[frozenset[tuple[str, int]], np.ndarray] = {}
    allowed = np.zeros((len(problem.technicians), len(problem.visits)), dtype=bool)
    for number, visit in enumerate(problem.visits):
        need = frozenset(visit.skills.items())
        if need not in able:
            able[need] = np.array([holds(technician, visit) for technician in problem.technicians])
        allowed[:, number] = able[need]
        # A pin names one member of a crew; the others are free.
        if visit.pin is not None and visit.pin.technician_id is not None and visit.crew == 1:
            pinned = problem.technician_number[visit.pin.technician_id]
            allowed[np.arange(len(allowed)) != pinned, number] = False
    return allowed


def equipment(
    problem: Problem, owner: np.ndarray, extra: int, shifts: Sequence[Shift]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(visits, tools) needed, (shifts, tools) in the van, (visits, parts) needed, (technicians, parts) left.

    `extra` facts at the end need nothing: what they used is taken off the stock. A crew works from the van of
    its first member.
    """
    visits, rows = problem.visits, len(owner) + extra
    tools = sorted({tool for visit in visits for tool in visit.tools})
    parts = sorted({part for visit in visits for part in visit.parts})
    needs_tool = np.zeros((rows, len(tools)), dtype=np.bool_)
    needs_part = np.zeros((rows, len(parts)), dtype=np.int64)
    seen: set[int] = set()
    for row, number in enumerate(owner.tolist()):
        if number not in seen:
            needs_tool[row] = [tool in visits[number].tools for tool in tools]
            needs_part[row] = [visits[number].parts.get(part, 0) for part in parts]
        seen.add(number)
    has_tool = np.array(
        [[tool in problem.technicians[s.technician].tools for tool in tools] for s in shifts], dtype=np.bool_
    ).reshape(len(shifts), len(tools))
    has_part = np.array(
        [[technician.stock.get(part, 0) for part in parts] for technician in problem.technicians],
        dtype=np.int64,
    ).reshape(len(problem.technicians), len(parts))
    for (technician, _), facts in facts_of(problem).items():
        for stop in facts.stops:
            used = visits[problem.visit_number[stop.visit_id]].parts
            has_part[technician] -= np.array([used.get(part, 0) for part in parts], dtype=np.int64)
    return needs_tool, has_tool, needs_part, np.maximum(has_part, 0)
