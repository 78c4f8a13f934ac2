"""What planners ask of a plan: why this technician on this day, and what if the week were another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from core.errors import InvalidInput
from optimisers.explain import Alternative, Comparison, Scenario, alternatives, compare
from optimisers.explain.scenarios import hours_of, longer_ways, one_more_technician, other_hours, planned_in
from optimisers.model import Problem, Result, Stop, Technician, TechnicianDay
from optimisers.readers.problem_json import read_plan, read_problem
from optimisers.wording import clock_label, day_label
from services.planning.calendar import working_days
from services.planning.frames import read_week
from services.planning.in_force import plan_in_force, read_days
from services.planning.problem import prepare
from services.planning.under_way import known_part
from services.travel import travel_provider

WHAT_IF_STOP = Stop(max_iterations=40_000)
TERMS = {
    "km": "km",
    "lateness": "retards",
    "urgent_wait": "attente des urgences",
    "zone": "hors zone",
    "balance": "équilibre",
    "changes": "changements",
}


@dataclass(frozen=True)
class Asked:
    """A problem and the plan in question, if there is one."""

    problem: Problem
    plan: tuple[TechnicianDay, ...]


def of_files(problem: Path, plan: Path | None) -> Asked:
    """A JSON problem and the plan that `fieldhouse plan` wrote for it."""
    read = read_problem(problem, travel_provider())
    return Asked(read, () if plan is None else read_plan(plan))


def of_week(engine: sa.Engine, monday: date) -> Asked:
    """The warehouse's week and its plan in force; raises InvalidInput when the week has no working day."""
    days, last = working_days(monday), monday + timedelta(days=6)
    if not days:
        raise InvalidInput(
            f"The week of {monday} has no working day.",
            expected="a week with at least one",
            remedy="choose another Monday",
        )
    plan_id = plan_in_force(engine, monday)
    plan = read_days(engine, plan_id) if plan_id else ()
    planned = {stop.visit_id for day in plan for stop in day.visits}
    frames = read_week(engine, monday, last)
    problem = prepare(frames, days, week=(monday, last), travel=travel_provider(), always=planned).problem
    return Asked(problem, known_part(plan, problem))


def why(asked: Asked, visit_id: int, *, most: int = 3) -> str:
    """Where a visit is and what its best other places would cost, in French.

    Raises InvalidInput when the visit is not planned for one technician.
    """
    try:
        found = alternatives(asked.problem, asked.plan, visit_id, most=most)
    except (KeyError, ValueError) as error:
        raise InvalidInput(
            f"Visit {visit_id} has no alternatives: {error}",
            expected="a visit that the plan gives to one technician and that is not under way",
            remedy="choose another visit, or plan the week first (fieldhouse plan week)",
        ) from error
    names = {t.technician_id: t.name for t in asked.problem.technicians}
    day = next(d for d in asked.plan for stop in d.visits if stop.visit_id == visit_id)
    start = next(stop.start_min for stop in day.visits if stop.visit_id == visit_id)
    lines = [
        f"Visite {visit_id} : {names[day.technician_id]}, {day_label(day.day)} à {clock_label(start)}.",
        *(_alternative(other, names) for other in found),
    ]
    return "\n".join(
        lines if found else [*lines, "  aucune autre place licite sans déplacer d’autres visites"]
    )


def what_if(asked: Asked, scenarios: dict[str, Scenario], *, stop: Stop = WHAT_IF_STOP, seed: int = 1) -> str:
    """Each scenario planned beside the base with the same budget, in French."""
    base, found = compare(asked.problem, scenarios, stop, seed)
    lines = [
        f"Base : {planned_in(base)} visites, {base.km:.0f} km, {hours_of(asked.problem, base):.1f} h, "
        f"objectif {base.objective:.0f} (écart à la borne {base.gap_pct:.0f} %)"
    ]
    return "\n".join([*lines, *(_scenario(other) for other in found)])


def scenarios_of(
    problem: Problem, *, hours: float | None, slower: float | None, one_more_like: Sequence[int] = ()
) -> dict[str, Scenario]:
    """Scenarios by French name; raises InvalidInput when none is asked for or a technician is unknown."""
    asked: dict[str, Scenario] = {}
    if hours is not None:
        asked[f"journées de {hours:g} h"] = other_hours(hours)
    if slower is not None:
        asked[f"trajets × {slower:g}"] = longer_ways(slower)
    for who in one_more_like:
        if who not in problem.technician_number:
            raise InvalidInput(
                f"Technician {who} is not in the week.",
                expected=", ".join(str(t.technician_id) for t in problem.technicians),
                remedy="name one of these",
            )
        model = problem.technicians[problem.technician_number[who]]
        asked[f"un technicien de plus, comme {model.name}"] = _hired(problem, model)
    if not asked:
        raise InvalidInput(
            "There is no scenario.",
            expected="--hours, --slower or --one-more-like",
            remedy="say what should be different",
        )
    return asked


def _hired(problem: Problem, model: Technician) -> Callable[[Problem], Problem]:
    number = max(t.technician_id for t in problem.technicians) + 1
    hired = Technician(
        number,
        f"{model.name} bis",
        model.home,
        model.skills,
        model.hours_per_day,
        model.preferred_zone,
        tools=model.tools,
        stock=model.stock,
    )
    return one_more_technician(hired, travel_provider())


def _alternative(other: Alternative, names: dict[int, str]) -> str:
    terms = {
        "km": "km",
        "lateness": "retards",
        "urgent_wait": "attente",
        "zone": "hors zone",
        "balance": "équilibre",
    }
    parts = [
        f"{word} {getattr(other.extra_by_term, term):+.1f}"
        for term, word in terms.items()
        if abs(getattr(other.extra_by_term, term)) >= 0.05
    ]
    return (
        f"  {names[other.technician_id]}, {day_label(other.day)} à {clock_label(other.start_min)} : "
        f"{other.extra:+.1f} points ({', '.join(parts) or 'sans différence'})"
    )


def _scenario(other: Comparison) -> str:
    result: Result = other.result
    return (
        f"{other.name} : {other.planned:+d} visites, {other.km:+z.0f} km, {other.hours:+z.1f} h, "
        f"retards {other.lateness:+z.0f}, objectif {other.objective:+z.0f} "
        f"(écart à la borne {result.gap_pct:.0f} %)"
    )
