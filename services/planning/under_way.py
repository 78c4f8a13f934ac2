"""What the warehouse knows of a week that is under way, as events of a re-planning. Pure: frames in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import pandas as pd

from core.clock import PARIS
from optimisers.model import Moment, Problem, TechnicianDay
from optimisers.replanning import Event, Illness, Made, Missed
from services.planning.calendar import minute_of
from services.planning.frames import UnderWayFrames


def moment_of(at: datetime) -> Moment:
    """The local day and minute of an instant."""
    local = at.astimezone(PARIS)
    return Moment(local.date(), minute_of(local))


def known_part(plan: Sequence[TechnicianDay], problem: Problem) -> tuple[TechnicianDay, ...]:
    """The plan without what the problem no longer has: visits cancelled in the ERP, technicians who left."""
    kept = []
    for day in plan:
        stops = tuple(stop for stop in day.visits if stop.visit_id in problem.visit_number)
        if stops and day.technician_id in problem.technician_number and day.day in problem.days:
            kept.append(replace(day, visits=stops))
    return tuple(kept)


def events_found(
    frames: UnderWayFrames,
    problem: Problem,
    plan: Sequence[TechnicianDay],
    now: Moment,
    known_until: date,
) -> list[Event]:
    """Visits made and begun, visits of past days that nobody made, technicians absent today.

    Days after `known_until` are beyond what the warehouse has seen: the plan is taken as made there. A
    technician absent today who has begun a visit today falls ill now, another one was never there.
    """
    made = list(_made(frames, problem, now))
    reported = {event.visit_id for event in made}
    missed = [
        Missed(stop.visit_id)
        for day in plan
        if day.day < now.day and day.day <= known_until
        for stop in day.visits
        if stop.visit_id not in reported
    ]
    at_work = {who for event in made if event.day == now.day for who in event.technicians}
    ill = [
        Illness(t.technician_id, None if t.technician_id in at_work else 0)
        for t in problem.technicians
        if now.day in t.absent_on
    ]
    return [*made, *missed, *ill]


def assumed(plan: Sequence[TechnicianDay], events: Collection[Event], at_now: Problem) -> int:
    """How many visits are frozen only because the plan had them begun by now."""
    reported = {event.visit_id for event in events if isinstance(event, Made)}
    planned = {stop.visit_id for day in plan for stop in day.visits}
    return sum(v.frozen and v.visit_id in planned and v.visit_id not in reported for v in at_now.visits)


def _made(frames: UnderWayFrames, problem: Problem, now: Moment) -> Iterator[Made]:
    finished = {int(row.intervention_id): row for row in frames.made.itertuples(index=False)}
    rows = [*finished.values()]
    rows += [r for r in frames.begun.itertuples(index=False) if int(r.intervention_id) not in finished]
    for row in rows:
        visit_id, who = int(row.intervention_id), int(row.technicien_id)
        arrived = moment_of(pd.Timestamp(row.heure_arrivee).to_pydatetime())
        known = visit_id in problem.visit_number and who in problem.technician_number
        if not known or arrived.day not in problem.days:
            continue
        left = getattr(row, "heure_depart", None)
        ended = None if left is None or pd.isna(left) else moment_of(pd.Timestamp(left).to_pydatetime())
        end = None
        if ended is not None and (ended.day, ended.minute) <= (now.day, now.minute):
            end = max(arrived.minute + 1, ended.minute) if ended.day == arrived.day else None
        yield Made(visit_id, (who,), arrived.day, arrived.minute, end)
