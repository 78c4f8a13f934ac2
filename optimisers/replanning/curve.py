"""Kilometres and objective against the number of changed visits, and the point worth taking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from optimisers.model import Result
from optimisers.replanning.changes import Change, Shift

# Points (kilometres, with the default weights) that one more changed visit must bring in: a client to call
# and a technician to tell. Used where `Weights.moved` gives no price.
CHANGE_WORTH = 5.0


@dataclass(frozen=True)
class Point:
    """A lawful plan that changes `changes` visits by choice, beside the `forced` ones.

    `changed` lists both kinds; `shifted` the visits kept whose beginning moves by more than 30 minutes.
    `objective` is the plan's, with the problem's own weights.
    """

    changes: int
    forced: int
    km: float
    objective: float
    changed: tuple[Change, ...]
    shifted: tuple[Shift, ...]
    result: Result


@dataclass(frozen=True)
class Replan:
    """What re-planning offers. `curve` begins with `base`, which changes nothing that could be kept.

    Each further point has more changes and a lower objective. `forced` are the visits that the base itself
    had to change: they are in no count of changes. `interrupted`: stopped from outside, best points so far.
    """

    curve: tuple[Point, ...]
    recommended: Point
    base: Point
    forced: tuple[Change, ...]
    interrupted: bool = False

    def within(self, max_changes: int) -> Point:
        """The best point of at most so many changes by choice."""
        return [point for point in self.curve if point.changes <= max_changes][-1]


def curve_of(points: Iterable[Point], max_changes: int | None) -> tuple[Point, ...]:
    """The points that no other beats on both counts, by increasing changes, up to `max_changes`."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda p: (p.changes, p.objective)):
        allowed = max_changes is None or point.changes <= max_changes
        if allowed and (not kept or point.objective < kept[-1].objective - 1e-9):
            kept.append(point)
    return tuple(kept)


def recommended(curve: Sequence[Point], worth: float) -> Point:
    """The point of least objective + `worth` × changes; among equals the one with fewest changes.

    This is the knee in the planner's own scale: the last point that a line of slope −`worth` touches, up to
    which every change brings in more than `worth` points on average (weighted sum of two criteria: Ehrgott,
    *Multicriteria Optimization*, 2005, ch. 3). Unlike knees found from the shape of the curve alone, it does
    not move when the search finds one more point at the far end.
    """
    return min(curve, key=lambda point: (round(point.objective + worth * point.changes, 6), point.changes))
