"""Patience: how often a source is asked, and what is said when it never answers."""

from __future__ import annotations

import pytest

from core.errors import SourceUnavailable
from warehouse.sources.retry import SourceGone, with_patience


def _ask(answers: list) -> str:
    def call() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return with_patience(
        call, source="erp", address="hote", errors=(SourceGone,), attempts=3, first_pause_s=0.001
    )


def test_a_source_that_comes_back_is_read() -> None:
    assert _ask([SourceGone("x"), SourceGone("x"), "ici"]) == "ici"


def test_a_source_that_stays_away_is_named_with_the_last_reason() -> None:
    with pytest.raises(SourceUnavailable, match=r"erp at hote.*3 attempts: fermee") as caught:
        _ask([SourceGone("x"), SourceGone("x"), SourceGone("fermee\ndetail")])
    assert "catches up" in caught.value.remedy


def test_an_error_of_ours_is_not_retried() -> None:
    answers = [ValueError("bug"), "jamais"]
    with pytest.raises(ValueError, match="bug"):
        _ask(answers)
    assert answers == ["jamais"]
