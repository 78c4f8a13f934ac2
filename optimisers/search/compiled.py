"""A problem turned into plain lists for the solvers: who may do what and when, and what each choice costs.

Solver side only. The checker reads the problem itself and shares nothing with this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from optimisers.model import Problem, Technician, Visit

FORBIDDEN = float("inf")


@dataclass(frozen=True, slots=True)
class Shift:
    """One technician on one day, by position in the problem. `max_work_min` excludes lunch."""

    technician: int
    day: int
    max_work_min: int


class CompiledProblem:
    """Lists indexed by position (technician, day, visit) and by matrix position (homes, then visits)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.rules = problem.rules
        self.weights = problem.weights
        self.metres: list[list[int]] = problem.travel.metres.tolist()
        self.minutes: list[list[int]] = problem.travel.minutes.tolist()
        self.first_visit = len(problem.technicians)
        self.service = [visit.duration_min for visit in problem.visits]
        windows = [start_window(visit) for visit in problem.visits]
        self.earliest = [window[0] for window in windows]
        self.latest = [window[1] for window in windows]
        self.shifts = [
            Shift(number, day_number, int(technician.hours_per_day * 60))
            for number, technician in enumerate(problem.technicians)
            for day_number, day in enumerate(problem.days)
            if day not in technician.absent_on
        ]
        self.skip_cost = [skip_cost(problem, visit) for visit in problem.visits]
        self.choice_cost = [
            [self._choice_cost(shift, visit) for visit in problem.visits] for shift in self.shifts
        ]

    def _choice_cost(self, shift: Shift, visit: Visit) -> float:
        technician, day = self.problem.technicians[shift.technician], self.problem.days[shift.day]
        if not may_do(technician, visit, day) or self.latest[self.problem.visit_number[visit.visit_id]] < 0:
            return FORBIDDEN
        return day_cost(self.problem, visit, day) + zone_cost(self.problem, visit, technician)


def start_window(visit: Visit) -> tuple[int, int]:
    """Earliest and latest beginning, minutes; latest is −1 when the visit fits in no opening."""
    if visit.appointment is not None:
        return visit.appointment.start_min, visit.appointment.end_min
    latest = visit.open_until_min - visit.duration_min
    return visit.open_from_min, latest if latest >= visit.open_from_min else -1


def may_do(technician: Technician, visit: Visit, day: date) -> bool:
    """Skill, reservation, absence and promised day; not the time of day."""
    return (
        (visit.skill is None or visit.skill in technician.skills)
        and (visit.technician_id is None or visit.technician_id == technician.technician_id)
        and day not in technician.absent_on
        and (visit.appointment is None or visit.appointment.day == day)
    )


def day_cost(problem: Problem, visit: Visit, day: date) -> float:
    """Lateness and urgent wait of doing the visit that day, points."""
    weights = problem.weights
    points = 0.0
    if visit.due is not None and day > visit.due:
        factor = weights.urgent_factor if visit.urgent else 1.0
        points += weights.lateness_per_day * factor * (day - visit.due).days
    if visit.urgent:
        points += weights.urgent_wait_per_day * (day - problem.days[0]).days
    return points


def zone_cost(problem: Problem, visit: Visit, technician: Technician) -> float:
    """Points for leaving the technician's zone; none when either has no zone."""
    known = visit.zone is not None and technician.preferred_zone is not None
    return problem.weights.outside_zone if known and visit.zone != technician.preferred_zone else 0.0


def skip_cost(problem: Problem, visit: Visit) -> float:
    """Points for leaving the visit out of the horizon."""
    weights = problem.weights
    if problem.can_wait(visit):
        return weights.unassigned_waiting
    points = weights.unassigned
    if visit.urgent:
        points += weights.unassigned_urgent
    if visit.appointment is not None:
        points += weights.unassigned_appointment
    return points + day_cost(problem, visit, problem.days[-1] + timedelta(days=weights.unassigned_delay_days))
