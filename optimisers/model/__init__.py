"""What planners and the checker both read: problems, plans and results. No solving here."""

from optimisers.model.faults import Fault, InvalidProblem
from optimisers.model.plan import WAITS, Costs, PlannedVisit, Result, Stop, TechnicianDay, Unassigned
from optimisers.model.problem import (
    Appointment,
    Place,
    Problem,
    Rules,
    Technician,
    TravelMatrix,
    Visit,
    Weights,
)

__all__ = [
    "WAITS",
    "Appointment",
    "Costs",
    "Fault",
    "InvalidProblem",
    "Place",
    "PlannedVisit",
    "Problem",
    "Result",
    "Rules",
    "Stop",
    "Technician",
    "TechnicianDay",
    "TravelMatrix",
    "Unassigned",
    "Visit",
    "Weights",
]
