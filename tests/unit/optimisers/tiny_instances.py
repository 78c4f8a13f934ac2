"""Tiny random instances with every feature, and their optimum by trying all there is (whole minutes)."""

from __future__ import annotations

import itertools
import math

import numpy as np

from optimisers.routing.instance import NO_LIMIT, NOWHERE, Break, Instance

HORIZON = 40


def random_instance(
    seed: int, *, shifts: int = 1, visits: int = 4, technicians: int = 1, with_depot: bool = False
) -> Instance:
    """Whole minutes and costs; each feature is switched on by chance."""
    rng = np.random.default_rng(seed)
    places = visits + technicians + 1

    def chance(p: float) -> bool:
        return bool(rng.random() < p)

    def matrix(high: int) -> np.ndarray:
        values = rng.integers(0, high, (places, places)).astype(float)
        np.fill_diagonal(values, 0)
        return values if chance(0.6) else (values + values.T) / 2 // 1

    days = max(1, math.ceil(shifts / technicians))
    first = rng.integers(0, HORIZON - 5, (visits, days, 2))
    windows = np.stack((first, first + rng.integers(-3, 12, first.shape)), axis=3).astype(float)
    if chance(0.3):
        windows[:, :, 0] = (0, HORIZON)
    choice = rng.integers(0, 4, (shifts, visits)).astype(float) * chance(0.5)
    choice[rng.random((shifts, visits)) < 0.1] = np.inf
    skip = np.where(rng.random(visits) < 0.15, np.inf, rng.integers(0, 40, visits).astype(float))
    who = np.arange(shifts) % technicians
    start = rng.integers(0, 8, shifts).astype(float)
    latest = HORIZON - rng.integers(0, 8, shifts).astype(float)
    length = float(rng.integers(2, 6)) if chance(0.6) else 0.0
    pause_from = float(rng.integers(8, 22))
    parts = 2 if with_depot else 0
    return Instance(
        leg_cost=matrix(15),
        leg_min=matrix(7),
        visit_at=np.arange(visits) + technicians,
        service_min=rng.integers(0, 6, visits).astype(float),
        windows=windows,
        skip_cost=skip,
        choice_cost=choice,
        shift_technician=who,
        shift_day=np.arange(shifts) // technicians,
        start_at=np.where(rng.random(shifts) < 0.1, NOWHERE, who),
        end_at=np.where(rng.random(shifts) < 0.2, NOWHERE, who),
        earliest=start,
        latest=latest,
        max_work=np.where(rng.random(shifts) < 0.5, rng.integers(10, 30, shifts), HORIZON).astype(float),
        max_week_min=np.full(technicians, float(rng.integers(15, 60)) if chance(0.4) else NO_LIMIT),
        max_days=np.full(technicians, rng.integers(1, days + 1) if chance(0.4) else days),
        fair_share=np.full(technicians, 1 / technicians),
        pause=Break(length, pause_from, pause_from + length + float(rng.integers(0, 10))),
        max_stretch=float(rng.integers(6, 20)) if chance(0.3) else NO_LIMIT,
        minute_cost=float(rng.integers(1, 4)) if chance(0.5) else 0.0,
        balance_per_hour2=float(rng.integers(0, 50)) if technicians > 1 else 0.0,
        depot_at=places - 1 if with_depot else NOWHERE,
        depot_min=float(rng.integers(0, 3)),
        depot_from=float(rng.integers(0, 6)),
        depot_until=float(rng.integers(10, HORIZON)),
        needs_tool=rng.random((visits, parts)) < 0.3,
        has_tool=rng.random((shifts, parts)) < 0.5,
        needs_part=rng.integers(0, 2, (visits, parts)),
        has_part=rng.integers(0, 3, (technicians, parts)),
    )


def stops_of(instance: Instance, order: tuple[int, ...], via: int) -> list[int]:
    """Visits in order with NOWHERE for the depot."""
    stops = list(order)
    if via != NOWHERE:
        stops.insert(via, NOWHERE)
    return stops


def equipped(instance: Instance, shift: int, stops: list[int]) -> bool:
    """Whether tools and parts are at hand at each stop."""
    van = instance.has_part[instance.shift_technician[shift]].copy() if instance.has_part.size else None
    for stop in stops:
        if stop == NOWHERE:
            return True
        if van is None:
            continue
        if (instance.needs_tool[stop] & ~instance.has_tool[shift]).any():
            return False
        van -= instance.needs_part[stop]
        if (van < 0).any():
            return False
    return True


def least_minutes(instance: Instance, shift: int, stops: list[int]) -> float:
    """Least minutes worked over every departure, place and time of the pause; inf when none is lawful."""
    best = math.inf
    pause = instance.pause
    slots: list[tuple[int, int] | None] = [None]
    if pause.length_min:
        slots += [(leg, side) for leg in range(len(stops) + 1) for side in (0, 1)]
        slots.remove((0, 0))
        slots.remove((len(stops), 1))
        if instance.start_at[shift] == NOWHERE:
            slots.remove((0, 1))
        if instance.end_at[shift] == NOWHERE:
            slots.remove((len(stops), 0))
    for departure in range(int(instance.earliest[shift]), int(instance.latest[shift]) + 1):
        for slot in slots:
            waits = range(HORIZON) if slot and instance.max_stretch != NO_LIMIT else range(1)
            for wait in waits:
                worked = _simulate(instance, shift, stops, departure, slot, wait)
                if worked is None and wait:
                    break
                if worked is not None:
                    best = min(best, worked)
    return best


def _simulate(
    instance: Instance, shift: int, stops: list[int], departure: int, slot: tuple[int, int] | None, wait: int
) -> float | None:
    """Minutes worked of one timetable, inf if a limit is exceeded, None if it is late somewhere."""
    clock, here, pause = float(departure), instance.start_at[shift], instance.pause
    stretches, stretch_began = [], clock
    for leg in range(len(stops) + 1):
        if leg < len(stops):
            there = instance.depot_at if stops[leg] == NOWHERE else instance.visit_at[stops[leg]]
        else:
            there = instance.end_at[shift]
        for side in (0, 1):
            if slot == (leg, side):
                clock = max(clock, pause.from_min) + wait
                stretches.append(clock - stretch_began)
                clock += pause.length_min
                stretch_began = clock
                if clock > pause.until_min:
                    return None
            if side == 0 and NOWHERE not in (here, there):
                clock += instance.leg_min[here, there]
        if leg == len(stops):
            break
        if stops[leg] == NOWHERE:
            openings = [(instance.depot_from, instance.depot_until)]
            service = instance.depot_min
        else:
            openings = [tuple(w) for w in instance.windows[stops[leg], instance.shift_day[shift]]]
            service = instance.service_min[stops[leg]]
        begins = [max(clock, first) for first, last in openings if first <= last and clock <= last]
        if not begins:
            return None
        clock, here = min(begins) + service, there
    stretches.append(clock - stretch_began)
    if clock > instance.latest[shift]:
        return None
    if slot is None and pause.length_min:
        spared = clock <= pause.until_min - pause.length_min or departure >= pause.from_min + pause.length_min
        if not spared:
            return math.inf
    worked = sum(stretches)
    most = min(instance.max_work[shift], instance.max_week_min[instance.shift_technician[shift]])
    lawful = worked <= most and max(stretches) <= instance.max_stretch
    return worked if lawful else math.inf


def points_of(instance: Instance, shift: int, stops: list[int]) -> float:
    """Legs and choices of a tour."""
    places = [] if instance.start_at[shift] == NOWHERE else [instance.start_at[shift]]
    places += [instance.depot_at if s == NOWHERE else instance.visit_at[s] for s in stops]
    if instance.end_at[shift] != NOWHERE:
        places.append(instance.end_at[shift])
    legs = sum(instance.leg_cost[a, b] for a, b in itertools.pairwise(places))
    return float(legs + sum(instance.choice_cost[shift, s] for s in stops if s != NOWHERE))


def best_tours(instance: Instance, shift: int, visits: tuple[int, ...]) -> dict[frozenset[int], list]:
    """By set of visits made: (points with minutes, minutes, visits in order, depot) of each lawful tour."""
    found: dict[frozenset[int], list] = {frozenset(): [(0.0, 0.0, (), NOWHERE)]}
    for size in range(1, len(visits) + 1):
        for order in itertools.permutations(visits, size):
            if not all(np.isfinite(instance.choice_cost[shift, v]) for v in order):
                continue
            passages = [NOWHERE, *range(size + 1)] if instance.depot_at != NOWHERE else [NOWHERE]
            for via in passages:
                stops = stops_of(instance, order, via)
                if not equipped(instance, shift, stops):
                    continue
                worked = least_minutes(instance, shift, stops)
                if worked < math.inf:
                    points = points_of(instance, shift, stops) + instance.minute_cost * worked
                    found.setdefault(frozenset(order), []).append((points, worked, order, via))
    return found


def brute_day(instance: Instance, shift: int, visits: tuple[int, ...]) -> float:
    """Points of the best day over all lawful subsets; inf when one that must be made cannot be."""
    best = math.inf
    for made, tours in best_tours(instance, shift, visits).items():
        skipped = sum(instance.skip_cost[v] for v in visits if v not in made)
        best = min(best, skipped + min(tour[0] for tour in tours))
    return best


def brute_week(instance: Instance) -> float:
    """Objective of the best plan of all shifts, weekly limits and balance included; inf without any."""
    shifts, visits = instance.shape
    every = tuple(range(visits))
    tours = [best_tours(instance, shift, every) for shift in range(shifts)]
    best = math.inf
    for owner in itertools.product(range(-1, shifts), repeat=visits):
        made = [frozenset(v for v in every if owner[v] == shift) for shift in range(shifts)]
        if all(chosen in tours[shift] for shift, chosen in enumerate(made)):
            skipped = sum(instance.skip_cost[v] for v in every if owner[v] < 0)
            choices = [{tour[:2] for tour in tours[shift][chosen]} for shift, chosen in enumerate(made)]
            for chosen in itertools.product(*choices):
                best = min(best, skipped + _week_points(instance, made, chosen))
    return best


def _week_points(instance: Instance, made: list[frozenset[int]], chosen: tuple) -> float:
    minutes, days = np.zeros(len(instance.max_days)), np.zeros(len(instance.max_days))
    for shift, (_, worked) in enumerate(chosen):
        minutes[instance.shift_technician[shift]] += worked
        days[instance.shift_technician[shift]] += bool(made[shift])
    if (minutes > instance.max_week_min).any() or (days > instance.max_days).any():
        return math.inf
    hours = minutes / 60
    unfair = hours - instance.fair_share * hours.sum()
    return float(sum(points for points, _ in chosen) + instance.balance_per_hour2 * (unfair**2).sum())
