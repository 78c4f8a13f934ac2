"""An `Instance` as the kernels read it: padded, without branches, legs and minutes side by side.

Stops are numbered like visits; stop V is the depot's passage. Location L is nowhere: no cost, no minutes.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from optimisers.routing.instance import NOWHERE, Instance

NEIGHBOURS = 40
SCAN_ALL_UP_TO = 400  # visits and shifts; beyond, only positions beside neighbours are tried
LABELS = 64
TOLERANCE = 1e-9


# Columns of the packed arrays below. Few arrays keep the calls between kernels cheap and quick to compile.
OPENING, CLOSING, SERVICE = 0, 1, 2
TECHNICIAN, DAY, START, END = 0, 1, 2, 3
EARLIEST, LATEST, MAX_WORK = 0, 1, 2
MAX_WEEK, MAX_DAYS, FAIR = 0, 1, 2
POINTS, MINUTES, POINTS_BACK, MINUTES_BACK = 0, 1, 2, 3
DRIVE, HEAD, TAIL = 0, 1, 2
EARLY, LATE, TAIL_EARLY, TAIL_LATE = 0, 1, 2, 3


class Rules(NamedTuple):
    """What a route costs and when it is lawful. See `Instance` for meanings and units."""

    leg: np.ndarray  # (L + 1, L + 1, 4) points, minutes; both of the way back
    at: np.ndarray  # (V + 1,)
    hull: np.ndarray  # (V + 1, D, 3) first window's beginning, last one's end, service
    windows: np.ndarray  # (V + 1, D, K, 2), lawful ones first, by beginning
    window_count: np.ndarray  # (V + 1, D)
    choice: np.ndarray  # (V, S)
    shift: np.ndarray  # (S, 4) technician, day, start, end
    hours: np.ndarray  # (S, 3) earliest, latest, most work
    crew: np.ndarray  # (T, 3) most minutes, most days, fair share
    has_tools: np.ndarray  # (S, V) without the depot
    needs_part: np.ndarray  # (V, P)
    has_part: np.ndarray  # (T, P)
    uses_parts: np.ndarray  # (V,)
    nowhere: int
    has_depot: bool
    plain: bool  # one window a visit, no pause: times follow from two partial routes alone
    commute_counts: bool
    pause_min: float
    pause_from: float
    pause_until: float
    max_stretch: float
    minute_cost: float
    balance: float
    fair_squares: float


class Hints(NamedTuple):
    """Where the search looks: what leaving out costs, shifts by promise, visits by nearness."""

    skip: np.ndarray  # (V,) finite
    shifts: np.ndarray  # (V, S) allowed shifts, cheapest alone first
    shift_count: np.ndarray  # (V,)
    near: np.ndarray  # (V, N)
    scan_all: bool


class Workspace(NamedTuple):
    """Scratch of `times.best_times`."""

    way: np.ndarray  # (C, 3) by leg: driving, work before it, work after it
    labels: np.ndarray  # (C, labels, 4) by leg: early and late before it, early and late after it
    count: np.ndarray  # (C, 2) labels before, after
    out: np.ndarray  # depart, return, leg of the pause or -1, 1 after its driving, beginning of the pause


_RULES: WeakKeyDictionary[Instance, Rules] = WeakKeyDictionary()


def rules_of(instance: Instance) -> Rules:
    """Arrays of an instance, made once."""
    if instance not in _RULES:
        _RULES[instance] = _rules(instance)
    return _RULES[instance]


def workspace(rules: Rules, stops: int) -> Workspace:
    """Scratch for routes of at most `stops` stops, the depot included."""
    choices = rules.windows.shape[2]
    labels = 1 if choices == 1 else min(LABELS, stops * choices + 1)
    room = stops + 2
    return Workspace(
        np.zeros((room, 3)), np.zeros((room, labels, 4)), np.zeros((room, 2), np.int64), np.zeros(5)
    )


def _rules(instance: Instance) -> Rules:
    shifts, visits = instance.shape
    places = len(instance.leg_cost)
    days = max(instance.windows.shape[1], 1)
    leg = np.zeros((places + 1, places + 1, 4))
    leg[:places, :places, 0], leg[:places, :places, 1] = instance.leg_cost, instance.leg_min
    leg[..., 2:] = leg[..., :2].swapaxes(0, 1)
    windows, count = _windows(instance, days)
    hull = np.zeros((visits + 1, days, 3))
    hull[..., OPENING], hull[..., CLOSING] = np.inf, -np.inf
    hull[..., SERVICE] = np.append(instance.service_min, instance.depot_min)[:, None]
    for slot in range(windows.shape[2]):
        real = slot < count
        hull[..., 0] = np.where(real, np.minimum(hull[..., 0], windows[..., slot, 0]), hull[..., 0])
        hull[..., 1] = np.where(real, np.maximum(hull[..., 1], windows[..., slot, 1]), hull[..., 1])
    closed = count[:visits, :][:, instance.shift_day].T == 0 if shifts else np.zeros((0, visits), np.bool_)
    has_tools = np.ones((shifts, visits), np.bool_)
    if instance.needs_tool.size:
        lacking = instance.needs_tool[None, :, :] & ~instance.has_tool[:, None, :]
        has_tools = ~lacking.any(axis=2)
    parts = instance.needs_part if instance.needs_part.size else np.zeros((visits, 0), np.int64)
    technicians = len(instance.max_week_min)
    stock = instance.has_part if instance.needs_part.size else np.zeros((technicians, 0), np.int64)
    no_pause = instance.pause.length_min <= 0
    return Rules(
        leg=leg,
        at=_ints(np.append(instance.visit_at, _somewhere(instance.depot_at, places))),
        hull=hull,
        windows=windows,
        window_count=count,
        choice=_floats(np.where(closed, np.inf, instance.choice_cost).T),
        shift=_columns(
            np.int64,
            instance.shift_technician,
            instance.shift_day,
            np.where(instance.start_at == NOWHERE, places, instance.start_at),
            np.where(instance.end_at == NOWHERE, places, instance.end_at),
        ),
        hours=_columns(np.float64, instance.earliest, instance.latest, instance.max_work),
        crew=_columns(np.float64, instance.max_week_min, instance.max_days, instance.fair_share),
        has_tools=has_tools,
        needs_part=_ints(parts),
        has_part=_ints(stock),
        uses_parts=np.ascontiguousarray((parts > 0).any(axis=1)),
        nowhere=places,
        has_depot=bool(instance.depot_at != NOWHERE),
        plain=bool(
            windows.shape[2] == 1 and no_pause and instance.max_stretch == np.inf and instance.commute_counts
        ),
        commute_counts=bool(instance.commute_counts),
        pause_min=float(max(instance.pause.length_min, 0.0)),
        pause_from=float(instance.pause.from_min),
        pause_until=float(instance.pause.until_min),
        max_stretch=float(instance.max_stretch),
        minute_cost=float(instance.minute_cost),
        balance=float(instance.balance_per_hour2),
        fair_squares=float((instance.fair_share**2).sum()),
    )


def _windows(instance: Instance, days: int) -> tuple[np.ndarray, np.ndarray]:
    visits = len(instance.visit_at)
    given = _floats(instance.windows)
    if not given.size:
        given = np.full((visits, days, 1, 2), [1.0, 0.0])
    lawful = given[..., 0] <= given[..., 1]
    count = lawful.sum(axis=2)
    order = np.argsort(np.where(lawful, given[..., 0], np.inf), axis=2, kind="stable")
    given = np.take_along_axis(given, order[..., None], axis=2)
    slots = max(1, int(count.max(initial=1)))
    depot = np.zeros((1, days, slots, 2))
    depot[:, :, 0] = instance.depot_from, instance.depot_until
    counts = np.concatenate([count, np.ones((1, days))])
    return np.ascontiguousarray(np.concatenate([given[:, :, :slots], depot])), _ints(counts)


def hints_of(instance: Instance, rules: Rules, fixed_at: np.ndarray | None = None) -> Hints:
    """Search hints; `fixed_at` (V,) holds the only shift of a visit or NOWHERE."""
    visits, shifts = rules.choice.shape
    at = rules.at[:visits]
    alone = np.full((shifts, visits), np.inf)
    for shift in range(shifts):
        out, home = rules.leg[rules.shift[shift, START], at], rules.leg[at, rules.shift[shift, END]]
        alone[shift] = (out + home)[:, :2] @ np.array([1.0, rules.minute_cost]) + rules.choice[:, shift]
    order = np.argsort(alone.T, axis=1, kind="stable")
    count = np.isfinite(alone).sum(axis=0)
    scan_all = visits + shifts <= SCAN_ALL_UP_TO
    wanted = NEIGHBOURS if not scan_all else max(NEIGHBOURS, 100)
    near = np.argsort(_apartness(rules), axis=1, kind="stable")[:, 1 : 1 + min(wanted, max(visits - 1, 0))]
    return Hints(
        skip=_finite_skips(instance, rules, fixed_at),
        shifts=_ints(order),
        shift_count=_ints(count),
        near=_ints(near),
        scan_all=scan_all,
    )


def _finite_skips(instance: Instance, rules: Rules, fixed_at: np.ndarray | None) -> np.ndarray:
    """Leaving out what must be planned costs more than anything that could be saved by it."""
    skip = _floats(instance.skip_cost).copy()
    finite = skip[np.isfinite(skip)]
    choices = rules.choice[np.isfinite(rules.choice)]
    day = np.max(rules.hours[:, LATEST] - rules.hours[:, EARLIEST], initial=0.0)
    at_stake = (
        np.abs(finite).max(initial=0.0)
        + np.abs(choices).max(initial=0.0)
        + 3 * rules.leg[..., 0].max(initial=0.0)
        + rules.minute_cost * day
        + rules.balance * (day / 60) ** 2 * len(rules.hours)
    )
    skip[~np.isfinite(skip)] = 10 * at_stake + 1.0
    if fixed_at is not None:
        skip[fixed_at != NOWHERE] = 100 * at_stake + 10.0
    return skip


def _apartness(rules: Rules) -> np.ndarray:
    """(V, V) least cost of driving, forced waiting or lateness from one visit to the other, either way.

    Vidal et al., "A hybrid genetic algorithm with adaptive diversity management" (2013), weigh the same
    three; here a minute is worth what it costs, or what a minute of driving costs where it is free.
    """
    visits = len(rules.at) - 1
    at = rules.at[:visits]
    if not visits:
        return np.zeros((0, 0))
    cost, minutes = rules.leg[np.ix_(at, at)][..., 0], rules.leg[np.ix_(at, at)][..., 1]
    per_minute = rules.minute_cost or (cost.sum() / minutes.sum() if minutes.sum() else 1.0)
    opening, closing = (
        rules.hull[:visits, :, OPENING].min(axis=1),
        rules.hull[:visits, :, CLOSING].max(axis=1),
    )
    ready = rules.hull[:visits, :1, SERVICE] + minutes
    waiting = np.maximum(opening[None, :] - closing[:, None] - ready, 0.0)
    late = np.maximum(opening[:, None] + ready - closing[None, :], 0.0)
    for odd in (waiting, late):
        odd[~np.isfinite(odd)] = 1e6
    apart = cost + rules.minute_cost * minutes + per_minute * (0.2 * waiting + late)
    apart = np.minimum(apart, apart.T)
    allowed = np.isfinite(rules.choice).astype(np.float32)
    apart[(allowed @ allowed.T) == 0] += 1e9
    np.fill_diagonal(apart, -np.inf)
    return apart


def _somewhere(place: int, nowhere: int) -> int:
    return nowhere if place == NOWHERE else int(place)


def _columns(kind: type, *columns: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=kind)


def _ints(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.int64)


def _floats(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, dtype=np.float64)
