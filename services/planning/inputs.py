"""What a plan rests on, in a form that is always written the same way, so that it can be hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass

import numpy as np

from optimisers.model import Problem, Stop


def inputs_of(problem: Problem, stop: Stop) -> dict[str, object]:
    """The whole problem, travel matrix included, and the limits of the search, ready to be hashed."""
    return {"problem": canonical(problem), "stop": canonical(stop)}


def canonical(value: object) -> object:
    """JSON-like and the same for equal values, whatever the order in which sets and mappings were filled.

    Arrays become the SHA-256 of their shape and content.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: canonical(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, np.ndarray):
        whole = np.ascontiguousarray(value, dtype=np.int64)
        return hashlib.sha256(str(whole.shape).encode() + whole.tobytes()).hexdigest()
    if isinstance(value, Mapping):
        return {
            str(key): canonical(item) for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))
        }
    if isinstance(value, Set):
        return sorted((canonical(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return value
