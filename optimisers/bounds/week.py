"""A lower bound for plans of many shifts: prices on visits, routes priced shift by shift.

Any prices give a valid bound (Lagrangian relaxation of "each visit at most once"): their sum, and for each
shift the reduced cost of its best route where it is below zero. Column generation looks for prices that
make it high. Balance (never negative), weekly minutes, tools and parts are left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimisers.routing.instance import Instance

ASSIGNMENT, ROUTES = "assignment", "ng-routes"
FIRST_WIDTH, WIDEST = 250, 16_000  # labels of a length kept in pricing
SHRINK, GROW, NARROWEST = 0.7, 1.5, 0.1  # of the box of prices
TIGHT = 0.5  # part of the distance to the programme that cut labels may explain
CLOSED = 1e-4  # part of the value under which more rounds are idle
SAFETY = 1e-7  # part of the value given up for rounding
NANOSECONDS_A_PAIR = 1500  # of visits, by shift: a first guess of what a round takes

Progress = Callable[[int, float], None]


@dataclass(frozen=True, slots=True)
class Bound:
    """No lawful plan costs less than `value`, in the instance's points; `rounds` of prices were tried."""

    value: float
    method: str
    rounds: int


def week_bound(
    instance: Instance,
    *,
    upper_bound: float,
    orders: Sequence[Sequence[int]] | None = None,
    seconds: float | None = None,
    max_rounds: int | None = None,
    progress: Progress | None = None,
) -> Bound:
    """Bound on the objective of `instance`; never above `upper_bound`, the cost of a plan at hand.

    The assignment relaxation is the floor; rounds of prices follow until `max_rounds`, `seconds` or the bound
    cannot grow; none if the first would not end in time. `orders`, a good plan's visits by shift, make the
    first prices better. `progress(round, bound)` follows each. Interrupted by KeyboardInterrupt, it returns
    the best so far. The same arguments without `seconds` give the same bound. Raises ValueError without
    either limit.
    """
    if seconds is None and max_rounds is None:
        raise ValueError("week_bound needs seconds or max_rounds")
    from optimisers.bounds.assignment import assignment
    from optimisers.bounds.relaxed import Relaxed

    began = time.perf_counter()
    relaxed = Relaxed(instance)
    floor, prices = assignment(relaxed)
    prices = np.minimum(prices, instance.skip_cost)
    search = _Rounds(relaxed, floor, prices, upper_bound, orders or ())
    pairs = float((relaxed.usable.sum(axis=1) ** 2).sum())
    round_s, rounds = pairs * NANOSECONDS_A_PAIR * 1e-9, 0
    try:
        while rounds != max_rounds and not search.closed:
            round_began = time.perf_counter()
            if seconds is not None and round_began - began + round_s > seconds:
                break
            search.round()
            rounds += 1
            round_s = time.perf_counter() - round_began
            if progress is not None:
                progress(rounds, search.best)
    except KeyboardInterrupt:
        pass
    method = ROUTES if search.best > floor else ASSIGNMENT
    value = min(search.best - SAFETY * max(1.0, abs(search.best)), upper_bound)
    return Bound(float(value), method, rounds)


def day_bound(
    instance: Instance,
    shift: int,
    visits: Sequence[int],
    *,
    upper_bound: float,
    seconds: float | None = None,
    max_rounds: int | None = None,
) -> Bound:
    """The same for one shift and some visits, those left out at their skip cost: days too long to solve."""
    only, chosen = np.array([shift]), np.array(visits, dtype=np.int64)
    day = replace(
        instance,
        visit_at=instance.visit_at[chosen],
        service_min=instance.service_min[chosen],
        windows=instance.windows[chosen],
        skip_cost=instance.skip_cost[chosen],
        choice_cost=instance.choice_cost[np.ix_(only, chosen)],
        shift_technician=instance.shift_technician[only],
        shift_day=instance.shift_day[only],
        start_at=instance.start_at[only],
        end_at=instance.end_at[only],
        earliest=instance.earliest[only],
        latest=instance.latest[only],
        max_work=instance.max_work[only],
    )
    return week_bound(day, upper_bound=upper_bound, seconds=seconds, max_rounds=max_rounds)


class _Rounds:
    """Best bound and its prices, the box around them, the routes found."""

    def __init__(self, relaxed, floor, prices, upper_bound, orders) -> None:  # type: ignore[no-untyped-def]
        from optimisers.bounds.assignment import FAR
        from optimisers.bounds.master import Master

        instance = relaxed.instance
        self.relaxed, self.upper_bound = relaxed, upper_bound
        self.best, self.centre = floor, prices
        self.master = Master(instance.skip_cost, instance.shift_technician, instance.max_days)
        for shift, order in enumerate(orders):
            if len(order):
                visits = np.array(order, dtype=np.int64)
                self.master.add(shift, relaxed.route_points(shift, visits), visits)
        self.reach = 3 * float(np.median(np.abs(prices))) + 1.0 if len(prices) else 0.0
        self.width = FIRST_WIDTH
        # From half of FAR on, a visit that must be planned fits in no shift: there is no plan to bound.
        self.closed = not len(prices) or not len(instance.shift_day) or floor >= min(upper_bound, FAR / 2)

    def round(self) -> None:
        """Price routes where the programme points to; move there if the bound grows, else come nearer."""
        steered = self.master.solve(self.centre, self.reach)
        if steered is None:
            self.closed = True
            return
        top, prices = steered
        prices = np.minimum(prices, self.relaxed.instance.skip_cost)
        priced = self.relaxed.price(prices, self.width)
        value = self._value(prices, priced.lowest)
        new = sum(self.master.add(*route) for route in priced.routes)
        far = top - value
        if value > self.best:
            self.best, self.centre = value, prices
            if far < 2 * priced.loose + CLOSED * abs(top):
                self.reach *= GROW
        else:
            self.reach = max(self.reach * SHRINK, NARROWEST)
        loose = priced.loose > TIGHT * far or new == 0
        stuck = loose and self.width >= WIDEST
        if loose:
            self.width = min(2 * self.width, WIDEST)
        idle = value >= top - CLOSED * abs(top) and self.reach > np.abs(self.centre).max()
        self.closed = self.best >= self.upper_bound or idle or (stuck and new == 0)

    def _value(self, prices: np.ndarray, lowest: np.ndarray) -> float:
        """The bound that prices and reduced costs give; a technician has only his `max_days` best shifts."""
        instance = self.relaxed.instance
        total = prices.sum()
        for technician, days in enumerate(instance.max_days):
            own = np.sort(lowest[instance.shift_technician == technician])
            total += own[: int(min(days, len(own)))].sum()
        return float(total)
