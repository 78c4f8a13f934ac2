"""The changes of a problem that may place a visit left out, and how much each asks of people.

Every generator yields `Try`s: relaxed rules under which to look for a place, and how to write the smallest
problem that allows the place found. Nothing is believed before the checker has passed that problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, replace

import numpy as np

from optimisers.explain.board import Board, Insertion
from optimisers.model import Problem, Relaxation, Technician, TravelMatrix, Visit, Window
from optimisers.weekly.eligibility import holds
from optimisers.weekly.shifts import limit_on
from optimisers.wording import clock_label, day_label

# Minutes of inconvenience by which different kinds are compared: an hour of overtime weighs 60. A judgement,
# not a measure: a moved appointment is worth four hours of overtime, training somebody ten.
MOVED_APPOINTMENT, DROPPED_PIN, LENT_EQUIPMENT, PRESENCE, TRAINING = 240, 240, 300, 480, 600
LADDER = (15, 30, 60, 90, 120, 180, 240)
MOST_OVERTIME_MIN = 120


@dataclass(frozen=True)
class Found:
    """A relaxation and the problem it makes; `size` in minutes of inconvenience."""

    relaxation: Relaxation
    problem: Problem
    size: float
    text: str


@dataclass(frozen=True)
class Try:
    """Rules to look under, what a place found there would take, and the least it can take (`least`).

    The board is laid out only when the try is worth it.
    """

    board: Callable[[], Board]
    found: Callable[[Insertion], Found]
    least: float


def overtime(board: Board, visit: int) -> Iterator[Try]:
    """Longer days, up to the law's limit: « T3 : +20 min mardi 18/11 »."""
    problem, instance = board.problem, board.instance
    most = np.array(
        [
            min(
                limit_on(problem, "max_day_min", problem.technicians[s.technician], problem.days[s.day]),
                s.max_work + MOST_OVERTIME_MIN,
            )
            for s in board.compiled.shifts
        ]
    )
    wider = replace(instance, max_work=np.maximum(instance.max_work, most))

    def found(way: Insertion) -> Found:
        shift = board.compiled.shifts[way.shift]
        technician = problem.technicians[shift.technician]
        extra = int(max(0, np.ceil(way.work_min - instance.max_work[way.shift] - 1e-6)))
        hours = (instance.max_work[way.shift] + extra) / 60
        day = problem.days[shift.day]
        return Found(
            Relaxation("heures", technician.technician_id, day, extra),
            with_technician(problem, replace(technician, hours_per_day=hours)),
            extra,
            f"{technician.name} : "
            + (f"+{extra} min {day_label(day)}" if extra else f"{day_label(day)}, dans un autre ordre"),
        )

    yield Try(lambda: board.with_instance(wider), found, 1)


def wider_windows(board: Board, visit: int) -> Iterator[Try]:
    """Opening hours that close later or begin earlier, by growing steps."""
    asked = board.problem.visits[visit]
    if asked.appointment is not None and not asked.appointment.movable:
        return
    for step in LADDER:
        for later in (True, False):
            yield _window_try(board, visit, asked, step, later)


def _window_try(board: Board, visit: int, asked: Visit, step: int, later: bool) -> Try:
    problem = board.problem
    rules = problem.rules
    longer = tuple(
        replace(w, end_min=max(w.end_min, min(rules.day_end_min, w.end_min + step)))
        if later
        else replace(w, start_min=min(w.start_min, max(rules.day_start_min, w.start_min - step)))
        for w in asked.windows
    )
    relaxed = with_visit(problem, replace(asked, windows=longer))

    def found(way: Insertion) -> Found:
        shift = board.compiled.shifts[way.shift]
        day, technician = problem.days[shift.day], problem.technicians[shift.technician]
        start = round(way.start_min)
        end = start + asked.duration_min
        by_gap = lambda w: max(0, end - w.end_min) + max(0, w.start_min - start)  # noqa: E731
        nearest = min(asked.windows_on(day), key=by_gap)
        opened = Window(min(nearest.start_min, start), max(nearest.end_min, end), day)
        shown = f"jusqu’à {clock_label(end)}" if later else f"dès {clock_label(start)}"
        amount = by_gap(nearest)
        return Found(
            Relaxation("fenetre", technician.technician_id, day, amount),
            with_visit(problem, replace(asked, windows=(*asked.windows, opened))),
            amount,
            f"fenêtre {shown} ({technician.name}, {day_label(day)})",
        )

    return Try(lambda: Board(relaxed, board.plan), found, 1)


def moved_appointment(board: Board, visit: int) -> Iterator[Try]:
    """The promise widened on its day, then given up for another day."""
    problem = board.problem
    asked = problem.visits[visit]
    promise = asked.appointment
    if promise is None or promise.movable:
        return
    for step in (*LADDER, None):
        freed = (
            None
            if step is None
            else replace(
                promise,
                start_min=max(0, promise.start_min - step),
                end_min=min(24 * 60, promise.end_min + step),
            )
        )
        relaxed = with_visit(problem, replace(asked, appointment=freed))
        if freed is not None and promise.day not in problem.days:
            continue

        def found(way: Insertion, freed=freed, relaxed=relaxed) -> Found:
            shift = board.compiled.shifts[way.shift]
            day, technician = problem.days[shift.day], problem.technicians[shift.technician]
            start = round(way.start_min)
            who = f"({technician.name})"
            if freed is None:
                return Found(
                    Relaxation("rendez_vous", technician.technician_id, day, MOVED_APPOINTMENT),
                    relaxed,
                    MOVED_APPOINTMENT,
                    f"rendez-vous déplacé au {day_label(day)} {who}",
                )
            needed = replace(
                promise, start_min=min(promise.start_min, start), end_min=max(promise.end_min, start)
            )
            amount = max(promise.start_min - start, start - promise.end_min, 0)
            return Found(
                Relaxation("rendez_vous", technician.technician_id, day, amount),
                with_visit(problem, replace(asked, appointment=needed)),
                amount,
                f"rendez-vous à {clock_label(start)} au lieu de "
                f"{clock_label(promise.start_min)}–{clock_label(promise.end_min)} {who}",
            )

        yield Try(
            lambda relaxed=relaxed: Board(relaxed, board.plan),
            found,
            MOVED_APPOINTMENT if step is None else 1,
        )


def dropped_pin(board: Board, visit: int) -> Iterator[Try]:
    """The planner's pin taken off."""
    asked = board.problem.visits[visit]
    if asked.pin is None:
        return
    relaxed = with_visit(board.problem, replace(asked, pin=None))

    def found(way: Insertion) -> Found:
        shift = board.compiled.shifts[way.shift]
        day, technician = board.problem.days[shift.day], board.problem.technicians[shift.technician]
        return Found(
            Relaxation("epingle", technician.technician_id, day),
            relaxed,
            DROPPED_PIN,
            f"épingle retirée ({technician.name}, {day_label(day)})",
        )

    yield Try(lambda relaxed=relaxed: Board(relaxed, board.plan), found, DROPPED_PIN)


def training(board: Board, visit: int) -> Iterator[Try]:
    """A skill or level for one technician: « habilitation HT pour T1 »."""
    problem = board.problem
    asked = problem.visits[visit]
    for technician in problem.technicians:
        if holds(technician, asked):
            continue
        lacking = {s: n for s, n in asked.skills.items() if technician.skills.get(s, 0) < n}
        relaxed = with_technician(problem, replace(technician, skills={**technician.skills, **lacking}))
        names = ", ".join(f"« {s} »" + (f" niveau {n}" if n > 1 else "") for s, n in sorted(lacking.items()))

        def found(way: Insertion, technician=technician, relaxed=relaxed, names=names, lacking=lacking):
            day = problem.days[board.compiled.shifts[way.shift].day]
            return Found(
                Relaxation("competence", technician.technician_id, day, max(lacking.values()), names),
                relaxed,
                TRAINING * len(lacking),
                f"compétence {names} pour {technician.name} ({day_label(day)})",
            )

        yield Try(lambda relaxed=relaxed: Board(relaxed, board.plan), found, TRAINING * len(lacking))


def lent_equipment(board: Board, visit: int) -> Iterator[Try]:
    """Tools and parts put into one van."""
    problem = board.problem
    asked = problem.visits[visit]
    if not asked.tools and not asked.parts:
        return
    for technician in problem.technicians:
        if not holds(technician, asked):
            continue
        stock = {p: technician.stock.get(p, 0) + n for p, n in asked.parts.items()}
        relaxed = with_technician(
            problem,
            replace(technician, tools=technician.tools | asked.tools, stock={**technician.stock, **stock}),
        )
        missing = ", ".join(f"« {name} »" for name in [*sorted(asked.tools - technician.tools), *asked.parts])

        def found(way: Insertion, technician=technician, relaxed=relaxed, missing=missing) -> Found:
            day = problem.days[board.compiled.shifts[way.shift].day]
            return Found(
                Relaxation("materiel", technician.technician_id, day, detail=missing),
                relaxed,
                LENT_EQUIPMENT,
                f"{missing} dans le véhicule de {technician.name} ({day_label(day)})",
            )

        yield Try(lambda relaxed=relaxed: Board(relaxed, board.plan), found, LENT_EQUIPMENT)


def presence(board: Board, visit: int) -> Iterator[Try]:
    """One technician back from an absence."""
    problem = board.problem
    asked = problem.visits[visit]
    for technician in problem.technicians:
        if not holds(technician, asked):
            continue
        away = technician.absent_on | {absence.day for absence in technician.absences}
        for day in sorted(away & set(problem.days)):
            back = replace(
                technician,
                absent_on=technician.absent_on - {day},
                absences=tuple(a for a in technician.absences if a.day != day),
            )
            relaxed = with_technician(problem, back)

            def found(way: Insertion, technician=technician, relaxed=relaxed, day=day) -> Found:
                return Found(
                    Relaxation("presence", technician.technician_id, day),
                    relaxed,
                    PRESENCE,
                    f"présence de {technician.name} {day_label(day)}",
                )

            yield Try(lambda relaxed=relaxed: Board(relaxed, board.plan), found, PRESENCE)


def with_visit(problem: Problem, changed: Visit) -> Problem:
    """The problem with one visit changed."""
    visits = tuple(changed if v.visit_id == changed.visit_id else v for v in problem.visits)
    return replace(problem, visits=visits)


def only_visits(problem: Problem, kept: Set[int]) -> Problem:
    """The problem without the visits whose ids are not in `kept`; frozen ones always stay."""
    chosen = [n for n, v in enumerate(problem.visits) if v.visit_id in kept or v.frozen]
    first, count = len(problem.technicians), len(problem.visits)
    size = len(problem.travel.metres)
    places = [*range(first), *(first + n for n in chosen), *range(first + count, size)]
    there = {problem.visits[n].visit_id for n in chosen}
    travel = TravelMatrix(
        problem.travel.metres[np.ix_(places, places)], problem.travel.minutes[np.ix_(places, places)]
    )
    visits = tuple(replace(problem.visits[n], after=problem.visits[n].after & there) for n in chosen)
    return replace(problem, visits=visits, travel=travel)


def with_technician(problem: Problem, changed: Technician) -> Problem:
    """The problem with one technician changed."""
    crew = tuple(changed if t.technician_id == changed.technician_id else t for t in problem.technicians)
    return replace(problem, technicians=crew)


KINDS = (overtime, wider_windows, moved_appointment, dropped_pin, lent_equipment, presence, training)
