"""What is wrong with a problem: each fault gives the value, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input. `subject` names the object, e.g. 'visit 12'."""

    subject: str
    value: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.subject}: found {self.value}, expected {self.expected}; {self.remedy}"


class InvalidProblem(ValueError):
    """The problem cannot be planned as written. `faults` lists everything found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"- {fault}" for fault in self.faults)
        super().__init__(f"{len(self.faults)} fault(s) in the problem:\n{lines}")
