"""An instance as the bounds see it: every lawful tour has its route here, at its price or a lower one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimisers.bounds.shift_arrays import (
    EARLIEST,
    LATEST,
    MAX_WORK,
    MINUTE_COST,
    PAUSE,
    STRETCH,
    law_of,
)
from optimisers.routing.instance import NOWHERE, Instance

NEAR = 8  # visits a route may not come back to before leaving their neighbourhood, itself included
COARSEST, FINEST = 10.0, 2.0  # minutes a bucket of the completion bounds
NO_BOUNDS = (np.zeros((1, 1)), np.zeros((1, 1)), np.zeros((1, 1), np.int32))
LESS = 0.99  # keeps rounding from making a step out of nothing
WANTED = 6  # routes brought back by shift


@dataclass(frozen=True, eq=False)
class Group:
    """Shifts with the same places and hours: they share their completion bounds."""

    shifts: np.ndarray
    members: np.ndarray  # visits that one of them may make
    first_leg: np.ndarray  # (V,)
    first_drive: np.ndarray
    home: np.ndarray
    drive_home: np.ndarray
    law: np.ndarray
    open_start: bool
    open_end: bool
    timed: bool
    step: float


@dataclass(frozen=True, slots=True)
class Priced:
    """`lowest` (S,) bounds the reduced cost of each shift's best route, at most 0.

    `routes` are (shift, points without prices, visits with repetitions) of routes found below zero. `loose`:
    what `lowest` gives away because labels were cut, all shifts together.
    """

    lowest: np.ndarray
    routes: list[tuple[int, float, np.ndarray]]
    loose: float


class Relaxed:
    """Legs between visits (through the depot where that is shorter), groups of shifts, neighbourhoods."""

    def __init__(self, instance: Instance) -> None:
        at = instance.visit_at
        self.instance = instance
        self.count = len(at)
        self.legs = self._between(instance.leg_cost, at, at, 0.0)
        self.drives = self._between(instance.leg_min, at, at, instance.depot_min)
        self.service = instance.service_min.astype(np.float64)
        self.loosened = bool(instance.depot_at != NOWHERE and instance.pause.length_min > 0)
        opens = (instance.windows[..., 0] <= instance.windows[..., 1]).any(axis=2)
        self.usable = np.isfinite(instance.choice_cost) & opens[:, instance.shift_day].T
        self.groups = self._groups()
        self.near, self.slots = self._neighbourhoods()
        self.windows = [
            np.ascontiguousarray(instance.windows[:, day], dtype=np.float64)
            for day in range(instance.windows.shape[1])
        ]

    def price(self, prices: np.ndarray, width: int) -> Priced:
        """Route of every shift under `prices` (V,), with at most `width` labels of a length kept."""
        from optimisers.bounds.pricing import cheapest, finish_bounds, finish_bounds_by_clock

        lowest = np.zeros(len(self.instance.shift_day))
        routes: list[tuple[int, float, np.ndarray]] = []
        choice, loose = self.instance.choice_cost, 0.0
        for group in self.groups:
            gains = np.where(self.usable[group.shifts], prices[None, :] - choice[group.shifts], -np.inf)
            ends = (group.home, group.drive_home, self.service)
            for row, shift in enumerate(group.shifts):
                allowed = np.flatnonzero(self.usable[shift])
                if not len(allowed):
                    continue
                floor = -float(np.maximum(gains[row, allowed], 0).sum())
                windows = self.windows[self.instance.shift_day[shift]]
                bounds = (*NO_BOUNDS, *NO_BOUNDS)
                if group.step:
                    route = (self.legs, self.drives, *ends, gains[row])
                    bounds = (
                        *finish_bounds(*route, allowed, group.law, group.step),
                        *finish_bounds_by_clock(*route, windows, allowed, group.law, group.step),
                    )
                low, points, found = cheapest(
                    self.legs, self.drives, group.first_leg, group.first_drive, *ends, gains[row],
                    windows, allowed, group.law, self.near, self.slots,
                    group.open_start, group.open_end, self.loosened, group.timed, floor, *bounds, group.step,
                    width, WANTED,
                )  # fmt: skip
                lowest[shift] = low
                loose += min(points[0], 0.0) - low
                for reduced, stops in zip(points, found, strict=True):
                    visits = stops[stops >= 0]
                    if len(visits):
                        routes.append((int(shift), float(reduced + prices[visits].sum()), visits))
        return Priced(lowest, routes, loose)

    def route_points(self, shift: int, visits: np.ndarray) -> float:
        """Points of a route without waiting."""
        group = next(group for group in self.groups if shift in group.shifts)
        legs = group.first_leg[visits[0]] + self.legs[visits[:-1], visits[1:]].sum() + group.home[visits[-1]]
        drives = group.first_drive[visits[0]] + self.drives[visits[:-1], visits[1:]].sum()
        minutes = drives + group.drive_home[visits[-1]] + self.service[visits].sum()
        choice = self.instance.choice_cost[shift, visits].sum()
        return float(legs + choice + self.instance.minute_cost * minutes)

    def _between(self, legs: np.ndarray, here: np.ndarray, there: np.ndarray, passage: float) -> np.ndarray:
        """(here, there) legs, through the depot where that is less."""
        straight = legs[np.ix_(here, there)].astype(np.float64)
        depot = self.instance.depot_at
        if depot != NOWHERE:
            detour = legs[here, depot][:, None] + passage + legs[depot, there][None, :]
            straight = np.minimum(straight, detour)
        return np.ascontiguousarray(straight)

    def _groups(self) -> list[Group]:
        instance, keys = self.instance, {}
        for shift in range(len(instance.shift_day)):
            law = law_of(instance, shift)
            key = (int(instance.start_at[shift]), int(instance.end_at[shift]), law.tobytes())
            keys.setdefault(key, []).append(shift)
        return [self._group(np.array(shifts)) for shifts in keys.values()]

    def _group(self, shifts: np.ndarray) -> Group:
        instance, at = self.instance, self.instance.visit_at
        start, end = instance.start_at[shifts[:1]], instance.end_at[shifts[:1]]
        law = law_of(instance, shifts[0])
        if law[PAUSE] <= 0:
            law[MAX_WORK] = min(law[MAX_WORK], law[STRETCH])
        law[MAX_WORK] = min(law[MAX_WORK], law[LATEST] - law[EARLIEST])
        nothing = np.zeros(self.count)
        free_start, free_end = bool(start[0] == NOWHERE), bool(end[0] == NOWHERE)
        members = np.flatnonzero(self.usable[shifts].any(axis=0))
        legs, drives, passage = instance.leg_cost, instance.leg_min, instance.depot_min
        return Group(
            shifts=shifts,
            members=members,
            first_leg=nothing if free_start else self._between(legs, start, at, 0.0)[0],
            first_drive=nothing if free_start else self._between(drives, start, at, passage)[0],
            home=nothing if free_end else self._between(legs, at, end, 0.0)[:, 0].copy(),
            drive_home=nothing if free_end else self._between(drives, at, end, passage)[:, 0].copy(),
            law=law,
            open_start=free_start,
            open_end=free_end,
            timed=bool(law[MINUTE_COST] > 0 or law[MAX_WORK] < law[LATEST] - law[EARLIEST]),
            step=self._step(members),
        )

    def _step(self, members: np.ndarray) -> float:
        """Bucket of the completion bounds: no drive with its service may be shorter. 0: too short."""
        if len(members) < 2:
            return 0.0
        spent = self.drives[np.ix_(members, members)] + self.service[members][None, :]
        np.fill_diagonal(spent, np.inf)
        return 0.0 if spent.min() < FINEST else float(min(COARSEST, LESS * spent.min()))

    def _neighbourhoods(self) -> tuple[np.ndarray, np.ndarray]:
        """(V, NEAR) nearest visits, itself first, and (V, V) their place in that list or −1."""
        both_ways = self.legs + self.legs.T + self.drives + self.drives.T
        np.fill_diagonal(both_ways, -1.0)
        size = min(NEAR, self.count)
        near = np.argsort(both_ways, axis=1, kind="stable")[:, :size].astype(np.int32)
        slots = np.full((self.count, self.count), -1, dtype=np.int8)
        rows = np.arange(self.count)
        for slot in range(size):
            slots[rows, near[:, slot]] = slot
        return near, slots
