"""What planning tells people (summary, French) and Dagster (metadata)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from optimisers.explain.scenarios import hours_of
from optimisers.model import WAITS, Costs, Problem, Result, TechnicianDay, Unassigned
from optimisers.tours.replay import Reduction

STATUSES = {
    "optimal": "optimal",
    "feasible": "réalisable",
    "infeasible": "irréalisable",
}
# Beyond this many, the list of what is left out goes to the files only.
SHOWN_LEFT = 12


@dataclass(frozen=True)
class PlanReport:
    """A plan that the checker accepted. Costs are points (1 = 1 km), bound and gap as in `Result`.

    `plan_id` None: not in the warehouse. `waiting` counts visits that are not due yet and were not brought
    forward; `left` are the others, `hours` what technicians work, travel included and lunch not.
    """

    plan_id: str | None
    first_day: date
    status: str
    visits: int
    left: tuple[Unassigned, ...]
    waiting: int
    km: float
    hours: float
    objective: float
    lower_bound: float
    bound_method: str
    gap_pct: float
    costs: Costs
    runtime_s: float
    conflicts: tuple[str, ...] = ()
    interrupted: bool = False
    files: tuple[Path, ...] = field(default_factory=tuple)

    @property
    def unassigned(self) -> int:
        """Visits that should have been placed."""
        return len(self.left)

    def summary(self) -> str:
        """A few lines for a terminal."""
        costs = self.costs
        stopped = ", interrompu : meilleur plan trouvé jusque-là" if self.interrupted else ""
        lines = [
            f"Planning du {self.first_day:%d/%m/%Y}, {STATUSES[self.status]}{stopped} : "
            f"{self.visits} visites, {self.km:.0f} km, {self.hours:.1f} h de travail, "
            f"{self.unassigned} non planifiées, "
            f"{self.waiting} pas encore dues ({self.runtime_s:.1f} s)",
            f"Objectif {self.objective:.0f} = km {costs.km:.0f} + équilibre {costs.balance:.0f} + retards "
            f"{costs.lateness:.0f} + attente des urgences {costs.urgent_wait:.0f} "
            f"+ hors zone {costs.zone:.0f} + changements {costs.changes:.0f} "
            f"+ non planifiées {costs.unassigned:.0f}",
            f"Borne inférieure {self.lower_bound:z.0f} ({self.bound_method}), écart {self.gap_pct:.1f} %",
        ]
        lines += [f"Conflit : {conflict}" for conflict in self.conflicts]
        lines += [f"  visite {left.visit_id} : {_why(left)}" for left in self.left[:SHOWN_LEFT]]
        if len(self.left) > SHOWN_LEFT:
            lines.append(f"  … et {len(self.left) - SHOWN_LEFT} autres")
        lines += [f"  {path}" for path in self.files]
        return "\n".join(lines)

    def metadata(self) -> dict[str, str | int | float]:
        """Flat figures for Dagster."""
        return {
            "plan_id": self.plan_id or "aucun",
            "statut": self.status,
            "interrompu": int(self.interrupted),
            "conflits": " ; ".join(self.conflicts),
            "visites": self.visits,
            "non_planifiees": self.unassigned,
            "pas_encore_dues": self.waiting,
            "km": round(self.km, 1),
            "heures": round(self.hours, 1),
            "objectif": round(self.objective, 2),
            "borne_inf": round(self.lower_bound, 2),
            "ecart_pct": round(self.gap_pct, 2),
            "secondes": round(self.runtime_s, 2),
        }


def _why(left: Unassigned) -> str:
    if left.remedy is None:
        return left.reason
    return f"{left.reason} ; {left.remedy if left.proved else f'{left.remedy} (non prouvé)'}"


def plan_report(
    problem: Problem,
    result: Result,
    *,
    plan_id: str | None = None,
    first_day: date | None = None,
    rejected: Sequence[Unassigned] = (),
    files: tuple[Path, ...] = (),
) -> PlanReport:
    """The report of a result; `rejected` are visits whose data could not be used."""
    waiting = sum(left.code == WAITS for left in result.unassigned)
    return PlanReport(
        plan_id=plan_id,
        first_day=first_day or problem.days[0],
        status=result.status,
        visits=len({stop.visit_id for day in result.plan for stop in day.visits}),
        left=(*(left for left in result.unassigned if left.code != WAITS), *rejected),
        waiting=waiting,
        km=result.km,
        hours=hours_of(problem, result),
        objective=result.objective,
        lower_bound=result.lower_bound,
        bound_method=result.bound_method,
        gap_pct=result.gap_pct,
        costs=result.costs,
        runtime_s=result.runtime_s,
        conflicts=result.conflicts,
        interrupted=result.interrupted,
        files=files,
    )


def away_min(day: TechnicianDay, lunch_min: int) -> int:
    """Minutes from leaving to coming back without the lunch taken on the way."""
    return day.return_min - day.depart_min - (lunch_min if day.lunch_start_min is not None else 0)


@dataclass(frozen=True)
class DrivenReport:
    """Kilometres of the driven order against the best one, over the days that could be compared."""

    reduction: Reduction | None
    days_left_out: int

    def summary(self) -> str:
        """One line for a terminal."""
        if self.reduction is None:
            return "Aucune journée comparable : il faut des journées d’au moins deux visites pointées."
        found = self.reduction
        return (
            f"{found.days} journées : {found.driven_km:.0f} km dans l’ordre réel, "
            f"{found.optimised_km:.0f} km dans l’ordre optimisé, soit {found.mean_pct:.1f} % de moins "
            f"(IC 95 % apparié : {found.low_pct:.1f} à {found.high_pct:.1f} %), ordre de passage seul ; "
            f"{self.days_left_out} journées écartées"
        )

    def metadata(self) -> dict[str, str | int | float]:
        """Flat figures for Dagster."""
        figures: dict[str, str | int | float] = {"journees_ecartees": self.days_left_out}
        if self.reduction is not None:
            figures |= {
                "journees": self.reduction.days,
                "km_ordre_reel": round(self.reduction.driven_km, 1),
                "km_ordre_optimise": round(self.reduction.optimised_km, 1),
                "reduction_pct": round(self.reduction.mean_pct, 2),
                "reduction_pct_bas": round(self.reduction.low_pct, 2),
                "reduction_pct_haut": round(self.reduction.high_pct, 2),
            }
        return figures


@dataclass(frozen=True)
class PublicationReport:
    """Whether the newest proposal was published; `plan_id` None when there was none to publish."""

    plan_id: str | None
    published: bool

    def metadata(self) -> dict[str, str | bool]:
        """Flat figures for Dagster."""
        return {"plan_id": self.plan_id or "aucun", "publie": self.published}
