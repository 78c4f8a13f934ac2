"""What a solve may spend, shared between its searches."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from optimisers.model import Stop
from optimisers.routing.instance import Instance, Orders
from optimisers.routing.search import search

BOUND_SHARE = 0.05
BOUND_ROUNDS = 6
LONGEST_BOUND_S = 60.0

Progress = Callable[[float, float], None]


class Budget:
    """Iterations make the same plan anywhere; seconds do not. `interrupted` once somebody asked to stop."""

    def __init__(
        self,
        stop: Stop,
        began: float,
        progress: Progress | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self.stop, self.began, self.interrupted = stop, began, False
        self._progress, self._should_stop = progress, should_stop
        self._done = 0.0

    def for_bound(self) -> float:
        """Seconds that the lower bound may take, within those of the whole."""
        return LONGEST_BOUND_S if self.stop.seconds is None else BOUND_SHARE * self.stop.seconds

    def bound_rounds(self) -> int | None:
        """Rounds of the lower bound where seconds would make the result depend on the machine."""
        return BOUND_ROUNDS if self.stop.seconds is None else None

    def _left_s(self) -> float:
        """Seconds that searches may still take; infinite without a limit of seconds."""
        if self.stop.seconds is None:
            return math.inf
        return (1.0 - BOUND_SHARE) * self.stop.seconds - (time.perf_counter() - self.began)

    def over(self) -> bool:
        """No more search: time is up, or somebody asked to stop."""
        if self._should_stop is not None and self._should_stop():
            self.interrupted = True
        return self.interrupted or self._left_s() <= 0.0

    def within(self, share: float) -> Callable[[], bool]:
        """Whether `share` of the seconds left now is spent, or all search is over."""
        until = time.perf_counter() + share * self._left_s()
        return lambda: self.over() or time.perf_counter() >= until

    def search(
        self, instance: Instance, seed: int, start: Sequence[Sequence[int]] | None, share: float
    ) -> Orders:
        """One search with `share` of the iterations, or of the seconds that are left."""
        iterations = self.stop.max_iterations
        limit = None if iterations is None else max(1, round(share * iterations))
        left = self._left_s()
        seconds = None if math.isinf(left) else max(0.001, share * left)
        if self.over():
            limit, seconds = 1, None
        before = self._done
        began = time.perf_counter()
        orders = search(
            instance,
            seconds=seconds,
            max_iterations=limit,
            seed=seed,
            start=start,
            progress=lambda part, points: self._show(before + share * part, points),
            should_stop=self._should_stop,
        )
        self._done = before + share * (1.0 if iterations is not None else 1.0 - before)
        whole = (limit is not None and orders.iterations >= limit) or (
            seconds is not None and time.perf_counter() - began >= seconds
        )
        whole = whole or 0 in instance.shape
        # The engine gives its best back when it is interrupted, and says so only by ending early.
        self.interrupted = self.interrupted or not whole
        return orders

    def _show(self, done: float, points: float) -> None:
        if self._progress is not None:
            self._progress(min(done, 1.0), points)
