"""What the checker says: violations by kind, and the cost recomputed."""

from __future__ import annotations

from dataclasses import dataclass

from optimisers.model import Costs


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `kind` is stable, `subject` names visit or day, `detail` says found and expected."""

    kind: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Report:
    """Violations found, and the cost recomputed from the problem alone. `km` is driven by all."""

    violations: tuple[Violation, ...]
    costs: Costs
    km: float

    @property
    def lawful(self) -> bool:
        return not self.violations
