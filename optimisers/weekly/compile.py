"""A `Problem` as the routing engine's `Instance`, and the way back from its visits and shifts.

Each visit becomes as many of the engine's visits as its crew has members; each technician and day becomes a
shift; each beginning of a day that is already a fact becomes fixed stops at a place of their own. Crews and
sequences hold only as far as `Decisions` settle them: without decisions the instance is a relaxation, whose
lower bounds hold for the problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimisers.law.limits import week_limit_for
from optimisers.model import Problem
from optimisers.routing.instance import NO_LIMIT, NOWHERE, Break, Instance
from optimisers.routing.schedule import schedule
from optimisers.weekly.decisions import DAY_MIN, NO_DECISIONS, Decisions
from optimisers.weekly.eligibility import equipment, may_do
from optimisers.weekly.facts import Facts, facts_of
from optimisers.weekly.points import change_points, day_points, skip_points, zone_points
from optimisers.weekly.shifts import Shift, shifts_of, week_limits
from optimisers.weekly.starts import NEVER, start_windows

FORBIDDEN = np.inf
PSEUDO = -1
# Points for leaving out what must hold: more than any plan could save by it, and yet a number to compare.
HOLD = 1e5


@dataclass(frozen=True)
class Compiled:
    """The instance and its meaning.

    `visit_of` (engine visits,): position of the visit in the problem, PSEUDO for a fact. `elements`: engine
    visits of each planned visit, one for each member of its crew. `facts` by shift; those of `closed` days
    have none, nothing can be added to them. `constant`: points that every plan pays and the instance does not
    know (frozen visits).
    """

    problem: Problem
    instance: Instance
    decisions: Decisions
    shifts: tuple[Shift, ...]
    visit_of: np.ndarray
    elements: Mapping[int, tuple[int, ...]]
    facts: Mapping[int, Facts]
    closed: tuple[Facts, ...]
    constant: float


def compile_problem(problem: Problem, decisions: Decisions = NO_DECISIONS) -> Compiled:
    """Translate; see the module. Arrays only, so that a week of 1,500 visits takes a fraction of a second.

    Facts are not judged, but the engine judges all it plans: days whose facts alone break a limit are closed.
    """
    known = facts_of(problem)
    compiled = _compiled(problem, decisions, known, ())
    orders: dict[int, list[int]] = {shift: [] for shift in compiled.facts}
    for element in np.flatnonzero(compiled.visit_of == PSEUDO).tolist():
        orders[int(compiled.instance.choice_cost[:, element].argmin())].append(element)
    broken = [shift for shift, order in orders.items() if schedule(compiled.instance, shift, order) is None]
    if not broken:
        return compiled
    return _compiled(problem, decisions, known, tuple(compiled.facts[shift] for shift in broken))


def _compiled(
    problem: Problem,
    decisions: Decisions,
    known: Mapping[tuple[int, int], Facts],
    closed: tuple[Facts, ...],
) -> Compiled:
    shifts, facts = _with_facts(problem, shifts_of(problem), known, closed)
    planned = [number for number, visit in enumerate(problem.visits) if not visit.frozen]
    owner = np.array([n for n in planned for _ in range(problem.visits[n].crew)], dtype=np.int64)
    members: dict[int, tuple[int, ...]] = {}
    for element, number in enumerate(owner.tolist()):
        members[number] = (*members.get(number, ()), element)
    crew = np.array([problem.visits[n].crew for n in owner], dtype=float)

    places = [problem.visit_at(number) for number in owner.tolist()]
    durations = [problem.visits[number].duration_min for number in owner.tolist()]
    windows = start_windows(problem, owner.tolist(), decisions)
    choice = _choices(problem, shifts, owner, crew)
    leg_cost = problem.travel.metres * (problem.weights.per_km / 1000.0)
    leg_min = problem.travel.minutes.astype(float)

    stops = [stop for shift, known_day in facts.items() for stop in _fixed_stops(problem, shift, known_day)]
    leg_cost, leg_min, where = _places_of_facts(problem, leg_cost, leg_min, facts)
    extra = len(stops)
    rows = len(owner) + extra
    all_windows = np.full((rows, len(problem.days), windows.shape[2], 2), NEVER)
    all_windows[: len(owner)] = windows
    all_choice = np.full((len(shifts), rows), FORBIDDEN)
    all_choice[:, : len(owner)] = choice
    for number, (shift, start, length) in enumerate(stops, start=len(owner)):
        places.append(where[shift])
        durations.append(length)
        all_windows[number, shifts[shift].day, 0] = start, start
        all_choice[shift, number] = 0.0

    needs_tool, has_tool, needs_part, has_part = equipment(problem, owner, extra, shifts)
    week = [_week(problem, shifts, facts, closed, t) for t in range(len(problem.technicians))]
    rules, depot = problem.rules, problem.depot
    instance = Instance(
        leg_cost=leg_cost,
        leg_min=leg_min,
        visit_at=np.array(places, dtype=np.int64),
        service_min=np.array(durations, dtype=float),
        windows=all_windows,
        skip_cost=np.concatenate([_skips(problem, decisions, owner, crew), np.full(extra, np.inf)]),
        choice_cost=all_choice,
        shift_technician=np.array([s.technician for s in shifts], dtype=np.int64),
        shift_day=np.array([s.day for s in shifts], dtype=np.int64),
        start_at=np.array([problem.home_at(s.technician) for s in shifts], dtype=np.int64),
        end_at=np.array([_end(problem, s.technician) for s in shifts], dtype=np.int64),
        earliest=np.array([s.earliest for s in shifts], dtype=float),
        latest=np.array([s.latest for s in shifts], dtype=float),
        max_work=np.array([min(s.max_work, week[s.technician][0]) for s in shifts], dtype=float),
        max_week_min=np.array([minutes for minutes, _ in week], dtype=float),
        max_days=np.array([days for _, days in week], dtype=np.int64),
        fair_share=fair_shares(problem),
        pause=Break(rules.lunch_min, rules.lunch_from_min, rules.lunch_until_min)
        if rules.lunch_min
        else Break(),
        max_stretch=_stretch(problem),
        commute_counts=rules.commute_counts,
        balance_per_hour2=problem.weights.balance_per_hour2,
        depot_at=NOWHERE if problem.depot_at is None else problem.depot_at,
        depot_min=float(depot.handling_min) if depot else 0.0,
        depot_from=float(depot.open_from_min) if depot else 0.0,
        depot_until=float(depot.open_until_min - depot.handling_min) if depot else NO_LIMIT,
        needs_tool=needs_tool,
        has_tool=has_tool,
        needs_part=needs_part,
        has_part=has_part,
    )
    visit_of = np.concatenate([owner, np.full(extra, PSEUDO, dtype=np.int64)])
    constant = _facts_points(problem, known, closed)
    return Compiled(problem, instance, decisions, tuple(shifts), visit_of, members, facts, closed, constant)


def decide(compiled: Compiled, decisions: Decisions) -> Compiled:
    """The same compiled problem under other decisions: only windows and skip costs of those visits change."""
    old = compiled.decisions
    touched = old.left_out ^ decisions.left_out
    for before, after in ((old.meetings, decisions.meetings), (old.spans, decisions.spans)):
        touched |= {n for n in (*before, *after) if before.get(n) != after.get(n)}
    rows = np.array([e for number in sorted(touched) for e in compiled.elements[number]], dtype=np.int64)
    owner = compiled.visit_of[rows]
    crew = np.array([compiled.problem.visits[number].crew for number in owner.tolist()], dtype=float)
    fresh = start_windows(compiled.problem, owner.tolist(), decisions)
    known = compiled.instance.windows
    windows = np.full((*known.shape[:2], max(known.shape[2], fresh.shape[2]), 2), NEVER)
    windows[:, :, : known.shape[2]] = known
    windows[rows] = NEVER
    windows[rows, :, : fresh.shape[2]] = fresh
    skip = compiled.instance.skip_cost.copy()
    skip[rows] = _skips(compiled.problem, decisions, owner, crew)
    return replace(
        compiled, instance=replace(compiled.instance, windows=windows, skip_cost=skip), decisions=decisions
    )


def _skips(problem: Problem, decisions: Decisions, owner: np.ndarray, crew: np.ndarray) -> np.ndarray:
    """(engine visits,) points, shared between a crew; pins hold, and so does what was decided."""
    points = skip_points(problem)[owner] / crew if len(owner) else np.zeros(0)
    for element, number in enumerate(owner.tolist()):
        settled = number in decisions.meetings or number in decisions.spans
        if (settled or problem.visits[number].pin is not None) and number not in decisions.left_out:
            points[element] += HOLD
    return points


def _choices(problem: Problem, shifts: list[Shift], owner: np.ndarray, crew: np.ndarray) -> np.ndarray:
    """(shifts, engine visits) points; what a visit costs once is shared between its crew."""
    who = np.array([s.technician for s in shifts], dtype=np.int64)
    when = np.array([s.day for s in shifts], dtype=np.int64)
    if not len(owner) or not len(shifts):
        return np.zeros((len(shifts), len(owner)))
    by_day = np.array([np.add(*day_points(problem, day)) for day in problem.days])
    points = by_day[when][:, owner] / crew[None, :]
    points += (zone_points(problem))[who][:, owner]
    points += change_points(problem)[who, when][:, owner]
    points[~may_do(problem)[who][:, owner]] = FORBIDDEN
    led: set[int] = set()
    for element, number in enumerate(owner.tolist()):
        pin = problem.visits[number].pin
        if crew[element] > 1 and pin is not None and pin.technician_id is not None:
            leader = who == problem.technician_number[pin.technician_id]
            points[leader if number in led else ~leader, element] = FORBIDDEN
            led.add(number)
    return points


def _with_facts(
    problem: Problem,
    shifts: list[Shift],
    known: Mapping[tuple[int, int], Facts],
    closed: tuple[Facts, ...],
) -> tuple[list[Shift], dict[int, Facts]]:
    """Shifts that begin where facts end; a fact on a day without shift makes one that ends with it."""
    by_key = {(shift.technician, shift.day): shift for shift in shifts}
    for key, facts in known.items():
        if facts in closed:
            by_key.pop(key, None)
            continue
        back = facts.back(problem)
        eaten = problem.rules.lunch_min if facts.lunch_start is not None or facts.lost_lunch else 0
        shift = by_key.setdefault(key, Shift(*key, facts.depart, back, 0))
        shift.earliest = facts.depart
        shift.latest = max(shift.latest, back)
        shift.max_work = max(shift.max_work - (eaten if facts.lost_lunch else 0), back - facts.depart - eaten)
    merged = [by_key[key] for key in sorted(by_key)]
    position = {(shift.technician, shift.day): number for number, shift in enumerate(merged)}
    return merged, {position[key]: facts for key, facts in known.items() if key in position}


def _fixed_stops(problem: Problem, shift: int, facts: Facts) -> list[tuple[int, float, float]]:
    """(shift, beginning, length) of the stops that stand for a fact, split where lunch was taken.

    A lunch whose time passed unused is assumed, the engine asks for one: as late as the pause allows, since
    what facts do not say about a pause is not held against the rest of the day.
    """
    rules, lunch = problem.rules, facts.lunch_start
    if lunch is None and facts.lost_lunch:
        last = min(rules.lunch_until_min, facts.free_from) - rules.lunch_min
        lunch = max(rules.lunch_from_min, facts.depart, min(last, facts.depart + int(_stretch(problem))))
    if lunch is None:
        return [(shift, float(facts.depart), float(facts.free_from - facts.depart))]
    after = lunch + rules.lunch_min
    second = (shift, float(after), float(max(0, facts.free_from - after)))
    return [(shift, float(facts.depart), float(lunch - facts.depart)), second]


def _places_of_facts(
    problem: Problem, leg_cost: np.ndarray, leg_min: np.ndarray, facts: Mapping[int, Facts]
) -> tuple[np.ndarray, np.ndarray, dict[int, int]]:
    """One more location for each fact: where its last visit is, but no way from home (it is paid already).

    There is no other way to it, so that nothing, not even the depot, comes before or between facts.
    """
    size = len(leg_cost)
    index = np.concatenate(
        [np.arange(size), np.array([known.place for known in facts.values()], dtype=np.int64)]
    ).astype(np.int64)
    leg_cost, leg_min = leg_cost[np.ix_(index, index)], leg_min[np.ix_(index, index)]
    where = {}
    for place, (shift, known) in enumerate(facts.items(), start=size):
        home = problem.home_at(known.technician)
        leg_min[np.arange(len(leg_min)) != place, place] = DAY_MIN
        leg_cost[home, place] = leg_min[home, place] = 0.0
        where[shift] = place
    return leg_cost, leg_min, where


def _facts_points(
    problem: Problem, known: Mapping[tuple[int, int], Facts], closed: tuple[Facts, ...]
) -> float:
    """Points of what is already done: its kilometres and what its visits cost where they are."""
    points = 0.0
    zones, changes = zone_points(problem), change_points(problem)
    for (technician, day), facts in known.items():
        lateness, wait = day_points(problem, problem.days[day])
        for stop in facts.stops:
            number = problem.visit_number[stop.visit_id]
            points += stop.travel_m * problem.weights.per_km / 1000
            points += (lateness[number] + wait[number]) / problem.visits[number].crew
            points += zones[technician, number] + changes[technician, day, number]
        if facts in closed and _end(problem, technician) != NOWHERE:
            metres = problem.travel.metres[facts.place, _end(problem, technician)]
            points += metres * problem.weights.per_km / 1000
    return float(points)


def fair_shares(problem: Problem) -> np.ndarray:
    """(technicians,) part of all hours that falls to each: in proportion to the hours available."""
    hours = np.array(
        [t.hours_per_day * sum(day not in t.absent_on for day in problem.days) for t in problem.technicians]
    )
    return hours / hours.sum() if hours.sum() else hours


def _week(
    problem: Problem,
    shifts: list[Shift],
    facts: Mapping[int, Facts],
    closed: tuple[Facts, ...],
    technician: int,
) -> tuple[float, int]:
    """Minutes and days of the whole horizon; facts are never more than allowed."""
    own = {number: shift for number, shift in enumerate(shifts) if shift.technician == technician}
    done = [own[number].max_work for number in own if number in facts]
    over = [known for known in closed if known.technician == technician]
    weeks = sorted({day.isocalendar()[:2] for day in problem.days})
    limits = [week_limits(problem, problem.technicians[technician], week) for week in weeks]
    minutes, days = (sum(values) for values in zip(*limits, strict=True))
    minutes -= sum(known.back(problem) - known.depart for known in over)
    return max(minutes, sum(done)), max(days - len(over), len(done))


def _end(problem: Problem, technician: int) -> int:
    place = problem.end_at(technician)
    return NOWHERE if place is None else place


def _stretch(problem: Problem) -> float:
    """Longest work without pause: the strictest of the horizon, so that one number serves every shift."""
    rules = problem.rules
    if all(derogation.limit != "longest_stretch_min" for derogation in rules.derogations):
        return float(rules.law.longest_stretch_min)
    return float(
        min(
            week_limit_for(rules, "longest_stretch_min", technician.technician_id, problem.days)
            for technician in problem.technicians
        )
    )
