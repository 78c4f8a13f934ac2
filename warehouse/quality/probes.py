"""The words of a suite: questions asked of the warehouse and what their answers should be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """``critical`` stops what depends on the data, ``warning`` is shown and lets it pass."""

    CRITICAL = "critical"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """One expectation.

    Attributes:
        kind: class name in ``great_expectations.expectations``.
        arguments: its arguments.
        words: what it says, in French, for people.
    """

    kind: str
    words: str
    arguments: dict[str, Any]
    severity: Severity = Severity.CRITICAL


@dataclass(frozen=True)
class Probe:
    """A query and the rules its answer has to meet; ``title`` in French."""

    name: str
    title: str
    rules: tuple[Rule, ...]
    query: str


def within(
    column: str,
    words: str,
    *,
    low: float | None = None,
    high: float | None = None,
    severity: Severity = Severity.CRITICAL,
) -> Rule:
    """Every value of ``column`` lies between ``low`` and ``high``. NULL, not enough to judge by, passes."""
    arguments = {"column": column, "min_value": low, "max_value": high}
    return Rule("ExpectColumnValuesToBeBetween", words, arguments, severity)


def columns_of_table(schema: str, table: str, expected: tuple[str, ...], *, exactly: bool = False) -> Probe:
    """Expected columns are there; with ``exactly`` others are reported as a warning."""

    def rule(words: str, exact: bool, severity: Severity) -> Rule:
        arguments = {"column_set": list(expected), "exact_match": exact}
        return Rule("ExpectTableColumnsToMatchSet", words, arguments, severity)

    rules = [rule(f"{table} a toutes les colonnes attendues", False, Severity.CRITICAL)]
    if exactly:
        rules.append(rule(f"{table} n'a pas de colonne inattendue", True, Severity.WARNING))
    query = f"select * from {schema}.{table} limit 1"
    return Probe(f"colonnes_{table}", f"Colonnes de {table}", tuple(rules), query)
