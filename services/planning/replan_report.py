"""What a re-planning tells people, in French: the curve, the point taken, whom to call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from optimisers.model import Problem, Slot
from optimisers.replanning import (
    Cancelled,
    Change,
    Event,
    Illness,
    Made,
    Missed,
    Overrun,
    Point,
    Replan,
    UrgentVisit,
)
from optimisers.wording import clock_label, day_label
from services.planning.report import PlanReport


@dataclass(frozen=True)
class ReplanReport:
    """A re-planning that the checker accepted; `plan` is the point recommended.

    `assumed` counts visits taken as made only because the plan in force says so; `happened` is in French.
    """

    problem: Problem
    replan: Replan
    plan: PlanReport
    happened: str
    assumed: int = 0

    def summary(self) -> str:
        """Lines for a terminal."""
        now = self.problem.now
        assert now is not None
        lines = [f"Replanification du {day_label(now.day)} à {clock_label(now.minute)} : {self.happened}"]
        if self.assumed:
            lines.append(f"Sans pointage, supposées faites comme prévu : {self.assumed}")
        lines.append(f"Changements imposés : {len(self.replan.forced)}, comptés à part des suivants")
        lines += [_curve_line(point, self.replan.recommended) for point in self.replan.curve]
        lines.append(self.plan.summary())
        lines += [f"  {line}" for line in change_lines(self.problem, self.replan)]
        return "\n".join(lines)


def _curve_line(point: Point, recommended: Point) -> str:
    mark = "  ← recommandé" if point is recommended else ""
    left = len(point.result.unassigned)
    return (
        f"  {point.changes:3d} au choix : {point.km:7.1f} km, objectif {point.objective:8.1f}, "
        f"{left} non planifiées{mark}"
    )


def change_lines(problem: Problem, replan: Replan) -> Iterator[str]:
    """A sentence for each visit whose client must be told, forced changes first, new hours last."""
    names = {t.technician_id: t.name for t in problem.technicians}
    forced = {change.visit_id for change in replan.forced}
    point = replan.recommended
    for change in sorted(point.changed, key=lambda c: (c.visit_id not in forced, c.visit_id)):
        why = "imposé" if change.visit_id in forced else "choisi"
        yield f"visite {change.visit_id} : {_moved(change, names)} ({why})"
    for shift in point.shifted:
        way = "plus tard" if shift.minutes > 0 else "plus tôt"
        yield f"visite {shift.visit_id} : {abs(shift.minutes)} min {way}, même technicien, même jour"


def _moved(change: Change, names: dict[int, str]) -> str:
    before = _slots(change.published, names)
    return f"{before} → {_slots(change.planned, names) if change.planned else 'non planifiée'}"


def _slots(slots: Sequence[Slot], names: dict[int, str]) -> str:
    who = " et ".join(names.get(slot.technician_id, str(slot.technician_id)) for slot in slots)
    return f"{who} {day_label(slots[0].day)} {clock_label(slots[0].start_min)}"


def happened(events: Sequence[Event], problem: Problem) -> str:
    """What happened, in one sentence. Facts and visits missed are counted, the others named."""
    names = {t.technician_id: t.name for t in problem.technicians}
    parts = [_told(event, names) for event in events if not isinstance(event, Made | Missed)]
    made = sum(isinstance(event, Made) for event in events)
    missed = sum(isinstance(event, Missed) for event in events)
    parts += [f"visites pointées : {made}"] if made else []
    parts += [f"non faites, à replacer : {missed}"] if missed else []
    return ", ".join(parts) or "rien de nouveau"


def _told(event: Event, names: dict[int, str]) -> str:
    match event:
        case Illness(technician_id=who, last_day=last):
            until = f" jusqu’au {day_label(last)}" if last else ""
            return f"absence : {names.get(who, who)}{until}"
        case UrgentVisit(visit=visit):
            return f"urgence {visit.visit_id}"
        case Cancelled(visit_id=number):
            return f"visite {number} annulée"
        case Overrun(visit_id=number, extra_min=extra):
            return f"visite {number} plus longue de {extra} min"
        case _:
            raise TypeError(f"no wording for {type(event).__name__}")
