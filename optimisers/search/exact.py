"""The best lawful tour of a few visits, by dynamic programming over sets of visits.

A label is a partial tour (points, early, work, late), the times being those of `optimisers.search.timing`.
A label is kept only if no other one for the same set, last stop and lunch is at least as good in all four:
what is left holds an optimum, whatever the windows. Cost grows as 2^n · n², so it is meant for ten visits
at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from optimisers.search.compiled import FORBIDDEN, CompiledProblem, Shift

MAX_VISITS = 10


class Label(NamedTuple):
    """A partial tour; `parent` and `visit` give its order back."""

    points: float
    early: int
    work: int
    late: int
    visit: int
    parent: Label | None


def best_tour(
    compiled: CompiledProblem,
    shift: Shift,
    visits: Sequence[int],
    *,
    all_visits: bool = False,
    ceiling: float = FORBIDDEN,
) -> tuple[float, list[int]] | None:
    """Points (km, choice and skip costs) and order of the best tour over any subset of `visits` (positions).

    With `all_visits`, None when no tour visits them all for at most `ceiling` points: the cost of a tour at
    hand makes the search much faster. Raises ValueError above MAX_VISITS visits.
    """
    if len(visits) > MAX_VISITS:
        raise ValueError(
            f"{len(visits)} visits, the exact search takes {MAX_VISITS} at most: use PyVRP above"
        )
    costs = compiled.choice_cost[compiled.shifts.index(shift)]
    doable = [v for v in visits if costs[v] != FORBIDDEN]
    if all_visits and len(doable) < len(visits):
        return None
    skipped = sum(compiled.skip_cost[v] for v in visits)
    best: tuple[float, list[int]] | None = None if all_visits else (skipped, [])
    lunch_done_at_start = compiled.rules.lunch_min == 0
    start = Label(0.0, compiled.rules.day_start_min, 0, compiled.rules.day_end_min, -1, None)
    fronts: list[dict[tuple[int, bool], list[Label]]] = [{} for _ in range(1 << len(doable))]
    fronts[0] = {(-1, lunch_done_at_start): [start]}
    full = len(fronts) - 1
    to_come = _to_come(compiled, shift, doable, costs) if all_visits else [0.0] * len(fronts)
    for subset in range(len(fronts)):
        for (last, eaten), labels in fronts[subset].items():
            for label in labels:
                if subset and (subset == full or not all_visits):
                    points = _close(compiled, shift, label, eaten)
                    saved = sum(compiled.skip_cost[doable[i]] for i in range(len(doable)) if subset >> i & 1)
                    if points is not None and (best is None or points + skipped - saved < best[0] - 1e-9):
                        best = (points + skipped - saved, _order(label))
                for index, visit in enumerate(doable):
                    if not subset >> index & 1:
                        grown = fronts[subset | 1 << index]
                        enough = ceiling - to_come[subset | 1 << index] + 1e-9
                        for key, new in _extend(compiled, shift, label, last, eaten, visit, costs[visit]):
                            if new.points <= enough:
                                _keep(grown.setdefault(key, []), new)
    return best


def _to_come(
    compiled: CompiledProblem, shift: Shift, doable: Sequence[int], costs: Sequence[float]
) -> list[float]:
    """By subset already visited: points that visiting the others and going home cost at least."""
    places = [compiled.first_visit + visit for visit in doable]
    per_metre = compiled.weights.per_km / 1000
    way_home = min((compiled.metres[place][shift.technician] for place in places), default=0) * per_metre
    reach = []
    for visit, here in zip(doable, places, strict=True):
        sources = [place for place in places if place != here] + [shift.technician]
        reach.append(costs[visit] + per_metre * min(compiled.metres[place][here] for place in sources))
    left = [way_home + sum(reach)]
    for subset in range(1, 1 << len(doable)):
        lowest = subset & -subset
        left.append(left[subset ^ lowest] - reach[lowest.bit_length() - 1])
    return left


def _extend(
    compiled: CompiledProblem, shift: Shift, label: Label, last: int, eaten: bool, visit: int, cost: float
) -> list[tuple[tuple[int, bool], Label]]:
    at = shift.technician if last < 0 else compiled.first_visit + last
    here = compiled.first_visit + visit
    drive = compiled.minutes[at][here]
    points = label.points + cost + compiled.weights.per_km * compiled.metres[at][here] / 1000
    found = []
    served = _serve(compiled, label.early + drive, label.work + drive, label.late, visit)
    if served:
        found.append(((visit, eaten), Label(points, *served, visit, label)))
    if not eaten:
        fed = _eat(compiled, label.early + drive, label.work + drive, label.late)
        served = fed and _serve(compiled, *fed, visit)
        if served:
            found.append(((visit, True), Label(points, *served, visit, label)))
        fed = _eat(compiled, label.early, label.work, label.late) if last >= 0 else None
        served = fed and _serve(compiled, fed[0] + drive, fed[1] + drive, fed[2], visit)
        if served:
            found.append(((visit, True), Label(points, *served, visit, label)))
    return found


def _serve(
    compiled: CompiledProblem, early: int, work: int, late: int, visit: int
) -> tuple[int, int, int] | None:
    if early > compiled.latest[visit]:
        return None
    late = min(late, compiled.latest[visit] - work)
    service = compiled.service[visit]
    return max(early, compiled.earliest[visit]) + service, work + service, late


def _eat(compiled: CompiledProblem, early: int, work: int, late: int) -> tuple[int, int, int] | None:
    rules = compiled.rules
    last_start = rules.lunch_until_min - rules.lunch_min
    if early > last_start:
        return None
    return (
        max(early, rules.lunch_from_min) + rules.lunch_min,
        work + rules.lunch_min,
        min(late, last_start - work),
    )


def _close(compiled: CompiledProblem, shift: Shift, label: Label, eaten: bool) -> float | None:
    """Points with the way home, or None when the day is not lawful."""
    rules = compiled.rules
    at = compiled.first_visit + label.visit
    drive = compiled.minutes[at][shift.technician]
    points = label.points + compiled.weights.per_km * compiled.metres[at][shift.technician] / 1000
    limit = shift.max_work_min
    if eaten:
        inside = rules.lunch_min
        return (
            points
            if _fits(compiled, label.early + drive, label.work + drive, label.late, limit + inside)
            else None
        )
    fed = _eat(compiled, label.early, label.work, label.late)
    if fed and _fits(compiled, fed[0] + drive, fed[1] + drive, fed[2], limit + rules.lunch_min):
        return points
    early, work = label.early + drive, label.work + drive
    if early <= rules.lunch_until_min - rules.lunch_min:
        return points if _fits(compiled, early, work, label.late, limit) else None
    first_start = rules.lunch_from_min + rules.lunch_min
    late = min(label.late, rules.day_end_min - work)
    gone_late = late >= first_start and _fits(compiled, max(early, first_start + work), work, late, limit)
    return points if gone_late else None


def _fits(compiled: CompiledProblem, early: int, work: int, late: int, limit: int) -> bool:
    rules = compiled.rules
    late = min(late, rules.day_end_min - work)
    return early <= rules.day_end_min and late >= rules.day_start_min and max(early - late, work) <= limit


def _keep(front: list[Label], new: Label) -> None:
    for old in front:
        if old[0] <= new[0] and old[1] <= new[1] and old[2] <= new[2] and old[3] >= new[3]:
            return
    front[:] = [
        old
        for old in front
        if not (new[0] <= old[0] and new[1] <= old[1] and new[2] <= old[2] and new[3] >= old[3])
    ]
    front.append(new)


def _order(label: Label) -> list[int]:
    order: list[int] = []
    step: Label | None = label
    while step is not None and step.visit >= 0:
        order.append(step.visit)
        step = step.parent
    return order[::-1]
