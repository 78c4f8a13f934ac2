"""Patience with sources: growing pauses, then a clear error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from core.errors import SourceUnavailable

ATTEMPTS = 4
FIRST_PAUSE_S = 1.0
Result = TypeVar("Result")


class SourceGone(Exception):
    """The source does not answer (any more); worth another attempt."""


def with_patience(
    call: Callable[[], Result],
    *,
    source: str,
    address: str,
    errors: tuple[type[BaseException], ...],
    attempts: int = ATTEMPTS,
    first_pause_s: float = FIRST_PAUSE_S,
) -> Result:
    """Call ``call`` again after pauses of 1, 2, 4… s while it raises one of ``errors``.

    Raises:
        SourceUnavailable: after the last attempt, naming the source and its address (without password).
    """
    from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

    retrying = Retrying(
        retry=retry_if_exception_type(errors),
        stop=stop_after_attempt(attempts),
        wait=wait_exponential(multiplier=first_pause_s),
    )
    try:
        return retrying(call)
    except RetryError as gave_up:
        cause = gave_up.last_attempt.exception()
        reason = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
        raise SourceUnavailable(
            f"source {source} at {address} did not answer after {attempts} attempts: {reason}",
            expected="a server that accepts connections",
            remedy=f"start {source} or correct its address, then run the load again: nothing was lost, "
            "the next run catches up",
        ) from cause
