"""What planners and the checker both read: problems, plans and results. No solving here."""

from optimisers.model.faults import Fault, InvalidProblem
from optimisers.model.people import MIDNIGHT_MIN, Absence, Technician
from optimisers.model.plan import (
    WAITS,
    Costs,
    PlannedVisit,
    Relaxation,
    Result,
    Stop,
    TechnicianDay,
    Unassigned,
)
from optimisers.model.problem import Depot, Moment, Problem, TravelMatrix, places_of
from optimisers.model.rules import Derogation, LawPack, Rules, Weights
from optimisers.model.visits import DAYTIME, Appointment, Pin, Place, Slot, Visit, Window

__all__ = [
    "DAYTIME",
    "MIDNIGHT_MIN",
    "WAITS",
    "Absence",
    "Appointment",
    "Costs",
    "Depot",
    "Derogation",
    "Fault",
    "InvalidProblem",
    "LawPack",
    "Moment",
    "Pin",
    "Place",
    "PlannedVisit",
    "Problem",
    "Relaxation",
    "Result",
    "Rules",
    "Slot",
    "Stop",
    "Technician",
    "TechnicianDay",
    "TravelMatrix",
    "Unassigned",
    "Visit",
    "Weights",
    "Window",
    "places_of",
]
