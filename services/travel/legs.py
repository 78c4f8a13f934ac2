"""Legs between places as a service gives them, before parking, rounding and estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimisers.model import Place


@dataclass(frozen=True, eq=False)
class Legs:
    """`metres` and `seconds`, float arrays (origins × destinations); NaN where no road leads there."""

    metres: np.ndarray
    seconds: np.ndarray

    @classmethod
    def unknown(cls, origins: int, destinations: int) -> Legs:
        """Legs of which nothing is known yet."""
        return cls(np.full((origins, destinations), np.nan), np.full((origins, destinations), np.nan))


class LegSource(Protocol):
    """Whatever knows the legs between places. `name` tells sources apart in a shared cache."""

    @property
    def name(self) -> str: ...

    def legs(self, origins: Sequence[Place], destinations: Sequence[Place]) -> Legs:
        """Every leg from an origin to a destination; raises SourceUnavailable when nobody answers."""
        ...
