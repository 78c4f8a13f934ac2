"""What the routing engine solves, as arrays: visits to put in order on shifts (a technician on a day).

Letters used for shapes: L locations, V visits, S shifts, D days, T technicians, K windows a visit and day at
most, U tools, P spare parts. Times are minutes after local midnight of the shift's day, costs are points.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

NOWHERE = -1
NO_LIMIT = np.inf


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of `length_min` free minutes in a row inside [from_min, until_min]; 0 length: no pause.

    It falls between two stops, before or after the driving, and is not work. A shift that is back by
    `until_min - length_min`, or leaves after `from_min + length_min`, needs none.
    """

    length_min: float = 0.0
    from_min: float = 0.0
    until_min: float = 0.0


@dataclass(frozen=True, eq=False)
class Instance:
    """Visits, shifts and what each choice costs.

    Objective to minimise: Σ legs `leg_cost` + Σ `minute_cost` × minutes between leaving and coming back
    (pause left out) + Σ planned `choice_cost[shift, visit]` + Σ left out `skip_cost[visit]`
    + `balance_per_hour2` × Σ over technicians (hours − `fair_share` × hours of all)².

    Rules: a visit is made at most once, begins inside one of its windows of that day (waiting is allowed and
    is work); a shift leaves its start after `earliest`, is back at its end by `latest`, works at most
    `max_work` minutes, pause left out, never longer than `max_stretch` minutes without the pause (a pause
    outside the tour is none); a technician works at most `max_week_min` minutes and `max_days` shifts.
    Tools are carried or fetched at the depot, after which all are at hand. Parts come from the shift's
    van; after the depot was passed they are unlimited. A passage costs the two legs and `depot_min`.
    """

    leg_cost: np.ndarray  # (L, L) points
    leg_min: np.ndarray  # (L, L) minutes
    visit_at: np.ndarray  # (V,) location
    service_min: np.ndarray  # (V,)
    windows: np.ndarray  # (V, D, K, 2) first and last beginning; first > last: no such window
    skip_cost: np.ndarray  # (V,); inf: must be planned
    choice_cost: np.ndarray  # (S, V); inf: forbidden (skill, absence, pin, promised day ...)
    shift_technician: np.ndarray  # (S,)
    shift_day: np.ndarray  # (S,) position among the days
    start_at: np.ndarray  # (S,) location
    end_at: np.ndarray  # (S,) location, NOWHERE for an open tour
    earliest: np.ndarray  # (S,)
    latest: np.ndarray  # (S,)
    max_work: np.ndarray  # (S,) minutes
    max_week_min: np.ndarray  # (T,) minutes
    max_days: np.ndarray  # (T,) shifts
    fair_share: np.ndarray  # (T,) part of all hours
    pause: Break = field(default_factory=Break)
    max_stretch: float = NO_LIMIT
    commute_counts: bool = True  # False: the legs from the start and to the end are no work
    minute_cost: float = 0.0
    balance_per_hour2: float = 0.0
    depot_at: int = NOWHERE
    depot_min: float = 0.0
    depot_from: float = 0.0  # the passage begins inside [depot_from, depot_until]
    depot_until: float = NO_LIMIT
    needs_tool: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.bool_))  # (V, U)
    has_tool: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.bool_))  # (S, U)
    needs_part: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))  # (V, P)
    has_part: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.int64))  # (T, P), used up

    @property
    def shape(self) -> tuple[int, int]:
        """(shifts, visits)."""
        return self.choice_cost.shape


@dataclass(frozen=True, slots=True)
class Orders:
    """Visits by shift in order, without those left out; `objective` as `Instance` defines it.

    `via_depot[shift]` is the position in the order before which the depot is passed (the number of visits:
    never useful), NOWHERE without a passage.
    """

    orders: tuple[tuple[int, ...], ...]
    via_depot: tuple[int, ...]
    objective: float
    iterations: int
