"""Pydantic models made from the planning dataclasses, so that the JSON format follows the model by itself.

Keys are the fields' names. Unknown keys and wrong types are refused; minutes may be written 510 or "08:30".
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


def _minutes(value: object) -> object:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    return int(match[1]) * 60 + int(match[2])


_MINUTE_SCHEMA = {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^\\d{1,2}:[0-5]\\d$"}]}
Minute = Annotated[int, BeforeValidator(_minutes), WithJsonSchema(_MINUTE_SCHEMA)]


# The dataclass of each model made here.
_SOURCES: dict[type[BaseModel], type] = {}


class Strict(BaseModel):
    """No unknown key, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@cache
def model_of(dataclass_type: type, **replaced: Any) -> type[Strict]:
    """The model of a dataclass and of those in it; `replaced` gives some fields another (type, default)."""
    hints = get_type_hints(dataclass_type)
    made: dict[str, Any] = {}
    for item in fields(dataclass_type):
        if item.default is not MISSING:
            default = item.default
        elif item.default_factory is not MISSING:
            default = Field(default_factory=item.default_factory)
        else:
            default = ...
        made[item.name] = replaced.get(item.name) or (_hint(hints[item.name], item.name), default)
    summary = (dataclass_type.__doc__ or "").strip()
    model = create_model(dataclass_type.__name__, __base__=Strict, __doc__=summary, **made)
    _SOURCES[model] = dataclass_type
    return model


def _hint(hint: Any, name: str) -> Any:
    """The type of a JSON value for a field's type."""
    if is_dataclass(hint):
        return model_of(hint)
    if hint is int and (name.endswith("_min") or name == "minute"):
        return Minute
    origin, arguments = get_origin(hint), get_args(hint)
    mapped = tuple(a if a is Ellipsis else _hint(a, name) for a in arguments)
    if origin in (Union, types.UnionType):
        return Union[mapped]  # noqa: UP007 - the members are known at run time only
    if origin is Mapping:
        return dict[mapped]
    if origin in (tuple, frozenset):
        return origin[mapped]
    return hint


def value_of(value: Any) -> Any:
    """The dataclasses behind validated models, also inside tuples."""
    if isinstance(value, tuple):
        return tuple(value_of(item) for item in value)
    source = _SOURCES.get(type(value))
    return value if source is None else source(**{name: value_of(item) for name, item in value})
