"""Make the week in force again at a moment of it: read, re-plan, check, write as a proposal, write files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from core.clock import PARIS, read_clock
from core.errors import InvalidInput
from core.settings import get_settings
from optimisers.model import Moment, Problem, Slot, Stop, Visit
from optimisers.replanning import Cancelled, Event, Illness, Overrun, Replan, UrgentVisit, apply, replan
from services.planning.calendar import instant, working_days
from services.planning.frames import WeekFrames, read_under_way, read_week
from services.planning.in_force import REPLANNED, plan_in_force, read_days
from services.planning.problem import Prepared, prepare
from services.planning.progress import shown
from services.planning.remedies import explained
from services.planning.replan_report import ReplanReport, happened
from services.planning.report import plan_report
from services.planning.store import Rows, write
from services.planning.under_way import assumed, events_found, known_part, moment_of
from services.travel import travel_provider
from warehouse.tables import changements_replanification, courbe_replanification, replanifications

# About five seconds for the demo company: a dispatcher waits for the answer.
REPLAN_STOP = Stop(max_iterations=60_000)


@dataclass(frozen=True)
class Happenings:
    """What the dispatcher reports. `urgent`: interventions of the warehouse; `calls`: visits outside it."""

    ill: tuple[int, ...] = ()
    urgent: tuple[int, ...] = ()
    calls: tuple[Visit, ...] = ()
    cancelled: tuple[int, ...] = ()
    overruns: tuple[tuple[int, int], ...] = ()

    def events(self) -> list[Event]:
        """As events of a re-planning; ids of the warehouse enter with its rows instead."""
        return [
            *(Illness(who) for who in self.ill),
            *(UrgentVisit(visit) for visit in self.calls),
            *(Cancelled(visit) for visit in self.cancelled),
            *(Overrun(visit, extra) for visit, extra in self.overruns),
        ]


def replan_week(
    engine: sa.Engine,
    at: datetime,
    reported: Happenings,
    *,
    max_changes: int | None = None,
    seed: int = 1,
    stop: Stop = REPLAN_STOP,
    out_dir: Path | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ReplanReport:
    """Make the week of `at` again: what is done is frozen, what happened is in, the rest may change.

    The plan in force is the published one, else the newest proposal. Visits made and begun, absences of
    today and urgent calls are read from the warehouse; `reported` adds to them. The point recommended is
    written as 'Propose' with its curve, and exported below `out_dir` if given; publishing it is the
    planner's. Raises InvalidInput without a plan in force, or when an urgent intervention is unknown;
    InvalidProblem, naming every fault, for events that cannot be.
    """
    now = moment_of(at)
    monday = now.day - timedelta(days=now.day.weekday())
    base_id = plan_in_force(engine, monday)
    days = working_days(monday)
    if base_id is None or now.day not in days:
        found = "no plan" if base_id is None else "a plan, but that day is not worked"
        raise InvalidInput(
            f"The week of {now.day} has {found}.",
            expected="a working day of a week that is published or proposed",
            remedy="plan the week first (fieldhouse plan week), or choose another moment",
        )
    plan = read_days(engine, base_id)
    frames = read_week(engine, monday, monday + timedelta(days=6))
    under_way = read_under_way(engine, datetime.combine(monday, time(), PARIS), at)
    planned = {stop.visit_id for day in plan for stop in day.visits}
    prepared = _prepared(frames, under_way.made, planned, reported.urgent, days)
    plan = known_part(plan, prepared.problem)
    known_until = read_clock(get_settings().home).today()
    events = events_found(under_way, prepared.problem, plan, now, known_until)
    told = {event.technician_id for event in events if isinstance(event, Illness)}
    events += [e for e in reported.events() if not (isinstance(e, Illness) and e.technician_id in told)]
    at_now = apply(prepared.problem, plan, events, now, travel_provider())
    with shown("Replanification") as step:
        answer = replan(at_now, stop, seed, max_changes=max_changes, progress=step, should_stop=should_stop)
    story = _story(events, reported, at_now)
    chosen = explained(at_now, answer.recommended.result, stop, seed)
    plan_id = write(
        engine,
        nature=REPLANNED,
        first_day=monday,
        problem=at_now,
        result=chosen,
        rejected=prepared.rejected,
        seed=seed,
        stop=stop,
        details=detail_rows(answer, base_id, now, story),
    )
    files = _files(engine, plan_id, answer, now, out_dir) if out_dir is not None else ()
    report = plan_report(
        at_now, chosen, plan_id=plan_id, first_day=monday, rejected=prepared.rejected, files=files
    )
    return ReplanReport(at_now, answer, report, story, assumed(plan, events, at_now))


def _story(events: Sequence[Event], reported: Happenings, problem: Problem) -> str:
    calls = [f"urgence {visit_id}" for visit_id in reported.urgent]
    return ", ".join([*calls, happened(events, problem)])


def _prepared(
    frames: WeekFrames, made: pd.DataFrame, planned: set[int], urgent: Sequence[int], days
) -> Prepared:
    """The week's problem, visits made included; those that can wait stay out unless they are planned."""
    todo = frames.interventions
    unknown = sorted(set(urgent) - set(todo["intervention_id"]))
    if unknown:
        raise InvalidInput(
            f"Interventions {', '.join(map(str, unknown))} are not among those to be made.",
            expected="ids of marts.fact_interventions_a_planifier",
            remedy="load the day first (fieldhouse run realtime), or give the calls in a JSON file",
        )
    todo = todo.assign(urgence=todo["urgence"].where(~todo["intervention_id"].isin(list(urgent)), "Urgente"))
    made = made[~made["intervention_id"].isin(todo["intervention_id"])]
    # Concatenating an empty frame would turn whole columns into objects.
    rows = pd.concat([todo, made], ignore_index=True) if len(made) else todo
    always = planned | set(urgent) | set(made["intervention_id"])
    week = (days[0] - timedelta(days=days[0].weekday()), days[0] + timedelta(days=6 - days[0].weekday()))
    travel = travel_provider()
    whole = prepare(replace(frames, interventions=rows), days, week=week, travel=travel, always=always)
    waiting = {v.visit_id for v in whole.problem.visits if whole.problem.can_wait(v)} - always
    if not waiting:
        return whole
    rows = rows[~rows["intervention_id"].isin(list(waiting))]
    return prepare(replace(frames, interventions=rows), days, week=week, travel=travel, always=always)


def detail_rows(answer: Replan, base_id: str, now: Moment, story: str) -> list[tuple[sa.Table, Rows]]:
    """Rows of the tables that hold a re-planning beside its plan, without the plan_id."""
    point = answer.recommended
    forced = {change.visit_id for change in answer.forced}
    head = {
        "plan_remplace_id": base_id,
        "moment_at": instant(now.day, now.minute),
        "evenements": story,
        "changements": point.changes,
        "changements_forces": len(answer.forced),
    }
    changes: Rows = [
        _change_row(c.visit_id, c.published[0], c.planned[0] if c.planned else None, c.visit_id in forced)
        for c in point.changed
    ]
    return [
        (replanifications, [head]),
        (courbe_replanification, curve_rows(answer)),
        (changements_replanification, [*changes, *_shift_rows(answer)]),
    ]


def curve_rows(answer: Replan) -> Rows:
    """Rows of planning.courbe_replanification, without the plan_id."""
    return [
        {
            "changements": point.changes,
            "km": point.km,
            "objectif": point.objective,
            "nb_non_planifiees": len(point.result.unassigned),
            "recommande": point is answer.recommended,
        }
        for point in answer.curve
    ]


def _change_row(visit_id: int, before: Slot, after: Slot | None, forced: bool) -> dict[str, object]:
    return {
        "intervention_id": visit_id,
        "technicien_avant_id": before.technician_id,
        "debut_avant_at": instant(before.day, before.start_min),
        "technicien_apres_id": after.technician_id if after else None,
        "debut_apres_at": instant(after.day, after.start_min) if after else None,
        "nature": "force" if forced else "choisi",
    }


def _shift_rows(answer: Replan) -> Rows:
    return [
        {
            "intervention_id": shift.visit_id,
            "technicien_avant_id": shift.slot.technician_id,
            "debut_avant_at": instant(shift.slot.day, shift.slot.start_min),
            "technicien_apres_id": shift.slot.technician_id,
            "debut_apres_at": instant(shift.slot.day, shift.slot.start_min + shift.minutes),
            "nature": "horaire",
        }
        for shift in answer.recommended.shifted
    ]


def _files(engine: sa.Engine, plan_id: str, answer: Replan, now: Moment, out_dir: Path) -> tuple[Path, ...]:
    from services.schedule_files import export_plan

    written = export_plan(engine, plan_id, out_dir / REPLANNED)
    curve = out_dir / REPLANNED / f"courbe-{now.day}-{now.minute // 60:02d}h{now.minute % 60:02d}.csv"
    with curve.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.DictWriter(file, fieldnames=list(curve_rows(answer)[0]), delimiter=";")
        rows.writeheader()
        rows.writerows(curve_rows(answer))
    return (*written, curve)
