"""Small instances of the routing engine with every rule in them, whole minutes throughout."""

from __future__ import annotations

import itertools

import numpy as np

from optimisers.routing.instance import NO_LIMIT, NOWHERE, Break, Instance


def random_instance(seed: int, visits: int = 4, shifts: int = 2, **changes) -> Instance:
    """Horizon 0–80; asymmetric legs; one or two windows; tools, parts, depot; pause, stretch by seed."""
    chance = np.random.default_rng(seed)
    days = 2
    places = visits + 4
    legs = chance.integers(1, 9, (places, places)).astype(float)
    np.fill_diagonal(legs, 0.0)
    opening = chance.integers(0, 50, (visits, days, 2, 1)).astype(float)
    windows = np.concatenate([opening, opening + chance.integers(-8, 30, opening.shape)], axis=3)
    windows[:, :, 0] = np.where(chance.random((visits, days, 1)) < 0.7, [0.0, 70.0], windows[:, :, 0])
    choice = chance.integers(0, 4, (shifts, visits)).astype(float)
    choice[chance.random((shifts, visits)) < 0.15] = np.inf
    pause = Break(5.0, 20.0, 40.0) if seed % 3 else Break()
    technicians = 1 if seed % 5 == 0 else shifts
    values = {
        "leg_cost": legs + chance.integers(0, 3, legs.shape),
        "leg_min": legs,
        "visit_at": np.arange(4, places),
        "service_min": chance.integers(2, 12, visits).astype(float),
        "windows": windows,
        "skip_cost": chance.integers(10, 60, visits).astype(float),
        "choice_cost": choice,
        "shift_technician": np.arange(shifts) % technicians,
        "shift_day": np.arange(shifts) % days,
        "start_at": np.arange(shifts) % 2,
        "end_at": np.where(chance.random(shifts) < 0.25, NOWHERE, chance.integers(0, 3, shifts)),
        "earliest": chance.integers(0, 10, shifts).astype(float),
        "latest": chance.integers(50, 80, shifts).astype(float),
        "max_work": chance.integers(35, 60, shifts).astype(float),
        "max_week_min": np.full(technicians, 70.0),
        "max_days": np.full(technicians, 2),
        "fair_share": np.full(technicians, 1.0 / technicians),
        "pause": pause,
        "max_stretch": 25.0 if seed % 4 == 1 else NO_LIMIT,
        "commute_counts": seed % 7 != 3,
        "minute_cost": float(chance.integers(0, 3)) / 2,
        "balance_per_hour2": 40.0 if seed % 2 else 0.0,
        "depot_at": 3,
        "depot_min": 2.0,
        "depot_from": 0.0,
        "depot_until": 60.0,
        "needs_tool": chance.random((visits, 2)) < 0.3,
        "has_tool": chance.random((shifts, 2)) < 0.6,
        "needs_part": chance.integers(0, 2, (visits, 1)),
        "has_part": np.full((technicians, 1), 2),
    }
    return Instance(**(values | changes))


def replayed_work(instance: Instance, shift: int, stops: list[int]) -> float:
    """Least minutes of work by trying every whole minute to leave and to pause, by plain simulation.

    `stops` holds visits and, at most once, the number of visits for the depot; inf when nothing is lawful.
    """
    first, last = int(instance.earliest[shift]), int(instance.latest[shift])
    pause = instance.pause
    best = np.inf
    legs = range(0 if instance.start_at[shift] != NOWHERE else 1, len(stops) + 1)
    if instance.end_at[shift] == NOWHERE:
        legs = legs[:-1]
    for leave in range(first, last + 1):
        back = _simulated(instance, shift, stops, leave, None)
        if back is not None and back <= last:
            at_home = not pause.length_min or back <= pause.until_min - pause.length_min
            if (
                at_home or leave >= pause.from_min + pause.length_min
            ) and back - leave <= instance.max_stretch:
                best = min(best, back - leave)
        if not pause.length_min:
            continue
        for leg in legs:
            for after in (False, True):
                if (leg, after) in ((0, False), (len(stops), True)):
                    continue
                for begin in range(int(pause.from_min), int(pause.until_min - pause.length_min) + 1):
                    back = _simulated(instance, shift, stops, leave, (leg, after, begin))
                    if back is None or back > last:
                        continue
                    stretches = begin - leave, back - begin - pause.length_min
                    if max(stretches) <= instance.max_stretch:
                        best = min(best, sum(stretches))
    best -= 0.0 if instance.commute_counts else _commute(instance, shift, stops)
    return best if best <= instance.max_work[shift] else np.inf


def _commute(instance: Instance, shift: int, stops: list[int]) -> float:
    first, last = (
        instance.depot_at if k == len(instance.visit_at) else instance.visit_at[k]
        for k in (stops[0], stops[-1])
    )
    ends = (instance.start_at[shift], first), (last, instance.end_at[shift])
    return sum(instance.leg_min[pair] for pair in ends if NOWHERE not in pair)


def _simulated(
    instance: Instance, shift: int, stops: list[int], leave: float, pause: tuple[int, bool, float] | None
) -> float | None:
    visits, now, here = len(instance.visit_at), leave, instance.start_at[shift]
    for leg, stop in enumerate([*stops, None]):
        if stop is None:
            there = instance.end_at[shift]
        else:
            there = instance.depot_at if stop == visits else instance.visit_at[stop]
        drive = 0.0 if NOWHERE in (here, there) else instance.leg_min[here, there]
        if pause is not None and pause[0] == leg:
            now += drive if pause[1] else 0.0
            if now > pause[2]:
                return None
            now = pause[2] + instance.pause.length_min + (0.0 if pause[1] else drive)
        else:
            now += drive
        if stop is None:
            return now
        if stop == visits:
            spans, service = [(instance.depot_from, instance.depot_until)], instance.depot_min
        else:
            day = instance.shift_day[shift]
            spans, service = sorted(map(tuple, instance.windows[stop, day])), instance.service_min[stop]
        open_at = [max(now, low) for low, high in spans if low <= high and now <= high]
        if not open_at:
            return None
        now, here = min(open_at) + service, there
    return now


def recomputed(instance: Instance, orders, via_depot) -> float:
    """The objective from the definition alone; inf when any rule is broken."""
    visits = len(instance.visit_at)
    crew = len(instance.max_week_min)
    minutes, days, parts = np.zeros(crew), np.zeros(crew), np.zeros((crew, instance.needs_part.shape[1]))
    points, planned = 0.0, []
    for shift, order in enumerate(orders):
        if not order:
            continue
        passage = via_depot[shift]
        stops = list(order) if passage == NOWHERE else [*order[:passage], visits, *order[passage:]]
        who = instance.shift_technician[shift]
        for visit in order if passage == NOWHERE else order[:passage]:
            if (instance.needs_tool[visit] & ~instance.has_tool[shift]).any():
                return np.inf
            parts[who] += instance.needs_part[visit]
        work = replayed_work(instance, shift, stops)
        minutes[who] += work
        days[who] += 1
        at = [instance.depot_at if stop == visits else instance.visit_at[stop] for stop in stops]
        places = [instance.start_at[shift], *at, instance.end_at[shift]]
        pairs = [pair for pair in itertools.pairwise(places) if NOWHERE not in pair]
        points += sum(instance.leg_cost[pair] for pair in pairs)
        points += instance.choice_cost[shift, list(order)].sum()
        points += instance.minute_cost * work if np.isfinite(work) else np.inf
        planned += order
    left_out = np.setdiff1d(np.arange(visits), planned)
    broken = len(set(planned)) < len(planned) or (minutes > instance.max_week_min).any()
    if broken or (days > instance.max_days).any() or (parts > instance.has_part).any():
        return np.inf
    hours = minutes / 60
    unfair = ((hours - instance.fair_share * hours.sum()) ** 2).sum()
    return float(points + instance.skip_cost[left_out].sum() + instance.balance_per_hour2 * unfair)
