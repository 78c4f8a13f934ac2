"""Ways to spoil a plan, some of which leave it lawful."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from optimisers.model import PlannedVisit, Problem, TechnicianDay, Unassigned

Plan = tuple[TechnicianDay, ...]
Left = tuple[Unassigned, ...]
Mutator = Callable[[random.Random, Problem, Plan, Left], tuple[Plan, Left]]

SHIFTS = (-240, -60, -20, -1, 1, 5, 60, 180)


def _with(plan: Plan, number: int, **changes) -> Plan:
    return (*plan[:number], replace(plan[number], **changes), *plan[number + 1 :])


def _with_stop(plan: Plan, day: int, position: int, **changes) -> Plan:
    stops = list(plan[day].visits)
    stops[position] = replace(stops[position], **changes)
    return _with(plan, day, visits=tuple(stops))


def _pick(chance: random.Random, plan: Plan) -> tuple[int, int, PlannedVisit]:
    day = chance.randrange(len(plan))
    position = chance.randrange(len(plan[day].visits))
    return day, position, plan[day].visits[position]


def shift_visit(chance, problem, plan, left):
    day, position, stop = _pick(chance, plan)
    by = chance.choice(SHIFTS)
    return _with_stop(plan, day, position, start_min=stop.start_min + by, end_min=stop.end_min + by), left


def shift_arrival(chance, problem, plan, left):
    day, position, stop = _pick(chance, plan)
    return _with_stop(plan, day, position, arrival_min=stop.arrival_min + chance.choice(SHIFTS)), left


def shift_day(chance, problem, plan, left):
    """Everything of a day earlier or later, lunch too or not."""
    day = chance.randrange(len(plan))
    by, chosen = chance.choice(SHIFTS), plan[day]
    stops = tuple(
        replace(s, arrival_min=s.arrival_min + by, start_min=s.start_min + by, end_min=s.end_min + by)
        for s in chosen.visits
    )
    lunch = chosen.lunch_start_min
    if lunch is not None and chance.random() < 0.5:
        lunch += by
    depart, back = chosen.depart_min + by, chosen.return_min + by
    return _with(plan, day, visits=stops, depart_min=depart, return_min=back, lunch_start_min=lunch), left


def swap_visits(chance, problem, plan, left):
    first, second = _pick(chance, plan), _pick(chance, plan)
    plan = _with_stop(plan, *first[:2], visit_id=second[2].visit_id)
    return _with_stop(plan, *second[:2], visit_id=first[2].visit_id), left


def change_lunch(chance, problem, plan, left):
    day = chance.randrange(len(plan))
    lunch = chance.choice([None, 600, 690, 700, 740, 765, 795, 840, plan[day].depart_min])
    return _with(plan, day, lunch_start_min=lunch), left


def duplicate_visit(chance, problem, plan, left):
    day, _, _ = _pick(chance, plan)
    stop = _pick(chance, plan)[2]
    return _with(plan, day, visits=(*plan[day].visits, stop)), left


def drop_visit(chance, problem, plan, left):
    """Take the last visit of a day out, with or without listing it."""
    day = chance.randrange(len(plan))
    stop = plan[day].visits[-1]
    listed = chance.choice([(), (Unassigned(stop.visit_id, "capacite", "plus de place"),)])
    rest = plan[day].visits[:-1]
    return (_with(plan, day, visits=rest) if rest else plan[:day] + plan[day + 1 :]), left + listed


def move_visit(chance, problem, plan, left):
    source, position, stop = _pick(chance, plan)
    target = chance.randrange(len(plan))
    rest = plan[source].visits[:position] + plan[source].visits[position + 1 :]
    plan = _with(plan, source, visits=rest)
    stops = sorted((*plan[target].visits, stop), key=lambda s: s.start_min)
    return _with(plan, target, visits=tuple(stops)), left


def other_technician(chance, problem, plan, left):
    people = [t.technician_id for t in problem.technicians] + [999]
    return _with(plan, chance.randrange(len(plan)), technician_id=chance.choice(people)), left


def other_day(chance, problem, plan, left):
    day = chance.randrange(len(plan))
    choices = [*problem.days, plan[day].day + timedelta(days=chance.choice([-1, 1, 7]))]
    return _with(plan, day, day=chance.choice(choices)), left


def change_leg(chance, problem, plan, left):
    day, position, stop = _pick(chance, plan)
    name = chance.choice(["travel_m", "travel_min"])
    return _with_stop(plan, day, position, **{name: getattr(stop, name) + chance.choice([-1, 1])}), left


def change_return(chance, problem, plan, left):
    day = chance.randrange(len(plan))
    name = chance.choice(["return_min", "return_m", "return_travel_min", "depart_min"])
    return _with(plan, day, **{name: getattr(plan[day], name) + chance.choice(SHIFTS)}), left


def change_duration(chance, problem, plan, left):
    day, position, stop = _pick(chance, plan)
    return _with_stop(plan, day, position, end_min=stop.end_min + chance.choice([-5, 5])), left


def toggle_depot(chance, problem, plan, left):
    """Forget a passage of the depot, or claim one, with the leg and the return as they then are."""
    day, position, stop = _pick(chance, plan)
    return _with_stop(plan, day, position, via_depot=not stop.via_depot), left


def unlist(chance, problem, plan, left):
    return plan, left[1:] if chance.random() < 0.5 else left + left[:1]


def no_reason(chance, problem, plan, left):
    return plan, tuple(replace(item, reason=" ") for item in left[:1]) + left[1:]


def unknown_visit(chance, problem, plan, left):
    day, position, _ = _pick(chance, plan)
    return _with_stop(plan, day, position, visit_id=998), left


MUTATORS: tuple[Mutator, ...] = (
    shift_visit,
    shift_arrival,
    shift_day,
    swap_visits,
    change_lunch,
    duplicate_visit,
    drop_visit,
    move_visit,
    other_technician,
    other_day,
    change_leg,
    change_return,
    change_duration,
    toggle_depot,
    unlist,
    no_reason,
    unknown_visit,
)


def rewritten(problem: Problem, plan: Plan) -> Plan:
    """The plan with its legs as the matrix says: misreported legs would hide other faults of a mutant."""
    homes = {t.technician_id: n for n, t in enumerate(problem.technicians)}
    base, depot_at = len(problem.technicians), len(problem.technicians) + len(problem.visits)
    places = {v.visit_id: base + n for n, v in enumerate(problem.visits)}
    ends = [t.technician_id for t in problem.technicians if t.end is not None]
    done = []
    for day in plan:
        if day.technician_id not in homes or any(s.visit_id not in places for s in day.visits):
            done.append(day)
            continue
        at, stops = homes[day.technician_id], []
        for stop in day.visits:
            here = places[stop.visit_id]
            path = [at, depot_at, here] if stop.via_depot and problem.depot else [at, here]
            metres = sum(int(problem.travel.metres[a, b]) for a, b in itertools.pairwise(path))
            minutes = sum(int(problem.travel.minutes[a, b]) for a, b in itertools.pairwise(path))
            minutes += problem.depot.handling_min if len(path) == 3 and problem.depot else 0
            stops.append(replace(stop, travel_m=metres, travel_min=minutes))
            at = here
        end = homes[day.technician_id]
        if day.technician_id in ends:
            end = depot_at + (problem.depot is not None) + ends.index(day.technician_id)
        back = (int(problem.travel.metres[at, end]), int(problem.travel.minutes[at, end]))
        if problem.technicians[homes[day.technician_id]].open_end or not stops:
            back = (0, 0)
        done.append(replace(day, visits=tuple(stops), return_m=back[0], return_travel_min=back[1]))
    return tuple(done)


def tightened(chance: random.Random, problem: Problem) -> Problem:
    """The same work under stricter rules: faults that a plan cannot be given by moving its visits."""
    law, rules = problem.rules.law, problem.rules
    strict = chance.choice(
        [
            {"max_day_min": chance.choice([120, 240, 400])},
            {"max_week_min": chance.choice([300, 900, 1500])},
            {"max_average_week_min": chance.choice([60, 200, 2400])},
            {"daily_rest_min": chance.choice([780, 900, 1000])},
            {"weekly_rest_min": chance.choice([3000, 4000, 6000])},
            {"max_days_a_week": chance.choice([1, 2, 3])},
            {"longest_stretch_min": chance.choice([100, 200, 300])},
            {"short_pause_min": 60},
        ]
    )
    if chance.random() < 0.6:
        return replace(problem, rules=replace(rules, law=replace(law, **strict)))
    crew = tuple(
        replace(
            t,
            hours_per_day=chance.choice([t.hours_per_day, 2.0]),
            absent_on=chance.choice([t.absent_on, frozenset(problem.days[:1])]),
            stock={part: chance.randrange(2) for part in t.stock},
            tools=frozenset(chance.sample(sorted(t.tools), len(t.tools) // 2)),
            skills={skill: 1 for skill in t.skills},
            hours_done=chance.choice([t.hours_done, 45.0]),
        )
        for t in problem.technicians
    )
    pinned = {v.pin.technician_id for v in problem.visits if v.pin and v.pin.technician_id is not None}
    crew = tuple(
        replace(new, absent_on=old.absent_on) if new.technician_id in pinned else new
        for new, old in zip(crew, problem.technicians, strict=True)
    )
    return replace(problem, technicians=crew)
