"""Local search on the full objective: what the routing solver cannot express (squares) is settled here.

Moves: insert an unplanned visit, or put it in the place of one or two that matter less, move a visit, swap
two visits, put a day in its best order. Only improvements are kept, in a fixed order, so the result depends
on nothing but its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from optimisers.search.compiled import FORBIDDEN
from optimisers.search.draft import Draft
from optimisers.search.exact import best_tour

EPSILON = 1e-6
EXACT_VISITS = 7


def polish(draft: Draft, max_passes: int = 20) -> None:
    """Improve the draft in place until no move helps, or for `max_passes` passes."""
    for _ in range(max_passes):
        improved = _insert_all(draft)
        improved |= _replace_all(draft)
        improved |= _relocate_all(draft)
        improved |= _swap_all(draft)
        improved |= _reorder_all(draft)
        if not improved:
            return


def _insert_all(draft: Draft) -> bool:
    improved = False
    compiled = draft.compiled
    for visit in sorted(draft.unplanned(), key=lambda v: (-compiled.skip_cost[v], v)):
        before, best = draft.balance(), None
        for shift, order in enumerate(draft.orders):
            for points, candidate in _insertions(draft, shift, order, visit):
                if points >= compiled.skip_cost[visit] + before or (
                    best is not None and points - before >= best[0]
                ):
                    break
                balance = draft.balance_after([(shift, candidate)])
                if balance is None:
                    continue
                change = points + balance - before
                if change < compiled.skip_cost[visit] - EPSILON and (best is None or change < best[0]):
                    best = (change, shift, candidate)
        if best is not None:
            draft.set(best[1], best[2])
            improved = True
    return improved


def _replace_all(draft: Draft) -> bool:
    improved = False
    skip = draft.compiled.skip_cost
    for visit in sorted(draft.unplanned(), key=lambda v: (-skip[v], v)):
        best = None
        for shift, order in enumerate(draft.orders):
            if draft.compiled.choice_cost[shift][visit] == FORBIDDEN:
                continue
            for out in _lesser(draft, order, visit):
                found = _replacement(draft, shift, visit, out, best[0] if best else EPSILON)
                best = found or best
        if best is not None:
            draft.set(best[1], best[2])
            improved = True
    return improved


def _lesser(draft: Draft, order: tuple[int, ...], visit: int) -> Iterator[tuple[int, ...]]:
    """Single visits of a day, then pairs, that cost less to leave out than `visit`."""
    skip = draft.compiled.skip_cost
    yield from ((planned,) for planned in order if skip[planned] < skip[visit])
    yield from (pair for pair in combinations(order, 2) if skip[pair[0]] + skip[pair[1]] < skip[visit])


def _replacement(
    draft: Draft, shift: int, visit: int, out: tuple[int, ...], least: float
) -> tuple[float, int, tuple[int, ...]] | None:
    """The best way to put `visit` into a day in place of `out`, if it gains more than `least` points."""
    skip, order, before = draft.compiled.skip_cost, draft.orders[shift], draft.balance()
    without = tuple(v for v in order if v not in out)
    freed = draft.route_cost(shift, order) - draft.route_cost(shift, without) - sum(skip[v] for v in out)
    best = None
    for points, candidate in _insertions(draft, shift, without, visit):
        gain = skip[visit] + freed - points
        if gain + before <= least:
            break
        balance = draft.balance_after([(shift, candidate)])
        if balance is not None and gain + before - balance > least:
            least = gain + before - balance
            best = (least, shift, candidate)
    return best


def _insertions(
    draft: Draft, shift: int, order: tuple[int, ...], visit: int
) -> list[tuple[float, tuple[int, ...]]]:
    """Ways to add the visit to a day: points added without balance, and the order; cheapest first."""
    compiled = draft.compiled
    choice = compiled.choice_cost[shift][visit]
    if choice == FORBIDDEN:
        return []
    home, first = compiled.shifts[shift].technician, compiled.first_visit
    stops = [home, *[first + v for v in order], home]
    here, metres = first + visit, compiled.metres
    found = []
    for position in range(len(order) + 1):
        a, b = stops[position], stops[position + 1]
        detour = metres[a][here] + metres[here][b] - metres[a][b]
        points = compiled.weights.per_km * detour / 1000 + choice
        found.append((points, position))
    found.sort()
    return [(points, (*order[:p], visit, *order[p:])) for points, p in found]


def _relocate_all(draft: Draft) -> bool:
    improved = False
    for source in range(len(draft.orders)):
        for visit in draft.orders[source]:
            improved |= _relocate(draft, source, visit)
    return improved


def _relocate(draft: Draft, source: int, visit: int) -> bool:
    order = draft.orders[source]
    without = tuple(v for v in order if v != visit)
    if draft.work_of(source, without) is None:
        return False
    freed = draft.route_cost(source, order) - draft.route_cost(source, without)
    before, best = draft.balance(), None
    for target in range(len(draft.orders)):
        if target == source:
            continue
        for points, candidate in _insertions(draft, target, draft.orders[target], visit):
            # Balance can fall by all it is, no more: nothing below can be an improvement.
            if points - freed - before >= (best[0] if best else -EPSILON):
                break
            balance = draft.balance_after([(source, without), (target, candidate)])
            if balance is None:
                continue
            change = points - freed + balance - before
            if change < (best[0] if best else -EPSILON):
                best = (change, target, candidate)
    if best is None:
        return False
    draft.set(source, without)
    draft.set(best[1], best[2])
    return True


def _swap_all(draft: Draft) -> bool:
    improved = False
    for a in range(len(draft.orders)):
        for b in range(a + 1, len(draft.orders)):
            improved |= _swap(draft, a, b)
    return improved


def _swap(draft: Draft, a: int, b: int) -> bool:
    """The best exchange of a visit of day a and one of day b, each taking the other's place in the order."""
    choice = draft.compiled.choice_cost
    old = draft.route_cost(a, draft.orders[a]) + draft.route_cost(b, draft.orders[b])
    before, best = draft.balance(), None
    for i, from_a in enumerate(draft.orders[a]):
        if choice[b][from_a] == FORBIDDEN:
            continue
        for j, from_b in enumerate(draft.orders[b]):
            if choice[a][from_b] == FORBIDDEN:
                continue
            new_a = (*draft.orders[a][:i], from_b, *draft.orders[a][i + 1 :])
            new_b = (*draft.orders[b][:j], from_a, *draft.orders[b][j + 1 :])
            routes = draft.route_cost(a, new_a) + draft.route_cost(b, new_b) - old
            if routes - before >= (best[0] if best else -EPSILON):
                continue
            balance = draft.balance_after([(a, new_a), (b, new_b)])
            if balance is not None and routes + balance - before < (best[0] if best else -EPSILON):
                best = (routes + balance - before, new_a, new_b)
    if best is None:
        return False
    draft.set(a, best[1])
    draft.set(b, best[2])
    return True


def _reorder_all(draft: Draft) -> bool:
    improved = False
    compiled = draft.compiled
    for shift, order in enumerate(draft.orders):
        if not 2 <= len(order) <= EXACT_VISITS:
            continue
        now = draft.route_cost(shift, order)
        found = best_tour(compiled, compiled.shifts[shift], order, all_visits=True, ceiling=now)
        candidate = tuple(found[1]) if found else order
        balance = draft.balance_after([(shift, candidate)])
        if balance is None:
            continue
        change = (
            draft.route_cost(shift, candidate) - draft.route_cost(shift, order) + balance - draft.balance()
        )
        if change < -EPSILON:
            draft.set(shift, candidate)
            improved = True
    return improved
