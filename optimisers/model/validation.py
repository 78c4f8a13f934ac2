"""Checks of a problem before anything is solved. Every fault is collected; none hides another.

What is lawful to ask but cannot be had (nobody holds the skill, pins that leave no way) is no fault: solvers
say so in their status and their reasons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from optimisers.model.faults import Fault
from optimisers.model.people import MIDNIGHT_MIN
from optimisers.model.people_faults import faults_of_place, faults_of_technician
from optimisers.model.rule_faults import faults_of_rules, faults_of_weights
from optimisers.model.visit_faults import faults_between, faults_of_visit

if TYPE_CHECKING:
    from optimisers.model.problem import Problem

__all__ = ["faults_of", "faults_of_visit"]


# Points; half of what the solvers price a broken pin at (`weekly.compile.HOLD`).
DEAREST_TRIP = 50_000


def faults_of(problem: Problem) -> list[Fault]:
    """All faults: days, rules, weights, depot and now, technicians, visits, ids, travel."""
    known = {technician.technician_id: technician for technician in problem.technicians}
    faults = [*_days(problem), *faults_of_rules(problem.rules, known.keys())]
    faults += [*faults_of_weights(problem.weights), *_depot(problem), *_now(problem)]
    for technician in problem.technicians:
        faults += faults_of_technician(technician, problem.rules, problem.known_skills)
    for visit in problem.visits:
        faults += faults_of_visit(visit, known.keys(), problem.known_skills)
    faults += faults_between(problem.visits, known, problem.days)
    faults += _repeated("technician", [t.technician_id for t in problem.technicians])
    faults += _repeated("visit", [v.visit_id for v in problem.visits])
    if not problem.technicians:
        faults.append(Fault("technicians", "none", "at least one", "add a technician to the problem"))
    return faults + list(_travel(problem))


def _days(problem: Problem) -> Iterator[Fault]:
    if not problem.days:
        yield Fault("days", "none", "at least one working day", "give the days to plan")
    if list(problem.days) != sorted(set(problem.days)):
        shown = ", ".join(day.isoformat() for day in problem.days)
        expected = "increasing dates without repetition"
        yield Fault("days", shown, expected, "sort the days and drop repetitions")


def _depot(problem: Problem) -> Iterator[Fault]:
    depot = problem.depot
    if depot is None:
        return
    yield from faults_of_place("depot", depot.place)
    if depot.handling_min < 0:
        yield Fault("depot", f"handling {depot.handling_min} min", "at least 0", "correct the handling")
    fits = depot.open_from_min + max(0, depot.handling_min) <= depot.open_until_min
    if not (0 <= depot.open_from_min < depot.open_until_min <= MIDNIGHT_MIN and fits):
        shown = f"open {depot.open_from_min}–{depot.open_until_min} min"
        expected = "0 <= opening < closing <= 1440, with time for the handling"
        yield Fault("depot", shown, expected, "correct the opening hours")


def _now(problem: Problem) -> Iterator[Fault]:
    now = problem.now
    if now is None:
        return
    if now.day not in problem.days:
        yield Fault("now", str(now.day), "a day of the problem", "plan again on a day of the horizon")
    if not 0 <= now.minute <= MIDNIGHT_MIN:
        yield Fault("now", f"minute {now.minute}", "from 0 to 1440", "correct the minute")


def _repeated(kind: str, ids: list[int]) -> Iterator[Fault]:
    for identifier, count in Counter(ids).items():
        if count > 1:
            yield Fault(f"{kind} {identifier}", f"listed {count} times", "once", "drop the repetitions")


def _travel(problem: Problem) -> Iterator[Fault]:
    from optimisers.model.problem import places_of

    size = len(places_of(problem.technicians, problem.visits, problem.depot))
    for name in ("metres", "minutes"):
        matrix = getattr(problem.travel, name)
        subject = f"travel {name}"
        if matrix.shape != (size, size):
            remedy = "build the matrix from the places of the problem in the order of places_of"
            yield Fault(subject, f"shape {matrix.shape}", f"({size}, {size})", remedy)
        elif not np.issubdtype(matrix.dtype, np.integer):
            yield Fault(subject, f"dtype {matrix.dtype}", "integers", "round the matrix")
        elif size and (matrix.min() < 0 or np.diagonal(matrix).any()):
            found = "negative or a non-zero diagonal"
            yield Fault(subject, found, ">= 0 and 0 to itself", "correct it")
        elif size and name == "metres":
            yield from _dearest_trip(problem.weights.per_km * float(matrix.max()) / 500)


def _dearest_trip(points: float) -> Iterator[Fault]:
    """Going anywhere and back must cost less than breaking a pin or a promise."""
    if points > DEAREST_TRIP:
        shown = f"{points:,.0f} points for the longest way there and back"
        yield Fault("weight per_km", shown, f"at most {DEAREST_TRIP:,}", "lower per_km or correct the travel")
