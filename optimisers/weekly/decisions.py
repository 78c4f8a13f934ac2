"""What is settled before the engine is asked: when crews meet, and how chains of visits share the horizon.

The engine plans visits one by one. A visit for several technicians, or one that must follow another, becomes
a visit that it can plan once a moment is decided: the meeting, or the cut between a visit and its follower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Decisions:
    """By position of the visit in the problem.

    `meetings`: (position of the day, minute) at which the whole crew begins. `spans`: the visit begins at or
    after the first moment and ends by the second, both being minutes since midnight of the first day of the
    horizon, days counted by position. `left_out` visits are not planned at all.
    """

    meetings: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


NO_DECISIONS = Decisions()
