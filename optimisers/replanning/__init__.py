"""A week made again while it is under way: few changes, and what each of them buys."""

from optimisers.replanning.apply import apply
from optimisers.replanning.changes import Change, Shift, changes_of, shifts_of
from optimisers.replanning.curve import CHANGE_WORTH, Point, Replan
from optimisers.replanning.events import Cancelled, Event, Illness, Made, Missed, Overrun, UrgentVisit
from optimisers.replanning.replan import replan

__all__ = [
    "CHANGE_WORTH",
    "Cancelled",
    "Change",
    "Event",
    "Illness",
    "Made",
    "Missed",
    "Overrun",
    "Point",
    "Replan",
    "Shift",
    "UrgentVisit",
    "apply",
    "changes_of",
    "replan",
    "shifts_of",
]
