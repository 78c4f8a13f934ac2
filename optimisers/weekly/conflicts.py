"""Which pins and promises cannot hold together: minimal sets, found by leaving one out at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimisers.model import Problem, Visit
from optimisers.routing.search import search
from optimisers.weekly.compile import Compiled
from optimisers.weekly.reasons import reason_of
from optimisers.weekly.subset import subset
from optimisers.wording import clock_label, day_label

TRIES = 300
LARGEST = 40


def must_hold(visit: Visit) -> bool:
    """Pins and promises that bind."""
    promise = visit.appointment
    return not visit.frozen and (visit.pin is not None or (promise is not None and not promise.movable))


def conflicts_of(compiled: Compiled, missing: Sequence[int], seed: int) -> tuple[str, ...]:
    """A sentence for each minimal set of visits that must hold and cannot all be placed.

    `missing`: positions of those that the plan leaves out. A promise that fits when only what must hold is
    planned is no conflict. A pin always is one: if it fits then, its crew or what must come before it is in
    the way, and its sentence says so. Deletion filter (Chinneck & Dravnieks 1991); whether a set fits is
    asked to the engine.
    """
    found: dict[tuple[int, ...], str] = {}
    for number in missing:
        conflict = _minimal(compiled, number, seed)
        if conflict:
            found[conflict] = _sentence(compiled, conflict)
        elif compiled.problem.visits[number].pin is not None:
            found[(number,)] = _sentence(compiled, (number,))
    return tuple(found.values())


def _minimal(compiled: Compiled, number: int, seed: int) -> tuple[int, ...]:
    rivals = _rivals(compiled, number)
    if _fits(compiled, [number, *rivals], seed):
        return ()
    kept = list(rivals)
    for rival in rivals:
        fewer = [n for n in kept if n != rival]
        if not _fits(compiled, [number, *fewer], seed):
            kept = fewer
    return tuple(sorted([number, *kept]))


def _rivals(compiled: Compiled, number: int) -> list[int]:
    """Other visits that must hold and may take a shift that this one needs; fewest choices first."""
    problem, choice = compiled.problem, compiled.instance.choice_cost
    possible = np.isfinite(choice) & _open(compiled)
    own = possible[:, list(compiled.elements[number])].any(axis=1)
    rivals = [
        n
        for n, elements in compiled.elements.items()
        if n != number and must_hold(problem.visits[n]) and possible[own][:, list(elements)].any()
    ]
    return sorted(rivals, key=lambda n: int(possible[:, compiled.elements[n][0]].sum()))[:LARGEST]


def _open(compiled: Compiled) -> np.ndarray:
    windows = compiled.instance.windows
    days = (windows[..., 0] <= windows[..., 1]).any(axis=2)
    return days[:, compiled.instance.shift_day].T


def _fits(compiled: Compiled, numbers: Sequence[int], seed: int) -> bool:
    """Whether all of them can be planned, as far as a short search tells."""
    part, _ = subset(compiled, numbers)
    orders = search(part.instance, max_iterations=TRIES, seed=seed)
    return sum(map(len, orders.orders)) == len(part.visit_of)


def _sentence(compiled: Compiled, numbers: Sequence[int]) -> str:
    named = " ; ".join(_named(compiled.problem, compiled.problem.visits[n]) for n in numbers)
    if len(numbers) == 1:
        return f"{named} : {reason_of(compiled, numbers[0])[1]}"
    return f"ne tiennent pas ensemble : {named}"


def _named(problem: Problem, visit: Visit) -> str:
    parts = []
    pin, promise = visit.pin, visit.appointment
    if pin is not None:
        who = [t.name for t in problem.technicians if t.technician_id == pin.technician_id]
        if pin.day is not None:
            who.append(day_label(pin.day))
        if pin.start_min is not None:
            who.append(f"à {clock_label(pin.start_min)}")
        parts.append("épinglée : " + " ".join(who))
    if promise is not None and not promise.movable:
        span = f"{clock_label(promise.start_min)}–{clock_label(promise.end_min)}"
        parts.append(f"rendez-vous {day_label(promise.day)} {span}")
    return f"visite {visit.visit_id} ({', '.join(parts)})"
