"""Visits shared out again: never worse than sequencing, skills and people kept, swaps undone."""

from __future__ import annotations

from datetime import date

import pytest

from optimisers.model import Place
from optimisers.tours.reassign import TeamDay, compare_team_day
from optimisers.tours.replay import DrivenDay, DrivenStop

DAY = date(2025, 11, 17)
WEST, EAST = Place(45.90, 6.05), Place(45.90, 6.35)


def _stops(first: int, *places: Place) -> tuple[DrivenStop, ...]:
    return tuple(DrivenStop(first + n, place, 60) for n, place in enumerate(places))


def _near(place: Place, step: int) -> Place:
    return Place(place.latitude + 0.01 * step, place.longitude)


def _crossed(**options) -> TeamDay:
    """Each of two technicians drove to the other's side for all visits but one."""
    west = DrivenDay(1, DAY, WEST, _stops(10, *(_near(EAST, n) for n in range(1, 4)), _near(WEST, 1)))
    east = DrivenDay(2, DAY, EAST, _stops(20, *(_near(WEST, n) for n in range(2, 5)), _near(EAST, 4)))
    return TeamDay(DAY, (west, east), **options)


def test_crossed_tours_are_uncrossed():
    compared = compare_team_day(_crossed())
    assert compared.technician_days == 2
    assert compared.visits == 8
    assert compared.assigned_km < 0.4 * compared.sequenced_km <= 0.4 * compared.driven_km


def test_skills_hold_the_crossing_in_place():
    needed = {stop: {"HT": 1} for stop in (10, 11, 12)}
    compared = compare_team_day(_crossed(held={1: {"HT": 1}}, needed=needed))
    free = compare_team_day(_crossed())
    assert free.assigned_km < compared.assigned_km <= compared.sequenced_km


def test_one_tour_alone_has_nobody_to_share_with():
    team = _crossed()
    with pytest.raises(ValueError, match="expected two at least"):
        compare_team_day(TeamDay(DAY, team.driven[:1]))
