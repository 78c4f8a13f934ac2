"""Checks of a problem before anything is solved. Every fault is collected; none hides another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from optimisers.model.faults import Fault
from optimisers.model.people import MIDNIGHT_MIN

if TYPE_CHECKING:
    from optimisers.model.people import Technician
    from optimisers.model.problem import Problem
    from optimisers.model.visits import Place, Visit


def faults_of(problem: Problem) -> list[Fault]:
    """All faults of the problem, in the order days, rules, weights, technicians, visits, travel."""
    faults = [*_days(problem), *_rules(problem), *_weights(problem)]
    for technician in problem.technicians:
        faults += _technician(technician)
    known = {technician.technician_id for technician in problem.technicians}
    for visit in problem.visits:
        faults += faults_of_visit(visit, known)
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
        yield Fault(
            "days", shown, "increasing dates without repetition", "sort the days and drop repetitions"
        )


def _rules(problem: Problem) -> Iterator[Fault]:
    rules = problem.rules
    if not 0 <= rules.day_start_min < rules.day_end_min <= MIDNIGHT_MIN:
        yield Fault(
            "rules",
            f"day {rules.day_start_min}–{rules.day_end_min} min",
            "0 <= start < end <= 1440",
            "correct the day",
        )
    if rules.lunch_min < 0 or rules.lunch_from_min + rules.lunch_min > rules.lunch_until_min:
        shown = f"{rules.lunch_min} min in {rules.lunch_from_min}–{rules.lunch_until_min} min"
        yield Fault("rules", shown, "a lunch that fits its window", "shorten lunch or widen its window")


def _weights(problem: Problem) -> Iterator[Fault]:
    for weight in fields(problem.weights):
        value = getattr(problem.weights, weight.name)
        if not np.isfinite(value) or value < 0:
            yield Fault(f"weight {weight.name}", str(value), "a finite number >= 0", "correct the weight")


def _place(subject: str, place: Place) -> Iterator[Fault]:
    inside = -90 <= place.latitude <= 90 and -180 <= place.longitude <= 180
    if not inside:
        shown = f"latitude {place.latitude}, longitude {place.longitude}"
        yield Fault(
            subject, shown, "latitude in [-90, 90], longitude in [-180, 180]", "correct the coordinates"
        )


def _technician(technician: Technician) -> Iterator[Fault]:
    subject = f"technician {technician.technician_id}"
    yield from _place(subject, technician.home)
    if not 0 < technician.hours_per_day <= 24:
        yield Fault(
            subject, f"{technician.hours_per_day} h a day", "more than 0, at most 24", "correct the hours"
        )


def faults_of_visit(visit: Visit, technicians: Set[int]) -> Iterator[Fault]:
    """Faults of one visit, `technicians` being the ids that it may be reserved for."""
    subject = f"visit {visit.visit_id}"
    yield from _place(subject, visit.place)
    if visit.duration_min <= 0:
        yield Fault(
            subject, f"duration {visit.duration_min} min", "more than 0", "correct the planned duration"
        )
    for window in visit.windows:
        if not 0 <= window.start_min < window.end_min <= MIDNIGHT_MIN:
            shown = f"open {window.start_min}–{window.end_min} min"
            yield Fault(subject, shown, "0 <= opening < closing <= 1440", "correct the opening hours")
    promise = visit.appointment
    if promise is not None and not 0 <= promise.start_min <= promise.end_min <= MIDNIGHT_MIN:
        shown = f"appointment {promise.start_min}–{promise.end_min} min"
        yield Fault(subject, shown, "0 <= start <= end <= 1440", "correct the promised window")
    pin = visit.pin
    if pin is not None and pin.technician_id is not None and pin.technician_id not in technicians:
        shown = f"pinned to technician {pin.technician_id}"
        yield Fault(subject, shown, "a technician of the problem", "add the technician or drop the pin")


def _repeated(kind: str, ids: list[int]) -> Iterator[Fault]:
    for identifier, count in Counter(ids).items():
        if count > 1:
            yield Fault(f"{kind} {identifier}", f"listed {count} times", "once", "drop the repetitions")


def _travel(problem: Problem) -> Iterator[Fault]:
    from optimisers.model.problem import places_of

    size = len(places_of(problem.technicians, problem.visits, problem.depot))
    for name in ("metres", "minutes"):
        matrix = getattr(problem.travel, name)
        if matrix.shape != (size, size):
            remedy = "build the matrix from the places of the problem in the order of places_of"
            yield Fault(f"travel {name}", f"shape {matrix.shape}", f"({size}, {size})", remedy)
        elif not np.issubdtype(matrix.dtype, np.integer):
            yield Fault(f"travel {name}", f"dtype {matrix.dtype}", "integers", "round the matrix")
        elif size and (matrix.min() < 0 or np.diagonal(matrix).any()):
            yield Fault(
                f"travel {name}", "negative or a non-zero diagonal", ">= 0 and 0 to itself", "correct it"
            )
