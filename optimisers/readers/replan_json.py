"""Re-plannings as JSON: a problem, the plan in force, a moment and what happened, with every fault named.

Two forms. A problem as `problem_json` reads it that has `now`, published slots and frozen visits is
re-planned as it is. Otherwise an object with the keys `problem` and `plan` (each given in place, or as the
path of a file beside this one), `now`, `events` and, if wanted, `max_changes`; docs/examples has both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Union

from pydantic import Field, create_model

from optimisers.model import Fault, InvalidProblem, Moment, Problem, TechnicianDay, Visit
from optimisers.readers.json_models import Strict, model_of, value_of
from optimisers.readers.problem_json import read_plan, read_problem, text_of, validated
from optimisers.replanning import (
    Cancelled,
    Event,
    Illness,
    Made,
    Missed,
    Overrun,
    UrgentVisit,
    apply,
)
from optimisers.travel import TravelProvider

KINDS: dict[str, type] = {
    "illness": Illness,
    "urgent": UrgentVisit,
    "cancelled": Cancelled,
    "overrun": Overrun,
    "made": Made,
    "missed": Missed,
}


@dataclass(frozen=True)
class ReplanInput:
    """What a file says. `plan` None: the problem is at its moment already, and takes no events."""

    problem: Problem
    now: Moment
    plan: tuple[TechnicianDay, ...] | None = None
    events: tuple[Event, ...] = ()
    max_changes: int | None = None

    def at_now(self, travel: TravelProvider | None = None) -> Problem:
        """The problem to re-plan. Raises InvalidProblem with every fault of the events."""
        if self.plan is None and not self.events:
            return self.problem
        if self.plan is None:
            remedy = "give problem, plan, now and events as in docs/examples/replan-events.json"
            shown = "events beside a problem that is at its moment already"
            raise InvalidProblem([Fault("events", shown, "a plan in force for them", remedy)])
        return apply(self.problem, self.plan, self.events, self.now, travel)


def read_replan(source: str | Path, travel: TravelProvider | None = None) -> ReplanInput:
    """The re-planning of a JSON text or file; `travel` gives the matrix when the problem has none.

    Raises InvalidProblem with every fault of form of all its parts, or of content of its problem;
    InvalidInput when a file cannot be read.
    """
    text = text_of(source)
    folder = source.parent if isinstance(source, Path) else Path()
    given = _object(text)
    if "problem" not in given and "plan" not in given:
        problem = read_problem(text, travel)
        if problem.now is None:
            expected, remedy = "the moment of the re-planning", "add 'now' and the published slots"
            raise InvalidProblem([Fault("$.now", "nothing", expected, remedy)])
        return ReplanInput(problem, problem.now)
    faults: list[Fault] = []
    frame = _read(lambda: validated(_frame(), text), "", faults)
    problem = _read(lambda: read_problem(_part(given, "problem", folder), travel), ".problem", faults)
    plan = _read(lambda: read_plan(_part(given, "plan", folder)), "", faults)
    if faults or frame is None or problem is None or plan is None:
        raise InvalidProblem(faults)
    now = Moment(frame.now.day, frame.now.minute)
    return ReplanInput(problem, now, plan, tuple(map(_event, frame.events)), frame.max_changes)


def read_calls(source: str | Path) -> tuple[Visit, ...]:
    """The visits of a JSON list (or of one object): urgent calls as a dispatcher notes them down.

    Raises InvalidProblem with every fault of form, InvalidInput when the file cannot be read.
    """
    text = text_of(source)
    if text.lstrip().startswith("{"):
        text = f"[{text}]"
    model = create_model("Calls", __base__=Strict, calls=(tuple[model_of(Visit), ...], ...))
    return value_of(validated(model, f'{{"calls": {text}}}').calls)


def with_events(
    read: ReplanInput, events: Sequence[Event], now: Moment | None = None, max_changes: int | None = None
) -> ReplanInput:
    """The same with more events, and another moment or limit where one is given."""
    problem = read.problem if now is None or read.plan is not None else replace(read.problem, now=now)
    limit = read.max_changes if max_changes is None else max_changes
    return replace(
        read, problem=problem, now=now or read.now, events=(*read.events, *events), max_changes=limit
    )


@cache
def _frame() -> type[Strict]:
    """Everything but problem and plan, which have readers of their own."""
    kinds = tuple(_kind(name, event) for name, event in KINDS.items())
    events = tuple[Annotated[Union[kinds], Field(discriminator="kind")], ...]  # noqa: UP007
    return create_model(
        "Replan",
        __base__=Strict,
        problem=(Any, ...),
        plan=(Any, ...),
        now=(model_of(Moment), ...),
        events=(events, ()),
        max_changes=(Annotated[int, Field(ge=0)] | None, None),
    )


def _kind(name: str, event: type) -> type[Strict]:
    return create_model(f"{event.__name__}Event", __base__=model_of(event), kind=(Literal[name], ...))


def _event(read: Any) -> Event:
    event = KINDS[read.kind]
    return event(**{item.name: value_of(getattr(read, item.name)) for item in fields(event)})


def _object(text: str) -> dict[str, Any]:
    """The top level, empty when the text is not a JSON object: its reader then says what is wrong."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return given if isinstance(given, dict) else {}


def _part(given: dict[str, Any], name: str, folder: Path) -> str | Path:
    """A part in place as text, or the path of the file that holds it."""
    part = given.get(name)
    if isinstance(part, str):
        return folder / part
    if name == "plan" and isinstance(part, list):
        part = {"plan": part}
    return json.dumps(part if part is not None else {})


def _read(reader: Callable[[], Any], prefix: str, faults: list[Fault]) -> Any:
    """What the reader gives, or None with its faults added, their paths below `prefix`."""
    try:
        return reader()
    except InvalidProblem as error:
        for fault in error.faults:
            below = fault.subject.startswith("$")
            faults.append(replace(fault, subject=f"${prefix}{fault.subject[1:]}") if below else fault)
        return None
