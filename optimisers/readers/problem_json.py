"""Planning problems and plans as JSON: read with every fault named by its path, written back, schema.

The format is that of the dataclasses of `optimisers.model`; docs/planning-problem.schema.json is its schema
and docs/examples holds problems to start from. What may be left out besides the fields with defaults:
`travel` (great circles then), `rules.law` (the French pack in force on the first day; a few figures may be
replaced) and `rules.holidays` (the French ones then).
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError, create_model
from pydantic_core import to_jsonable_python

from core.errors import InvalidInput
from optimisers.law import pack_on, public_holidays
from optimisers.model import (
    Fault,
    InvalidProblem,
    Problem,
    Result,
    Rules,
    TechnicianDay,
    TravelMatrix,
    places_of,
)
from optimisers.readers.json_models import Strict, model_of, value_of
from optimisers.travel import DetourTravel, TravelProvider

_SHOWN = 60


class Travel(Strict):
    """Square matrices, metres and whole minutes: homes, visits, the depot, then ends not at home."""

    metres: list[list[int]]
    minutes: list[list[int]]


def _problem_model() -> type[Strict]:
    return model_of(Problem, travel=(Travel | None, None))


def problem_schema() -> dict[str, Any]:
    """JSON Schema of a problem."""
    return _problem_model().model_json_schema()


def read_problem(source: str | Path, travel: TravelProvider | None = None) -> Problem:
    """The problem of a JSON text or file; `travel` gives the matrix when the problem has none.

    Raises InvalidProblem with every fault of form (JSON path, value, expectation, remedy) or, once the form
    is right, every fault of content; InvalidInput when the file cannot be read.
    """
    read = validated(_problem_model(), text_of(source))
    made = {name: value_of(value) for name, value in read if name not in ("rules", "travel")}
    faults: list[Fault] = []
    made["rules"] = _rules(read, faults)
    try:
        places = places_of(made["technicians"], made["visits"], made["depot"])
        made["travel"] = _matrices(read.travel) if read.travel else (travel or DetourTravel()).matrix(places)
    except (ValueError, OverflowError) as error:
        found = "a number too large" if isinstance(error, OverflowError) else "rows of unequal length"
        remedy = "correct the matrix or leave travel out"
        faults.append(Fault("$.travel", found, "square matrices of metres and minutes", remedy))
    if faults:
        raise InvalidProblem(faults)
    return Problem(**made)


def read_plan(source: str | Path) -> tuple[TechnicianDay, ...]:
    """The days of a plan: the list `plan` of what `write_plan` gives; its other keys are not read.

    Raises InvalidProblem with every fault of form, InvalidInput when the file cannot be read.
    """
    text = text_of(source)
    day = model_of(TechnicianDay)
    model = create_model("Plan", __base__=BaseModel, plan=(tuple[day, ...], ...))
    return value_of(validated(model, text).plan)


def write_problem(problem: Problem) -> dict[str, Any]:
    """The problem as JSON values, all of it: `read_problem` of it gives an equal one."""
    travel = {"metres": problem.travel.metres.tolist(), "minutes": problem.travel.minutes.tolist()}
    values = {name: getattr(problem, name) for name in Problem.__dataclass_fields__ if name != "travel"}
    return {**_json({name: _plain(value) for name, value in values.items()}), "travel": travel}


def write_plan(result: Result) -> dict[str, Any]:
    """A result as JSON values, with `km` and `gap_pct`; a number that is not finite becomes null."""
    return _json({**asdict(result), "km": result.km, "gap_pct": result.gap_pct})


def _rules(read: Any, faults: list[Fault]) -> Rules:
    """Rules with the law and the holidays of the days, where the text leaves them out."""
    days = read.days
    rules = value_of(read.rules)
    if not days:
        return rules
    given = getattr(read.rules, "model_fields_set", set())
    try:
        law = pack_on(days[0])
    except ValueError:
        expected = "2008-05-01 or later"
        faults.append(Fault("$.days[0]", str(days[0]), expected, "plan a later day"))
        return rules
    if "law" in given:
        law = replace(
            law, **{name: getattr(read.rules.law, name) for name in read.rules.law.model_fields_set}
        )
    holidays = rules.holidays if "holidays" in given else public_holidays(day.year for day in days)
    return replace(rules, law=law, holidays=holidays)


def _matrices(travel: Travel) -> TravelMatrix:
    return TravelMatrix(_square(travel.metres), _square(travel.minutes))


def _square(rows: Sequence[Sequence[int]]) -> np.ndarray:
    """Raises ValueError when rows differ in length; the size itself is the problem's to judge."""
    return np.array(rows, dtype=np.int64).reshape(len(rows), -1 if rows else 0)


def text_of(source: str | Path) -> str:
    """The text itself, or what the file holds; InvalidInput when it cannot be read."""
    if isinstance(source, str):
        return source
    try:
        return source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{source} cannot be read: {error}",
            expected="a JSON file in UTF-8",
            remedy="give another path; docs/examples has problems to start from",
        ) from error


def validated(model: type[BaseModel], text: str) -> Any:
    """The text as that model; InvalidProblem with every fault of form."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InvalidProblem([_fault(model, item) for item in error.errors()]) from error


def _fault(model: type[BaseModel], error: Mapping[str, Any]) -> Fault:
    path = "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"])
    shown = json.dumps(error["input"], ensure_ascii=False, default=str)
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        close = difflib.get_close_matches(name, _names_in(model), n=1)
        remedy = f"did you mean {close[0]!r}?" if close else "drop it or correct its name"
        return Fault(path, f"an unknown key with {shown}", "a key of the schema", remedy)
    if error["type"] == "missing":
        return Fault(path, "nothing", "a value", f"add {error['loc'][-1]!r}")
    if error["type"] == "json_invalid":
        return Fault("$", error["msg"], "JSON", "correct the text; docs/examples has problems to start from")
    expected = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Fault(path, shown, expected, "correct the value, see docs/planning-problem.schema.json")


def _names_in(model: type[BaseModel]) -> list[str]:
    """Every key that a problem or plan may have somewhere."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for part in parts for name in part.get("properties", {})})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") else value


def _json(value: Any) -> Any:
    """JSON values only: dates as text, sets as sorted lists, numbers that are not finite as null."""
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [_json(item) for item in sorted(value)]
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return to_jsonable_python(value)


if __name__ == "__main__":
    print(json.dumps(problem_schema(), indent=2, ensure_ascii=False))
