"""What planners return: timed days, unassigned visits with a reason, costs by term, a bound."""

from __future__ import annotations

from dataclasses import dataclass, fields
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
    """One visit in a day. Minutes after local midnight; travel is the leg that leads to it.

    `via_depot`: that leg passes the depot; `travel_m` and `travel_min` then sum both legs and the handling.
    """

    visit_id: int
    arrival_min: int
    start_min: int
    end_min: int
    travel_m: int
    travel_min: int
    via_depot: bool = False


@dataclass(frozen=True, slots=True)
class TechnicianDay:
    """A technician's day from home to its end. `lunch_start_min` None: lunch is outside the tour.

    A day that ends anywhere returns when its last visit ends: `return_m` and `return_travel_min` are 0.
    """

    technician_id: int
    day: date
    depart_min: int
    return_min: int
    lunch_start_min: int | None
    visits: tuple[PlannedVisit, ...]
    return_m: int
    return_travel_min: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One change of the problem. `kind`: heures, competence, outil, fenetre, rendez_vous, presence, epingle.

    `amount` is in minutes where minutes are meant (`heures`, `fenetre`), a level for `competence`.
    """

    kind: str
    technician_id: int | None = None
    day: date | None = None
    amount: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A visit left out. `code` is stable, `reason` and `remedy` are French sentences.

    `remedy` says the `relaxation` that would place the visit; `proved`: applying it was solved again and
    accepted by the checker. `smallest`: no smaller one exists among those that were looked for.
    """

    visit_id: int
    code: str
    reason: str
    remedy: str | None = None
    proved: bool = False
    relaxation: Relaxation | None = None
    smallest: bool = False


@dataclass(frozen=True, slots=True)
class Costs:
    """The objective by term, in points."""

    km: float = 0.0
    balance: float = 0.0
    lateness: float = 0.0
    urgent_wait: float = 0.0
    zone: float = 0.0
    changes: float = 0.0
    unassigned: float = 0.0

    @property
    def total(self) -> float:
        return sum(getattr(self, term.name) for term in fields(self))


@dataclass(frozen=True)
class Result:
    """Outcome of a solve. `lower_bound` holds for every lawful plan; `bound_method` says how it was found.

    `conflicts` names, in French, the pins and rules that cannot hold together when the status is
    'infeasible'. `interrupted`: the search was stopped from outside and this is its best plan so far.
    """

    status: Literal["optimal", "feasible", "infeasible"]
    objective: float
    lower_bound: float
    bound_method: str
    runtime_s: float
    plan: tuple[TechnicianDay, ...]
    unassigned: tuple[Unassigned, ...]
    costs: Costs
    conflicts: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def gap_pct(self) -> float:
        """100 × (objective − lower bound) / objective; 0 when the objective is 0."""
        return 100.0 * (self.objective - self.lower_bound) / self.objective if self.objective else 0.0

    @property
    def km(self) -> float:
        """Kilometres driven, homes included."""
        metres = sum(sum(v.travel_m for v in day.visits) + day.return_m for day in self.plan)
        return metres / 1000.0
