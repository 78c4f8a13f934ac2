"""A week made again while it is under way: few changes, and what each of them buys."""

from optimisers.replanning.apply import apply
from optimisers.replanning.changes import Change, Shift, changes_of, shifts_of
from optimisers.replanning.events import Cancelled, Event, Illness, Made, Missed, Overrun, UrgentVisit

__all__ = [
    "Cancelled",
    "Change",
    "Event",
    "Illness",
    "Made",
    "Missed",
    "Overrun",
    "Shift",
    "UrgentVisit",
    "apply",
    "changes_of",
    "shifts_of",
]
