"""From a plan with many changes to plans with fewer: the least useful changes are put back first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator

from optimisers.replanning.held import Published, restarted
from optimisers.routing.search import search
from optimisers.weekly.compile import decide
from optimisers.weekly.couplings import Settled


def put_back(
    settled: Settled,
    published: Published,
    changed: Collection[int],
    forced: Collection[int],
    seed: int,
    should_stop: Callable[[], bool],
) -> Iterator[Settled]:
    """Plans with one change less each, from a plan with these changes (positions of visits).

    Each step puts back the change whose return costs least. Returns are evaluated lazily: one that was
    dearer than the best a step ago is only looked at again when it comes first (Minoux, "Accelerated greedy
    algorithms for maximizing submodular set functions", 1978). A return is a best insertion into the
    published tour with all other visits held where they are published or, if changed, free.
    """
    left = frozenset(changed)
    queue = [(float("-inf"), number) for number in sorted(left)]
    while left:
        best: tuple[float, int, Settled] | None = None
        seen: list[tuple[float, int]] = []
        while queue and (best is None or queue[0][0] < best[0]):
            if should_stop():
                return
            _, number = heapq.heappop(queue)
            again = _without(settled, published, left - {number} | set(forced), seed)
            loss = again.points - settled.points
            seen.append((loss, number))
            if best is None or loss < best[0]:
                best = (loss, number, again)
        if best is None:
            return
        _, number, settled = best
        left -= {number}
        for item in seen:
            if item[1] != number:
                heapq.heappush(queue, item)
        yield settled


def _without(settled: Settled, published: Published, free: Collection[int], seed: int) -> Settled:
    compiled = decide(published.holding(free), settled.compiled.decisions)
    begun = restarted(settled, compiled)
    orders = search(compiled.instance, max_iterations=1, seed=seed, start=begun.orders.orders)
    return Settled(compiled, orders)
