"""Tools and spare parts: what is in the vans, and what a passage of the depot changes that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from optimisers.checker.ground import Ground
from optimisers.checker.report import Violation
from optimisers.model import TechnicianDay

# A visit's moment and id, then whether a member of its crew has passed the depot, then its technicians.
Job = tuple[tuple[date, int, int], bool, list[int]]


def equipment(ground: Ground, plan: Sequence[TechnicianDay]) -> Iterator[Violation]:
    """Tools that no member of the crew has, parts that their vans do not hold at that point of the horizon.

    A crew works from all its vans: one tool serves it, and its parts come from any of them. After the depot
    was passed on a day, tools are at hand and parts used that day do not draw on the van. Facts are not
    judged, but what they used is gone.
    """
    jobs = _jobs(ground, plan)
    for (_, _, visit_id), passed, people in jobs:
        visit = ground.visits[visit_id]
        held = {tool for person in people for tool in ground.technicians[person].tools}
        missing = sorted(visit.tools - held)
        if missing and not passed and not visit.frozen:
            detail = f"needs {', '.join(missing)}: not in the van, depot not passed before"
            yield Violation("tool_missing", f"visit {visit_id}", detail)
    for part in sorted({part for visit in ground.visits.values() for part in visit.parts}):
        yield from _part(ground, part, jobs)


def _jobs(ground: Ground, plan: Sequence[TechnicianDay]) -> list[Job]:
    """Visits of the plan by moment, each once."""
    people: dict[int, list[int]] = defaultdict(list)
    passed: set[int] = set()
    moment: dict[int, tuple[date, int, int]] = {}
    for day in plan:
        if day.technician_id not in ground.technicians:
            continue
        at_hand = False
        for stop, visit, _ in ground.stops(day):
            at_hand |= stop.via_depot and not visit.frozen and ground.problem.depot is not None
            people[visit.visit_id].append(day.technician_id)
            if at_hand:
                passed.add(visit.visit_id)
            key = (day.day, stop.start_min, visit.visit_id)
            moment[visit.visit_id] = min(key, moment.get(visit.visit_id, key))
    return [(moment[v], v in passed, people[v]) for v in sorted(moment, key=lambda v: moment[v])]


def _part(ground: Ground, part: str, jobs: list[Job]) -> Iterator[Violation]:
    """Units are given out from vans one by one; a crew's unit moves to another van when one is short.

    Maximum bipartite matching by augmenting paths (Kuhn, "The Hungarian method for the assignment problem",
    1955): a unit stays short only when no way of sharing the vans would serve it.
    """
    vans: list[list[int]] = []
    held: dict[int, list[int]] = defaultdict(list)

    def place(unit: int, tried: set[int]) -> bool:
        for person in vans[unit]:
            if person in tried:
                continue
            tried.add(person)
            if len(held[person]) < ground.technicians[person].stock.get(part, 0):
                held[person].append(unit)
                return True
            for other in held[person]:
                if place(other, tried):
                    held[person].remove(other)
                    held[person].append(unit)
                    return True
        return False

    facts_first = sorted(jobs, key=lambda job: not ground.visits[job[0][2]].frozen)
    for (_, _, visit_id), passed, people in facts_first:
        visit = ground.visits[visit_id]
        needed = visit.parts.get(part, 0)
        if passed or not needed:
            continue
        served = 0
        for _ in range(needed):
            vans.append(sorted(set(people)))
            served += place(len(vans) - 1, set())
        if served < needed and not visit.frozen:
            detail = f"needs {needed} {part}, {served} left in the van, depot not passed before"
            yield Violation("part_missing", f"visit {visit_id}", detail)
