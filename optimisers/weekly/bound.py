"""Lower bounds of a week: every lawful plan of the problem costs at least so much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from optimisers.model import TechnicianDay
from optimisers.weekly.compile import HOLD, Compiled
from optimisers.weekly.days import orders_of

METHODS = {
    "assignment": "relaxation en affectation",
    "ng-routes": "génération de colonnes (ng-routes)",
}


def lower_bound(
    compiled: Compiled,
    upper_bound: float,
    seconds: float | None = None,
    *,
    rounds: int | None = None,
    plan: Sequence[TechnicianDay] | None = None,
) -> tuple[float, str]:
    """Points that no lawful plan of the problem can beat, and the method in French.

    `compiled` is the problem without decisions, a relaxation of crews and sequences. `upper_bound`: points of
    a known plan, which the bound never exceeds; `plan`, if given, makes it grow faster. It grows until
    `seconds` or `rounds`, of which one is needed; only without `seconds` does it repeat itself exactly.
    """
    from optimisers.bounds.week import week_bound

    skip = compiled.instance.skip_cost
    priced = np.where(np.isfinite(skip) & (skip >= HOLD), skip - HOLD, skip)
    relaxed = replace(compiled.instance, skip_cost=priced)
    if not relaxed.commute_counts:
        # The bound counts commutes as work: nobody's day is then longer than the time he is there.
        relaxed = replace(relaxed, commute_counts=True, max_work=relaxed.latest - relaxed.earliest)
    rules = compiled.problem.rules
    if 0 < rules.lunch_min < rules.law.short_pause_min:
        # Days without lunch may be longer by it than shifts say.
        relaxed = replace(relaxed, max_work=relaxed.max_work + rules.lunch_min)
    if compiled.closed:
        # Hours of closed days are not in the instance: nothing is known about fairness.
        relaxed = replace(relaxed, balance_per_hour2=0.0)
    found = week_bound(
        relaxed,
        upper_bound=upper_bound - compiled.constant,
        orders=None if plan is None else orders_of(compiled, plan)[0],
        seconds=seconds,
        max_rounds=rounds,
    )
    return min(found.value + compiled.constant, upper_bound), METHODS.get(found.method, found.method)
