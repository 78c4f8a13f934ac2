"""The best lawful order of one shift, proved, or the best one found and how far it can be from the best."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.bounds.shift_arrays import ShiftArrays, shift_arrays
from optimisers.routing.instance import NOWHERE, Instance

MAX_ELEMENTS = 18  # visits and the depot; memory and time double with each
MAX_LABELS = 400_000  # kept at once, about 100 bytes each
FIRST_WIDTH = 500
WIDER = 10
MOST_CELLS, MOST_BUCKETS = 12_000_000, 20  # of the finer completion bounds, used where the first ones fail
PROVED = 1e-6  # points


@dataclass(frozen=True, slots=True)
class ExactDay:
    """`order` holds visit numbers of the instance; None: no tour costs less than the ceiling given.

    `objective` counts this shift only: legs, minutes, choices, and the skip cost of the visits asked for that
    are left out; infinite without an order. No day costs less than `lower_bound`; `proved`: none costs
    less than `objective` (or than the ceiling, or none exists).
    """

    order: tuple[int, ...] | None
    via_depot: int
    objective: float
    lower_bound: float
    proved: bool


def best_day(
    instance: Instance,
    shift: int,
    visits: Sequence[int],
    *,
    upper_bound: float = math.inf,
    max_labels: int = MAX_LABELS,
    seconds: float | None = None,
) -> ExactDay:
    """Best tour of `shift` over any lawful subset of `visits` that holds those whose skip cost is infinite.

    `upper_bound`: only tours that cost at most this are looked for. Beams grow until one cuts nothing, needs
    more than `max_labels` labels at once, or the next might end after `seconds`: without `seconds` the result
    depends on the arguments alone. Parts of the van are all taken as free for this shift. Labels with
    dominance (Desrochers 1988; times: Savelsbergh 1992), bounded by set completions (`completion`).

    Raises ValueError above MAX_ELEMENTS visits (the depot, if it can help, counts as one).
    """
    from optimisers.bounds.beam import GAIN, search
    from optimisers.bounds.completion import completions, earliest_ends, sets_allowed, skip_left

    began = time.perf_counter()
    arrays = shift_arrays(instance, shift, visits)
    elements = len(arrays.service)
    if elements > MAX_ELEMENTS:
        raise ValueError(
            f"{elements} stops, the exact day takes {MAX_ELEMENTS} at most: use week_bound or day_bound"
        )
    made = set(arrays.visits)
    lost = float(sum(instance.skip_cost[v] for v in visits if v not in made))
    best, order = math.inf, None
    nothing = lost + float(arrays.skip.sum())
    if nothing <= upper_bound + PROVED:
        best, order = nothing, ()
    if elements == 0 or not math.isfinite(lost):
        bound = nothing if order is not None or not math.isfinite(nothing) else upper_bound
        return ExactDay(order if math.isfinite(best) else None, NOWHERE, best, bound, True)
    ceiling = min(best, upper_bound + PROVED) - lost
    left = skip_left(arrays.skip)
    allowed = sets_allowed(arrays.depot, arrays.depot_only, arrays.parts, arrays.van)
    ends, driven = earliest_ends(arrays.minutes, arrays.service, arrays.windows, allowed, arrays.law)
    route = (arrays.points, arrays.minutes, arrays.end_points, arrays.end_minutes, arrays.service)
    common = (*route, arrays.windows, left, allowed, arrays.law)
    rest = (ends, driven, arrays.open_end, arrays.depot)
    to_pay, finer = completions(*common, *rest, 1), False
    switches = (arrays.depot, arrays.open_start, arrays.open_end, arrays.stretch, arrays.timed)
    width, bound = min(FIRST_WIDTH, max_labels), -math.inf
    while True:
        pass_began = time.perf_counter()
        total, found, cut = search(*common, to_pay, *switches, width, ceiling)
        if len(found):
            ceiling, best, order = total, total + lost, tuple(int(i) for i in found)
        bound = max(bound, min(ceiling, cut))
        if cut >= ceiling - GAIN or width >= max_labels:
            break
        now = time.perf_counter()
        if seconds is not None and now - began + WIDER * (now - pass_began) > seconds:
            break
        width = min(width * WIDER, max_labels)
        if not finer:
            to_pay, finer = completions(*common, *rest, min(MOST_BUCKETS, 1 + MOST_CELLS // ends.size)), True
    proved = bound >= ceiling - PROVED
    lower = min(bound + lost, best)
    if order is None or not math.isfinite(best):
        return ExactDay(None, NOWHERE, math.inf, min(lower, upper_bound), proved)
    return _day(arrays, order, best, lower, proved)


def _day(arrays: ShiftArrays, order: tuple[int, ...], best: float, lower: float, proved: bool) -> ExactDay:
    via = order.index(arrays.depot) if arrays.depot in order else NOWHERE
    visits = tuple(arrays.visits[i] for i in order if i != arrays.depot)
    return ExactDay(visits, via, best, best if proved else lower, proved)


def warm_up() -> None:
    """Compile the kernels on a day of one visit, so that no budget pays for it."""
    one, square = np.zeros(1), np.zeros((2, 2))
    best_day(
        Instance(
            leg_cost=square,
            leg_min=square,
            visit_at=np.array([1]),
            service_min=one,
            windows=np.array([[[[0.0, 10.0]]]]),
            skip_cost=np.array([9.0]),
            choice_cost=np.zeros((1, 1)),
            shift_technician=np.zeros(1, dtype=np.int64),
            shift_day=np.zeros(1, dtype=np.int64),
            start_at=np.zeros(1, dtype=np.int64),
            end_at=np.zeros(1, dtype=np.int64),
            earliest=one,
            latest=one + 20,
            max_work=one + 20,
            max_week_min=one + 99,
            max_days=one + 9,
            fair_share=one + 1,
        ),
        0,
        [0],
    )
