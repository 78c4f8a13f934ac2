"""When everything of a given order happens, and what orders cost: the engine's results, read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.routing.arrays import (
    DAY,
    END,
    MAX_DAYS,
    MAX_WEEK,
    SERVICE,
    START,
    TECHNICIAN,
    TOLERANCE,
    Rules,
    rules_of,
    workspace,
)
from optimisers.routing.instance import NOWHERE, Instance
from optimisers.routing.times import best_times


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of a tour, minutes; `work_min` is from leaving to coming back without the pause.

    `arrivals` and `starts` (beginning of service) are by visit of the order. `pause_start` is None when the
    pause is outside the tour or there is none; else it lies on leg `pause_leg` (0: to the first stop, the
    depot's passage counted as a stop), after its driving or before. `depot_start` is None without a passage.
    """

    depart: float
    back: float
    work_min: float
    arrivals: tuple[float, ...]
    starts: tuple[float, ...]
    pause_start: float | None = None
    pause_leg: int | None = None
    pause_after_driving: bool = False
    depot_start: float | None = None


def schedule(instance: Instance, shift: int, order: Sequence[int], via_depot: int = NOWHERE) -> Timing | None:
    """Lawful timing of least work (then earliest return), or None: exact for windows, pause and stretch.

    Checks what one tour can break: choice, windows, hours, pause, tools, and parts of the technician's full
    stock. What he has left after his other shifts is for the caller (`objective_of` checks all of it).
    """
    rules = rules_of(instance)
    stops = np.array(_with_depot(order, via_depot, len(instance.visit_at)), dtype=np.int64)
    if not len(order):
        start = float(instance.earliest[shift])
        return Timing(start, start, 0.0, (), ())
    if not np.isfinite(rules.choice[list(order), shift]).all():
        return None
    if not _equipped(rules, shift, list(order)[: None if via_depot == NOWHERE else via_depot]):
        return None
    if via_depot != NOWHERE and not rules.has_depot:
        return None
    scratch = workspace(rules, len(stops))
    work = best_times(rules, shift, stops, len(stops), scratch)
    if not np.isfinite(work):
        return None
    return _replayed(rules, shift, stops, float(work), scratch.out)


def objective_of(instance: Instance, orders: Sequence[Sequence[int]], via_depot: Sequence[int]) -> float:
    """Objective as `Instance` defines it; inf when a rule is broken or a must is left out."""
    rules = rules_of(instance)
    technicians = len(instance.max_week_min)
    minutes, days = np.zeros(technicians), np.zeros(technicians)
    used = np.zeros_like(rules.has_part)
    left_out = np.ones(len(instance.visit_at), np.bool_)
    points = 0.0
    for shift, order in enumerate(orders):
        if not len(order):
            continue
        timing = schedule(instance, shift, order, via_depot[shift])
        if timing is None or not left_out[list(order)].all() or len(set(order)) < len(order):
            return np.inf
        left_out[list(order)] = False
        who = instance.shift_technician[shift]
        minutes[who] += timing.work_min
        days[who] += 1
        carried = list(order) if via_depot[shift] == NOWHERE else list(order)[: via_depot[shift]]
        used[who] += rules.needs_part[carried].sum(axis=0)
        at = rules.at[_with_depot(order, via_depot[shift], len(instance.visit_at))]
        places = np.concatenate([[rules.shift[shift, START]], at, [rules.shift[shift, END]]])
        points += rules.leg[places[:-1], places[1:], 0].sum() + rules.choice[list(order), shift].sum()
        points += instance.minute_cost * timing.work_min
    lawful = (
        (minutes <= rules.crew[:, MAX_WEEK] + 1e-6).all()
        and (days <= rules.crew[:, MAX_DAYS]).all()
        and (used <= rules.has_part).all()
    )
    if not lawful:
        return np.inf
    hours = minutes / 60
    unfair = hours - instance.fair_share * hours.sum()
    return float(points + instance.skip_cost[left_out].sum() + instance.balance_per_hour2 * (unfair**2).sum())


def _with_depot(order: Sequence[int], via_depot: int, depot: int) -> list[int]:
    stops = list(order)
    if via_depot != NOWHERE:
        stops.insert(via_depot, depot)
    return stops


def _equipped(rules: Rules, shift: int, carried: list[int]) -> bool:
    parts = rules.needs_part[carried].sum(axis=0)
    return bool(
        rules.has_tools[shift, carried].all()
        and (parts <= rules.has_part[rules.shift[shift, TECHNICIAN]]).all()
    )


def _replayed(rules: Rules, shift: int, stops: np.ndarray, work: float, out: np.ndarray) -> Timing:
    depart, back, leg_paused, after, pause_start = (float(value) for value in out)
    leg_paused = int(leg_paused)
    now, here, depot = depart, rules.shift[shift, START], len(rules.at) - 1
    arrivals, starts, depot_start = [], [], None
    for leg, stop in enumerate(stops):
        drive = rules.leg[here, rules.at[stop], 1]
        if leg == leg_paused and not after:
            now = pause_start + rules.pause_min
        now += drive
        arrived = now
        if leg == leg_paused and after:
            now = pause_start + rules.pause_min
        day = rules.shift[shift, DAY]
        windows = rules.windows[stop, day, : rules.window_count[stop, day]]
        open_at = next(window for window in windows if now <= window[1] + 1e3 * TOLERANCE)
        begin = max(now, open_at[0])
        now = begin + rules.hull[stop, 0, SERVICE]
        here = rules.at[stop]
        if stop == depot:
            depot_start = float(begin)
        else:
            arrivals.append(float(arrived))
            starts.append(float(begin))
    return Timing(
        depart,
        back,
        work,
        tuple(arrivals),
        tuple(starts),
        pause_start if leg_paused >= 0 else None,
        leg_paused if leg_paused >= 0 else None,
        bool(after) and leg_paused >= 0,
        depot_start,
    )
