"""An OSRM-compatible server: its `table` service for times and distances, its `route` service for lines.

Protocol: http://project-osrm.org/docs/v5.24.0/api/ (services *table* and *route*).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import InvalidInput, SourceUnavailable
from optimisers.model import Place
from services.travel.legs import Legs

ATTEMPTS = 3
# About a metre: more digits only make addresses longer.
DECIMALS = 5
_TOO_BIG = "TooBig"


class _Later(Exception):
    """The server may answer a moment later."""


@dataclass(frozen=True)
class Osrm:
    """`address` of the server (http://host:5000) and `profile` (driving, car…).

    `max_table` is the server's --max-table-size: OSRM refuses a table of more than max_table² cells, so
    larger ones are asked for in blocks. `timeout_s` holds for one answer; an attempt that fails is made
    again `ATTEMPTS` times in all, after `pause_s`, then twice that.
    """

    address: str
    profile: str = "driving"
    max_table: int = 100
    timeout_s: float = 20.0
    pause_s: float = 0.5

    @property
    def name(self) -> str:
        """Address and profile: two road networks never share a cache."""
        return f"osrm {self.address.rstrip('/')} {self.profile}"

    def legs(self, origins: Sequence[Place], destinations: Sequence[Place]) -> Legs:
        """Metres and seconds of each pair, NaN where the network has no way; asymmetric as roads are.

        Raises SourceUnavailable when the server does not answer, InvalidInput when it refuses the question.
        """
        found = Legs.unknown(len(origins), len(destinations))
        for top in range(0, len(origins), self.max_table):
            rows = origins[top : top + self.max_table]
            for left in range(0, len(destinations), self.max_table):
                columns = destinations[left : left + self.max_table]
                block = np.s_[top : top + len(rows), left : left + len(columns)]
                found.metres[block], found.seconds[block] = self._block(rows, columns)
        return found

    def shape(self, places: Sequence[Place]) -> list[tuple[float, float]]:
        """The road through `places` in order, as (longitude, latitude) points; raises like `legs`."""
        path = f"route/v1/{self.profile}/{_coordinates(places)}"
        answer = self._ask(path, {"overview": "full", "geometries": "geojson", "steps": "false"})
        try:
            return [(float(lon), float(lat)) for lon, lat in answer["routes"][0]["geometry"]["coordinates"]]
        except (KeyError, IndexError, TypeError, ValueError) as odd:
            raise self._odd(f"no route geometry in {str(answer)[:120]!r}") from odd

    def _block(self, rows: Sequence[Place], columns: Sequence[Place]) -> tuple[np.ndarray, np.ndarray]:
        # A place that is both is sent once: a square block then costs half the address.
        places = list(dict.fromkeys([*rows, *columns]))
        at = {place: number for number, place in enumerate(places)}
        answer = self._ask(
            f"table/v1/{self.profile}/{_coordinates(places)}",
            {
                "annotations": "duration,distance",
                "sources": ";".join(str(at[place]) for place in rows),
                "destinations": ";".join(str(at[place]) for place in columns),
            },
        )
        shape = (len(rows), len(columns))
        return self._array(answer, "distances", shape), self._array(answer, "durations", shape)

    def _array(self, answer: dict[str, Any], key: str, shape: tuple[int, int]) -> np.ndarray:
        try:
            values = np.array(answer[key], dtype=float)
        except (KeyError, TypeError, ValueError) as odd:
            raise self._odd(f"no table {key!r} of numbers") from odd
        if values.shape != shape:
            raise self._odd(f"a table {key!r} of {values.shape}, not {shape}")
        if (values < 0).any():
            raise self._odd(f"{np.nanmin(values)} in {key!r}")
        return values

    def _ask(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        from tenacity import (
            RetryError,
            Retrying,
            retry_if_exception_type,
            stop_after_attempt,
            wait_exponential,
        )

        retrying = Retrying(
            retry=retry_if_exception_type(_Later),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential(multiplier=self.pause_s),
        )
        try:
            return retrying(self._once, path, query)
        except RetryError as gave_up:
            cause = gave_up.last_attempt.exception()
            raise SourceUnavailable(
                f"travel times: {self.address} did not answer after {ATTEMPTS} attempts: {cause}",
                expected="an OSRM-compatible server",
                remedy="start the server or correct FIELDHOUSE_OSRM_URL; without that variable distances "
                "are estimated from the map",
            ) from cause

    def _once(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        import httpx

        try:
            response = httpx.get(
                f"{self.address.rstrip('/')}/{path}",
                params=query,
                timeout=self.timeout_s,
                follow_redirects=True,
            )
        except httpx.InvalidURL as wrong:
            raise self._refused(str(wrong)) from wrong
        except httpx.UnsupportedProtocol as wrong:
            raise self._refused(str(wrong)) from wrong
        except httpx.TransportError as failed:
            raise _Later(f"{type(failed).__name__} {failed}".strip()) from failed
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise _Later(f"HTTP {response.status_code}")
        try:
            answer = response.json()
        except ValueError as odd:
            raise self._odd(f"HTTP {response.status_code}, not JSON: {response.text[:80]!r}") from odd
        if not isinstance(answer, dict) or answer.get("code") != "Ok":
            code = answer.get("code") if isinstance(answer, dict) else None
            said = answer.get("message", "") if isinstance(answer, dict) else str(answer)[:80]
            raise self._refused(f"{code} (HTTP {response.status_code}) {said}".strip(), code)
        return answer

    def _refused(self, said: str, code: str | None = None) -> InvalidInput:
        remedy = f"check that {self.address} serves the profile {self.profile!r} for this region"
        if code == _TOO_BIG:
            remedy = f"set FIELDHOUSE_OSRM_MAX_TABLE below {self.max_table}, or raise --max-table-size"
        return InvalidInput(
            f"travel times: {self.address} refused the question: {said}", expected="code 'Ok'", remedy=remedy
        )

    def _odd(self, found: str) -> InvalidInput:
        return InvalidInput(
            f"travel times: {self.address} answered {found}.",
            expected="the JSON of OSRM's table or route service",
            remedy="correct FIELDHOUSE_OSRM_URL: another program may listen there",
        )


def _coordinates(places: Sequence[Place]) -> str:
    return ";".join(f"{place.longitude:.{DECIMALS}f},{place.latitude:.{DECIMALS}f}" for place in places)
