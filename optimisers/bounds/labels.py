"""Times of a partial tour as a label, and the steps that lengthen it.

A tour left at d, d ≤ late, is done at max(early, d + work): travel, waiting and service keep this form
(Savelsbergh 1992). `work` is kept at its true least, max(work, early − late), so that comparing the three
numbers one by one is a complete dominance test. Until the pause, `work` counts from the departure. If the
longest stretch binds, the three start afresh at the end q of the pause, and (first, before, depart) keep the
earliest q, the work before the pause and the latest departure; else `work` goes on and includes the pause.
"""

from __future__ import annotations

import numpy as np

from optimisers.bounds.shift_arrays import (
    EARLIEST,
    MAX_WORK,
    PAUSE,
    PAUSE_FROM,
    PAUSE_UNTIL,
    STRETCH,
)
from optimisers.kernels import compiled

# Flags of a label: the pause is to come, is behind, or is not needed since the tour leaves late.
TO_COME, BEHIND, NOT_NEEDED = 0, 1, 2
NO_PAUSE, AFTER_DRIVING, BEFORE_DRIVING = 0, 1, 2
# Columns of a label's numbers.
EARLY, WORK, LATE, FIRST, BEFORE, DEPART = range(6)
TIME_SLACK = 1e-7
INFINITE = np.inf


@compiled
def least_work(flag, early, work, late, first, before, depart, law, stretch):  # type: ignore[no-untyped-def]
    """Least minutes worked of a label, pause left out; infinite if the longest stretch forbids it."""
    if not stretch:
        return work - law[PAUSE] if flag == BEHIND else work
    longest, pause = law[STRETCH] + TIME_SLACK, law[PAUSE]
    if flag != BEHIND:
        return work if work <= longest else INFINITE
    low, high = max(first, early - longest), min(late, depart + pause + longest)
    if work > longest or before > longest or low > high + TIME_SLACK:
        return INFINITE
    # The work is the largest of four lines in q; the rising and the falling one cross at the best q.
    q = min(max((early + before - work + depart + pause) / 2, low), high)
    return max(early, q + work) - min(depart, q - pause - before) - pause


@compiled
def begin(early, work, late, opens, closes, service):  # type: ignore[no-untyped-def]
    """(early, work, late) once served in the window [opens, closes]; early is infinite when too late."""
    if early > closes + TIME_SLACK:
        return INFINITE, work, late
    late = min(late, closes - work)
    early = max(early, opens)
    return early + service, max(work, early - late) + service, late


@compiled
def rest(early, work, late, first, before, depart, law, stretch):  # type: ignore[no-untyped-def]
    """The six numbers once the pause is taken here; early is infinite when it is too late for it."""
    pause = law[PAUSE]
    early, work, late = begin(early, work, late, law[PAUSE_FROM], law[PAUSE_UNTIL] - pause, 0.0)
    if early == INFINITE:
        return early, work, late, first, before, depart
    early += pause
    if stretch:
        return early, 0.0, law[PAUSE_UNTIL], early, work, late
    return early, work + pause, late, first, before, depart


@compiled
def arrive(label, option, minutes, law, stretch):  # type: ignore[no-untyped-def]
    """The six numbers of a label (its first columns) after a drive; the pause before it, after it or not."""
    early, work, late = label[EARLY], label[WORK], label[LATE]
    first, before, depart = label[FIRST], label[BEFORE], label[DEPART]
    if option == BEFORE_DRIVING:
        early, work, late, first, before, depart = rest(
            early, work, late, first, before, depart, law, stretch
        )
    early += minutes
    work += minutes
    if option == AFTER_DRIVING:
        early, work, late, first, before, depart = rest(
            early, work, late, first, before, depart, law, stretch
        )
    return early, work, late, first, before, depart


@compiled
def options(flag, pause, allow_before, allow_after):  # type: ignore[no-untyped-def]
    """Bits 1 << option of what a drive from a label with this flag may be."""
    bits = 1 << NO_PAUSE
    if pause > 0 and flag != BEHIND:
        if allow_after:
            bits |= 1 << AFTER_DRIVING
        if allow_before:
            bits |= 1 << BEFORE_DRIVING
    return bits


@compiled
def back_by(flag, law, latest):  # type: ignore[no-untyped-def]
    """The time by which the tour must end: a tour whose pause is still to come ends before the last one."""
    if flag == TO_COME and law[PAUSE] > 0:
        return min(latest, law[PAUSE_UNTIL] - law[PAUSE])
    return latest


@compiled
def leave_from(flag, law):  # type: ignore[no-untyped-def]
    """Earliest departure under the flag of an empty tour."""
    if flag == NOT_NEEDED:
        return max(law[EARLIEST], law[PAUSE_FROM] + law[PAUSE])
    return law[EARLIEST]


@compiled
def within(work, law):  # type: ignore[no-untyped-def]
    """Whether the minutes worked are allowed."""
    return work <= law[MAX_WORK] + TIME_SLACK
