"""Faults of technicians and places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Set

from optimisers.model.faults import Fault
from optimisers.model.people import MIDNIGHT_MIN, Absence, Technician
from optimisers.model.rules import Rules
from optimisers.model.visits import Place

WEEK_HOURS = 7 * 24


def faults_of_place(subject: str, place: Place) -> Iterator[Fault]:
    """Coordinates outside the world, or none."""
    if not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        shown = f"latitude {place.latitude}, longitude {place.longitude}"
        expected = "latitude in [-90, 90], longitude in [-180, 180]"
        yield Fault(subject, shown, expected, "correct the coordinates")


# More is a slip, and sums of a year's stock would no longer fit whole numbers of 64 bits.
MOST_PARTS = 1_000_000


def faults_of_names(
    subject: str,
    skills: Mapping[str, int],
    tools: Collection[str],
    parts: Mapping[str, int],
    known_skills: Set[str] | None,
) -> Iterator[Fault]:
    """Skills with levels from 1 on, tools and parts with names, quantities that a van can hold."""
    for skill, level in skills.items():
        if level < 1:
            yield Fault(subject, f"{skill} at level {level}", "at least 1", "correct the level or drop it")
        if known_skills is not None and skill.strip() and skill not in known_skills:
            remedy = "correct the skill or declare it"
            yield Fault(subject, f"skill {skill!r}", f"one of {', '.join(sorted(known_skills))}", remedy)
    for kind, names in (("skill", skills), ("tool", tools), ("part", parts)):
        if any(not name.strip() for name in names):
            yield Fault(subject, f"a {kind} without name", "a name", f"name the {kind} or drop it")
    for part, quantity in parts.items():
        if not 0 <= quantity <= MOST_PARTS:
            expected = f"from 0 to {MOST_PARTS}"
            yield Fault(subject, f"{quantity} {part}", expected, "correct the quantity")


def faults_of_technician(
    technician: Technician, rules: Rules, known_skills: Set[str] | None
) -> Iterator[Fault]:
    """One technician: places, names, hours of contract and worked, absences."""
    subject = f"technician {technician.technician_id}"
    yield from faults_of_place(subject, technician.home)
    if technician.end is not None:
        yield from faults_of_place(subject, technician.end)
        if technician.open_end:
            yield Fault(subject, "an end and an open end", "one of the two", "drop the place or open_end")
    yield from faults_of_names(subject, technician.skills, technician.tools, technician.stock, known_skills)
    if not 0 < technician.hours_per_day <= 24:
        shown = f"{technician.hours_per_day} h a day"
        yield Fault(subject, shown, "more than 0, at most 24", "correct the hours")
    for hours in (technician.hours_done, *technician.hours_before):
        if not 0 <= hours <= WEEK_HOURS:
            yield Fault(subject, f"{hours} h worked in a week", "from 0 to 168", "correct the hours")
    for absence in technician.absences:
        yield from _absence(subject, absence, rules)


def _absence(subject: str, absence: Absence, rules: Rules) -> Iterator[Fault]:
    shown = f"absent {absence.day} {absence.from_min}–{absence.until_min} min"
    if not 0 <= absence.from_min < absence.until_min <= MIDNIGHT_MIN:
        yield Fault(subject, shown, "0 <= start < end <= 1440", "correct the absence")
    elif absence.from_min > rules.day_start_min and absence.until_min < rules.day_end_min:
        expected = f"from {rules.day_start_min} or before, or until {rules.day_end_min} or after"
        yield Fault(subject, shown, expected, "extend it to the beginning or the end of the working day")
