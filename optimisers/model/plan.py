"""What planners return: timed days, unassigned visits with a reason, costs by term, a bound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

# Code of an unassigned visit that is not due yet: nothing went wrong.
WAITS = "attente"


@dataclass(frozen=True, slots=True)
class Stop:
    """When to stop searching. Iterations give the same plan for the same seed anywhere; seconds do not."""

    max_iterations: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.max_iterations is None and self.seconds is None:
            raise ValueError("Stop has neither max_iterations nor seconds: give at least one of them")
        for name, value in (("max_iterations", self.max_iterations), ("seconds", self.seconds)):
            if value is not None and value <= 0:
                raise ValueError(f"Stop.{name} is {value}, expected more than 0: give a positive limit")


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit in a day. Minutes after local midnight; travel is the leg that leads to it."""

    visit_id: int
    arrival_min: int
    start_min: int
    end_min: int
    travel_m: int
    travel_min: int


@dataclass(frozen=True, slots=True)
class TechnicianDay:
    """A technician's day from home to home. `lunch_start_min` None: lunch is outside the tour."""

    technician_id: int
    day: date
    depart_min: int
    return_min: int
    lunch_start_min: int | None
    visits: tuple[PlannedVisit, ...]
    return_m: int
    return_travel_min: int


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A visit left out. `code` is stable, `reason` and `remedy` are French sentences.

    `remedy` is a smallest change found that would place the visit; `proved` says that applying it was
    checked.
    """

    visit_id: int
    code: str
    reason: str
    remedy: str | None = None
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """The objective by term, in points."""

    km: float = 0.0
    balance: float = 0.0
    lateness: float = 0.0
    urgent_wait: float = 0.0
    zone: float = 0.0
    unassigned: float = 0.0

    @property
    def total(self) -> float:
        return self.km + self.balance + self.lateness + self.urgent_wait + self.zone + self.unassigned


@dataclass(frozen=True)
class Result:
    """Outcome of a solve. `lower_bound` holds for every lawful plan; `bound_method` says how it was found."""

    status: Literal["optimal", "feasible", "infeasible"]
    objective: float
    lower_bound: float
    bound_method: str
    runtime_s: float
    plan: tuple[TechnicianDay, ...]
    unassigned: tuple[Unassigned, ...]
    costs: Costs

    @property
    def gap_pct(self) -> float:
        """100 × (objective − lower bound) / objective; 0 when the objective is 0."""
        return 100.0 * (self.objective - self.lower_bound) / self.objective if self.objective else 0.0

    @property
    def km(self) -> float:
        """Kilometres driven, homes included."""
        metres = sum(sum(v.travel_m for v in day.visits) + day.return_m for day in self.plan)
        return metres / 1000.0
