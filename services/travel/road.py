"""Travel matrices on roads: a source of legs, with parking, whole minutes, and estimates where no road is."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import InvalidInput
from optimisers.model import Place, TravelMatrix
from optimisers.travel import DetourTravel
from services.travel.legs import LegSource

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RoadTravel:
    """A `TravelProvider` on any `LegSource`.

    Pairs that no road joins (an island, a point off the network) are estimated by `estimate` and counted
    in a warning; with `estimate` None they are refused. Minutes are rounded up, parking included, so that
    a plan is never optimistic; two visits at one address need no second parking.
    """

    source: LegSource
    parking_min: float = 3.0
    estimate: DetourTravel | None = field(default_factory=DetourTravel)

    def matrix(self, places: Sequence[Place]) -> TravelMatrix:
        """Square matrix over `places` in their order; raises InvalidInput for pairs without a road."""
        unique = list(dict.fromkeys(places))
        legs = self.source.legs(unique, unique)
        metres, minutes = legs.metres.copy(), legs.seconds / 60
        np.fill_diagonal(metres, 0.0)
        np.fill_diagonal(minutes, 0.0)
        minutes = np.where((metres > 0) | (minutes > 0), minutes + self.parking_min, 0.0)
        minutes[np.isnan(legs.seconds) & ~np.eye(len(unique), dtype=bool)] = np.nan
        self._fill(unique, metres, minutes)
        number = {place: n for n, place in enumerate(unique)}
        at = np.array([number[place] for place in places], dtype=int)
        square = np.ix_(at, at)
        return TravelMatrix(
            np.rint(metres[square]).astype(np.int64), np.ceil(minutes[square] - 1e-9).astype(np.int64)
        )

    def _fill(self, places: list[Place], metres: np.ndarray, minutes: np.ndarray) -> None:
        missing = np.isnan(metres) | np.isnan(minutes)
        count = int(missing.sum())
        if not count:
            return
        row, column = np.argwhere(missing)[0]
        example = f"{_shown(places[row])} → {_shown(places[column])}"
        if self.estimate is None:
            raise InvalidInput(
                f"No road joins {count} pairs of places, e.g. {example}.",
                expected="places on the road network of the travel server",
                remedy="correct the coordinates of these places, or let such pairs be estimated",
            )
        guess = self.estimate.matrix(places)
        metres[missing], minutes[missing] = guess.metres[missing], guess.minutes[missing]
        _log.warning("%d pairs of places without a road were estimated, e.g. %s", count, example)


def _shown(place: Place) -> str:
    return f"({place.latitude:.5f}, {place.longitude:.5f})"
