"""A benchmark's columns (`schema.json`), and a binary target in whatever form it is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from core.errors import InvalidInput
from ml.columns import as_days, as_number, clean_text

POSITIVE_WORDS = ("1", "1.0", "true", "t", "yes", "y", "oui", "o", "vrai", "positive", "churn", "churned")


@dataclass(frozen=True)
class BenchSchema:
    """What `schema.json` announces; a column that nobody announces is a feature."""

    task: str
    target: str
    positive: str | None = None
    time: str | None = None
    group: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    metric: tuple[str, ...] = ()


def _words(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def read_schema(path: Path) -> BenchSchema:
    """Read and check `schema.json`. Raises InvalidInput when task or target is missing."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    lacking = [k for k in ("task", "target") if not raw.get(k)]
    if lacking:
        raise InvalidInput(
            f"{path} lacks {lacking}; it has {sorted(raw)}",
            expected="keys `task` (binary, regression, multiclass) and `target`",
            remedy="complete the file as bench/FORMATS.md describes",
        )
    positive = raw.get("positive")
    return BenchSchema(
        task=raw["task"],
        target=raw["target"],
        positive=None if positive is None else str(positive),
        time=raw.get("time") or None,
        group=_words(raw.get("group")),
        text=_words(raw.get("text")),
        ignore=_words(raw.get("ignore")),
        metric=_words(raw.get("metric")),
    )


def binary_target(values: pd.Series, positive: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Read a yes/no column.

    Args:
        values: raw target. positive: spelling of the positive class, or None to recognise 1, True, Yes, Oui…

    Returns:
        (y, known): 0/1 and whether the label is filled, both of shape (n,).

    Raises:
        InvalidInput: not exactly two values, or no way to tell which one is positive.
    """
    text = clean_text(values).map(_plain, na_action="ignore")
    known = text.notna().to_numpy()
    found = sorted(text[known].unique())
    wanted = None if positive is None else _plain(positive.strip())
    if wanted is None:
        candidates = [v for v in found if v in POSITIVE_WORDS]
        wanted = candidates[0] if len(candidates) == 1 else None
    if len(found) != 2 or wanted not in found:
        raise InvalidInput(
            f"target {values.name!r} holds {found[:6]}, positive class {positive!r}",
            expected="exactly two values, one of them the positive class",
            remedy="name the positive class in `positive` of schema.json",
        )
    return (text == wanted).to_numpy().astype(int), known


def _plain(text: str) -> str:
    """Same spelling for 1, 1.0 and TRUE, true."""
    low = text.lower()
    try:
        return f"{float(low):g}"
    except ValueError:
        return low


def time_values(values: pd.Series) -> np.ndarray:
    """Sortable numbers of a time column: numbers as they are, dates as days, other text by sorted rank."""
    for reading in (as_number, as_days):
        number = reading(values)
        if number.notna().all():
            return number.to_numpy()
    text = clean_text(values).fillna("")
    return pd.Series(pd.factorize(text, sort=True)[0]).to_numpy(dtype="float64")
