"""One shift of an `Instance` as small dense arrays, the form in which the proofs work.

Elements are the visits that the shift may make, then, where it can help, the passage at the depot. Row m of
the matrices (m elements) is the place where the shift starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimisers.routing.instance import NO_LIMIT, NOWHERE, Instance

# Positions in `ShiftArrays.law`.
EARLIEST, LATEST, MAX_WORK, PAUSE, PAUSE_FROM, PAUSE_UNTIL, STRETCH, MINUTE_COST = range(8)


@dataclass(frozen=True, eq=False)
class ShiftArrays:
    """m elements: `visits` first, then the depot if `depot` is not NOWHERE (its element number).

    `points[i, j]` holds the leg and the choice of j, without minutes. `stretch` is False when the longest
    work without a pause cannot be exceeded, `timed` when only the return matters, not the minutes worked.
    """

    visits: tuple[int, ...]
    depot: int
    points: np.ndarray  # (m + 1, m)
    minutes: np.ndarray  # (m + 1, m)
    end_points: np.ndarray  # (m,)
    end_minutes: np.ndarray  # (m,)
    service: np.ndarray  # (m,)
    windows: np.ndarray  # (m, K, 2)
    skip: np.ndarray  # (m,), 0 for the depot
    depot_only: np.ndarray  # (m,) visits whose tools are at the depot only
    parts: np.ndarray  # (m, P)
    van: np.ndarray  # (P,)
    law: np.ndarray  # (8,)
    open_start: bool
    open_end: bool
    stretch: bool
    timed: bool


def shift_arrays(instance: Instance, shift: int, visits: Sequence[int]) -> ShiftArrays:
    """Arrays of `shift` over those of `visits` that it may make (finite choice, a window that day)."""
    day = instance.shift_day[shift]
    chosen = [v for v in visits if np.isfinite(instance.choice_cost[shift, v]) and _opens(instance, v, day)]
    number = np.array(chosen, dtype=np.int64)
    depot_only, parts, van = _needs(instance, shift, number)
    at = instance.visit_at[number].astype(np.int64)
    needed = bool(depot_only.any() or (parts.sum(axis=0) > van).any())
    with_depot = instance.depot_at != NOWHERE and (needed or _shortens(instance, shift, at))
    service = instance.service_min[number].astype(np.float64)
    windows = instance.windows[number, day].astype(np.float64)
    choice = instance.choice_cost[shift, number]
    skip = instance.skip_cost[number].astype(np.float64)
    if with_depot:
        at = np.append(at, instance.depot_at)
        service = np.append(service, instance.depot_min)
        opening = np.full((1, windows.shape[1], 2), (1.0, 0.0))
        opening[0, 0] = (instance.depot_from, instance.depot_until)
        windows = np.concatenate((windows, opening))
        choice, skip = np.append(choice, 0.0), np.append(skip, 0.0)
        depot_only = np.append(depot_only, False)
        parts = np.concatenate((parts, np.zeros((1, parts.shape[1]), dtype=np.int64)))
    start, end = instance.start_at[shift], instance.end_at[shift]
    points, minutes = legs_into(instance.leg_cost, at, start), legs_into(instance.leg_min, at, start)
    nothing, law = np.zeros(len(at)), law_of(instance, shift)
    return ShiftArrays(
        visits=tuple(chosen),
        depot=len(chosen) if with_depot else NOWHERE,
        points=points + choice[None, :],
        minutes=minutes,
        end_points=nothing if end == NOWHERE else instance.leg_cost[at, end].astype(np.float64),
        end_minutes=nothing if end == NOWHERE else instance.leg_min[at, end].astype(np.float64),
        service=service,
        windows=np.ascontiguousarray(windows),
        skip=skip,
        depot_only=depot_only,
        parts=np.ascontiguousarray(parts),
        van=van,
        law=law,
        open_start=bool(start == NOWHERE),
        open_end=bool(end == NOWHERE),
        stretch=_stretch_binds(instance, shift),
        timed=bool(
            instance.minute_cost > 0 or law[MAX_WORK] < instance.latest[shift] - instance.earliest[shift]
        ),
    )


def legs_into(legs: np.ndarray, at: np.ndarray, start: int) -> np.ndarray:
    """(m + 1, m) legs between the places `at`, the last row from `start` (free when it is NOWHERE)."""
    first = np.zeros(len(at)) if start == NOWHERE else legs[start, at]
    return np.vstack((legs[np.ix_(at, at)], first)).astype(np.float64)


def _opens(instance: Instance, visit: int, day: int) -> bool:
    windows = instance.windows[visit, day]
    return bool((windows[:, 0] <= windows[:, 1]).any())


def _shortens(instance: Instance, shift: int, at: np.ndarray) -> bool:
    """Whether passing the depot can be cheaper or faster than going straight (no triangle inequality)."""
    start, end = instance.start_at[shift], instance.end_at[shift]
    sources = at if start == NOWHERE else np.append(at, start)
    targets = at if end == NOWHERE else np.append(at, end)
    straight = np.ix_(sources, targets)
    return any(
        bool(
            (
                legs[sources, instance.depot_at][:, None] + legs[instance.depot_at, targets] < legs[straight]
            ).any()
        )
        for legs in (instance.leg_cost, instance.leg_min)
    )


def _needs(instance: Instance, shift: int, visits: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(visits whose tools the shift has not, parts needed (m, P), parts of the van (P,))."""
    missing = np.zeros(len(visits), dtype=np.bool_)
    if instance.needs_tool.size:
        missing = (instance.needs_tool[visits] & ~instance.has_tool[shift][None, :]).any(axis=1)
    parts, van = np.zeros((len(visits), 0), dtype=np.int64), np.zeros(0, dtype=np.int64)
    if instance.needs_part.size:
        parts = instance.needs_part[visits].astype(np.int64)
        van = instance.has_part[instance.shift_technician[shift]].astype(np.int64)
    return missing, parts, van


def law_of(instance: Instance, shift: int) -> np.ndarray:
    pause = instance.pause
    return np.array(
        [
            instance.earliest[shift],
            instance.latest[shift],
            min(instance.max_work[shift], instance.max_week_min[instance.shift_technician[shift]]),
            pause.length_min,
            pause.from_min,
            pause.until_min,
            instance.max_stretch,
            instance.minute_cost,
        ],
        dtype=np.float64,
    )


def _stretch_binds(instance: Instance, shift: int) -> bool:
    """Whether some tour can work longer than `max_stretch` without a pause, other rules kept."""
    longest, pause = instance.max_stretch, instance.pause
    if longest == NO_LIMIT:
        return False
    earliest, latest = instance.earliest[shift], instance.latest[shift]
    if pause.length_min <= 0:
        return bool(min(latest - earliest, instance.max_work[shift]) > longest)
    return bool(
        pause.until_min - pause.length_min - earliest > longest
        or latest - (pause.from_min + pause.length_min) > longest
    )
