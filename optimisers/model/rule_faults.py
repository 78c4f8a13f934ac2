"""Faults of the rules of the day, the law's limits, derogations and weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Set
from dataclasses import fields
from typing import get_args

from optimisers.model.faults import Fault
from optimisers.model.people import MIDNIGHT_MIN
from optimisers.model.rules import Derogation, LawPack, Limit, Rules, Weights

LIMITS = get_args(Limit)
SWITCHES = ("sunday_off", "holidays_off")


def faults_of_rules(rules: Rules, technicians: Set[int]) -> Iterator[Fault]:
    """The company's day, lunch, the limits of the law and each derogation."""
    if not 0 <= rules.day_start_min < rules.day_end_min <= MIDNIGHT_MIN:
        shown = f"day {rules.day_start_min}–{rules.day_end_min} min"
        yield Fault("rules", shown, "0 <= start < end <= 1440", "correct the day")
    inside = rules.lunch_from_min >= 0 and rules.lunch_until_min <= MIDNIGHT_MIN
    if rules.lunch_min < 0 or not inside or rules.lunch_from_min + rules.lunch_min > rules.lunch_until_min:
        shown = f"{rules.lunch_min} min in {rules.lunch_from_min}–{rules.lunch_until_min} min"
        yield Fault("rules", shown, "a lunch that fits its window", "shorten lunch or widen its window")
    yield from _law(rules.law)
    for number, derogation in enumerate(rules.derogations, start=1):
        yield from _derogation(f"derogation {number}", derogation, technicians)


def faults_of_weights(weights: Weights) -> Iterator[Fault]:
    """Every weight is a finite number of points, never negative."""
    for weight in fields(weights):
        value = getattr(weights, weight.name)
        if not math.isfinite(value) or value < 0:
            yield Fault(f"weight {weight.name}", str(value), "a finite number >= 0", "correct the weight")


def _law(law: LawPack) -> Iterator[Fault]:
    for item in fields(law):
        value = getattr(law, item.name)
        least = 1 if item.name == "average_weeks" else 0
        if isinstance(value, int) and value < least:
            yield Fault(f"law {item.name}", str(value), f"at least {least}", "take a pack of optimisers.law")


def _derogation(subject: str, derogation: Derogation, technicians: Set[int]) -> Iterator[Fault]:
    if derogation.limit not in LIMITS:
        yield Fault(subject, f"limit {derogation.limit!r}", f"one of {', '.join(LIMITS)}", "name the limit")
    if not derogation.authority.strip():
        yield Fault(subject, "no authority", "who allowed it", "name the agreement or the decision")
    if derogation.first_day > derogation.last_day:
        shown = f"{derogation.first_day}–{derogation.last_day}"
        yield Fault(subject, shown, "first day <= last day", "correct the days")
    most = 1 if derogation.limit in SWITCHES else math.inf
    if not 0 <= derogation.value <= most:
        expected = "0 (worked) or 1 (off)" if derogation.limit in SWITCHES else "at least 0"
        yield Fault(subject, f"value {derogation.value}", expected, "correct the value")
    if derogation.technician_id is not None and derogation.technician_id not in technicians:
        shown = f"for technician {derogation.technician_id}"
        yield Fault(subject, shown, "a technician of the problem", "correct the technician or drop it")
