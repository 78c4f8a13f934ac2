"""A bad problem is refused before solving, with every fault at once."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from optimisers.model import Appointment, InvalidProblem, Place, Rules, Stop, Technician, Visit, Weights
from optimisers.travel import DetourTravel, haversine_km

MONDAY = date(2025, 11, 17)

CREW = [Technician(1, "A", Place(45.9, 6.1), frozenset())]


def test_all_faults_are_listed_with_value_expectation_and_remedy(problem_of):
    visits = [
        Visit(1, Place(145.0, 6.1), 60),
        Visit(2, Place(45.9, 6.1), -5),
        Visit(3, Place(45.9, 6.1), 60, open_from_min=600, open_until_min=540),
        Visit(4, Place(45.9, 6.1), 60, appointment=Appointment(MONDAY, 700, 600)),
        Visit(5, Place(45.9, 6.1), 60, technician_id=8),
        Visit(5, Place(45.9, 6.1), 60),
    ]
    with pytest.raises(InvalidProblem) as caught:
        problem_of(CREW, visits, rules=Rules(lunch_min=400), weights=Weights(per_km=float("nan")))
    faults = caught.value.faults
    subjects = {fault.subject for fault in faults}
    assert {"visit 1", "visit 2", "visit 3", "visit 4", "visit 5", "rules", "weight per_km"} <= subjects
    assert len(faults) == 8
    assert all(fault.value and fault.expected and fault.remedy for fault in faults)


@pytest.mark.parametrize("options", [{}, {"max_iterations": 0}, {"seconds": -1.0}])
def test_a_stop_needs_a_positive_limit(options):
    with pytest.raises(ValueError, match="Stop"):
        Stop(**options)


def test_travel_is_never_optimistic_and_free_at_one_address():
    places = [Place(45.899, 6.129), Place(45.899, 6.129), Place(45.87, 6.64)]
    matrix = DetourTravel().matrix(places)
    assert matrix.metres[0, 1] == 0
    assert matrix.minutes[0, 1] == 0
    # Annecy to Megève: 40 km as the crow flies, an hour by road.
    assert haversine_km(places)[0, 2] == pytest.approx(39.7, abs=0.5)
    assert 55 <= matrix.minutes[0, 2] <= 75
    assert np.array_equal(matrix.minutes, matrix.minutes.T)
