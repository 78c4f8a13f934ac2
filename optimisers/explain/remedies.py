"""What would fix it: for each visit left out, the smallest change that would place it, proved."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimisers.bounds.exact_day import MAX_ELEMENTS, best_day
from optimisers.explain.again import planned_again
from optimisers.explain.board import Board, Insertion
from optimisers.explain.proof import Proof, lawful_with
from optimisers.explain.relaxations import KINDS, Try, overtime
from optimisers.model import WAITS, Problem, Result, Stop
from optimisers.weekly.couplings import groups_of
from optimisers.wording import day_label

DAYS_SOLVED_AGAIN = 6
NOT_WORTH_IT = "cout"
MOST_LABELS = 20_000


def with_remedies(
    problem: Problem, result: Result, stop: Stop, seed: int, *, seconds: float | None = None
) -> Result:
    """The result with a proved remedy for each visit left out, where one is found.

    A remedy is looked for by inserting the visit into each day under relaxed rules, by solving the shortest
    days again exactly and, where that finds nothing or the visit is coupled to others, by planning the week
    again (`stop`, `seed`). A visit that fits as it is needs none: its reason says what it would cost. A
    remedy is given only when the checker accepts the whole plan with the relaxation.
    After `seconds` the visits that remain keep their reason and are not proved.
    """
    ends = None if seconds is None else time.perf_counter() + seconds
    if all(item.code == WAITS for item in result.unassigned):
        return result
    board = Board(problem, result.plan)
    explained = []
    for item in result.unassigned:
        number = problem.visit_number[item.visit_id]
        if item.code == WAITS or problem.visits[number].frozen:
            explained.append(item)
            continue
        fitting = _not_worth_it(board, number)
        if fitting is not None:
            explained.append(replace(item, code=NOT_WORTH_IT, reason=fitting))
            continue
        proof, whole = _smallest(board, number, stop, seed, ends)
        if proof is not None:
            item = replace(
                item,
                remedy=proof.found.text,
                proved=True,
                relaxation=proof.found.relaxation,
                smallest=whole,
            )
        explained.append(item)
    return replace(result, unassigned=tuple(explained))


def _not_worth_it(board: Board, number: int) -> str | None:
    """The sentence for a visit that fits into the plan as it stands and was left out for what it costs."""
    problem, visit = board.problem, board.problem.visits[number]
    if any(number in group for group in groups_of(problem)):
        return None
    for way in board.insertions(number):
        if not lawful_with(problem, board.plan_with(way), visit.visit_id):
            continue
        shift = board.compiled.shifts[way.shift]
        saved = float(board.instance.skip_cost[board.element(number)])
        return (
            f"possible chez {problem.technicians[shift.technician].name} "
            f"{day_label(problem.days[shift.day])}, à {way.added:.1f} points contre {saved:.1f} "
            "si elle reste non planifiée"
        )
    return None


def _smallest(
    board: Board, number: int, stop: Stop, seed: int, ends: float | None
) -> tuple[Proof | None, bool]:
    """The smallest proved relaxation, and whether every kind of change was looked at to the end."""
    best: Proof | None = None
    coupled = any(number in group for group in groups_of(board.problem))
    if not coupled:
        for kind in KINDS:
            for attempt in kind(board, number):
                if ends is not None and time.perf_counter() > ends:
                    return best, False
                if best is None or attempt.least < best.found.size:
                    best = _better(board, number, attempt, best, exact=kind is overtime)
    if best is None and (ends is None or time.perf_counter() < ends):
        return planned_again(board, number, stop, seed), False
    return best, not coupled


def _better(board: Board, number: int, attempt: Try, best: Proof | None, *, exact: bool) -> Proof | None:
    """The smallest place under one relaxation, if it beats the best so far and the checker accepts it."""
    relaxed = attempt.board()
    ways = relaxed.insertions(number)
    if exact:
        ways += _days_solved_again(relaxed, number, ways)
    places = [(attempt.found(way), way) for way in ways]
    for found, way in sorted(places, key=lambda place: (place[0].size, place[1].added)):
        if best is not None and found.size >= best.found.size:
            return best
        plan = relaxed.plan_with(way, found.problem)
        if lawful_with(found.problem, plan, board.problem.visits[number].visit_id):
            return Proof(found, plan)
    return best


def _days_solved_again(relaxed: Board, number: int, ways: Sequence[Insertion]) -> list[Insertion]:
    """The least work of the most promising days with the visit among theirs, in whatever order."""
    instance = relaxed.instance
    shortest: dict[int, Insertion] = {}
    for way in sorted(ways, key=lambda way: way.work_min - instance.max_work[way.shift]):
        shortest.setdefault(way.shift, way)
    minutes = replace(
        instance,
        leg_cost=np.zeros_like(instance.leg_cost),
        choice_cost=np.where(np.isfinite(instance.choice_cost), 0.0, np.inf),
        skip_cost=np.full_like(instance.skip_cost, np.inf),
        minute_cost=1.0,
    )
    found = []
    for shift, way in list(shortest.items())[:DAYS_SOLVED_AGAIN]:
        if len(way.order) + (instance.depot_at >= 0) > MAX_ELEMENTS:
            continue
        day = best_day(minutes, shift, way.order, upper_bound=way.work_min, max_labels=MOST_LABELS)
        if day.order is not None and day.objective < way.work_min - 0.5:
            found.append(replace(way, order=day.order, via_depot=day.via_depot, work_min=day.objective))
    return found
