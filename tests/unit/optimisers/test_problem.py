"""A bad problem is refused before solving, with every fault at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from optimisers.model import (
    Absence,
    Appointment,
    Depot,
    Derogation,
    InvalidProblem,
    LawPack,
    Moment,
    Pin,
    Place,
    Problem,
    Rules,
    Slot,
    Stop,
    Technician,
    TravelMatrix,
    Visit,
    Weights,
    Window,
)
from optimisers.travel import DetourTravel, haversine_km

MONDAY = date(2025, 11, 17)
TUESDAY = MONDAY + timedelta(1)
HERE = Place(45.9, 6.1)
ANNE = Technician(1, "Anne", HERE)
BORIS = Technician(2, "Boris", HERE)
NOT_A_NUMBER = float("nan")


def _faults(flat, visits=(), technicians=(ANNE, BORIS), **options):
    with pytest.raises(InvalidProblem) as caught:
        flat(list(technicians), list(visits), 2, **options)
    faults = caught.value.faults
    assert all(fault.value and fault.expected and fault.remedy for fault in faults)
    assert all(str(fault) in str(caught.value) for fault in faults)
    return faults


def _visit(number: int = 1, **options) -> Visit:
    return replace(Visit(number, HERE, 60), **options)


def test_all_faults_are_listed_at_once(flat):
    visits = [
        _visit(1, place=Place(145.0, 6.1)),
        _visit(2, duration_min=-5),
        _visit(3, windows=(Window(600, 540), Window(480, 600))),
        _visit(4, appointment=Appointment(MONDAY, 700, 600)),
        _visit(5, pin=Pin(8)),
        _visit(5),
    ]
    faults = _faults(flat, visits, rules=Rules(lunch_min=400), weights=Weights(per_km=NOT_A_NUMBER))
    subjects = sorted(fault.subject for fault in faults)
    visits_at_fault = ["visit 1", "visit 2", "visit 3", "visit 4", "visit 5", "visit 5"]
    assert subjects == ["rules", *visits_at_fault, "weight per_km"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"place": Place(NOT_A_NUMBER, 6.1)}, "latitude nan"),
        ({"place": Place(45.9, 181)}, "longitude 181"),
        ({"duration_min": 0}, "duration 0"),
        ({"priority": -1.0}, "priority -1"),
        ({"priority": NOT_A_NUMBER}, "priority nan"),
        ({"windows": (Window(600, 600),)}, "open 600–600"),
        ({"windows": (Window(600, 1441),)}, "open 600–1441"),
        ({"skills": {" ": 1}}, "a skill without name"),
        ({"skills": {"VMC": 0}}, "VMC at level 0"),
        ({"tools": frozenset({""})}, "a tool without name"),
        ({"parts": {"": 1}}, "a part without name"),
        ({"parts": {"filtre": -1}}, "-1 filtre"),
        ({"crew": 0}, "a crew of 0"),
        ({"crew": 3}, "a crew of 3"),
        ({"after": frozenset({9})}, "after visit 9"),
        ({"after": frozenset({1})}, "after 1, which waits"),
        ({"published": (Slot(7, MONDAY, 600),)}, "published for technician 7"),
        ({"published": (Slot(1, MONDAY, -1),)}, "published at -1"),
        ({"pin": Pin(start_min=1500)}, "pinned at 1500"),
        ({"pin": Pin(day=TUESDAY + timedelta(1))}, "pinned to 2025-11-19"),
        ({"pin": Pin(start_min=1050)}, "pinned to 1050–1110"),
        ({"pin": Pin(1, MONDAY, 480), "windows": (Window(480, 600, TUESDAY),)}, "pinned to 480–540"),
        ({"pin": Pin(day=TUESDAY), "appointment": Appointment(MONDAY, 480, 600)}, "pinned to 2025-11-18"),
        ({"pin": Pin(start_min=601), "appointment": Appointment(MONDAY, 480, 600)}, "pinned at 601"),
        ({"frozen": True}, "frozen, with a pin that is not full"),
        ({"frozen": True, "pin": Pin(1, MONDAY)}, "frozen, with a pin that is not full"),
        ({"frozen": True, "pin": Pin(1, MONDAY, 500), "crew": 2}, "frozen with 1 of its crew"),
    ],
)
def test_a_visit_at_fault(flat, changes, found):
    faults = _faults(flat, [_visit(**changes)])
    assert len(faults) == 1
    assert faults[0].subject == "visit 1"
    assert found in faults[0].value


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"home": Place(91, 0)}, "latitude 91"),
        ({"end": Place(0, -190)}, "longitude -190"),
        ({"end": HERE, "open_end": True}, "an open end"),
        ({"hours_per_day": 0}, "0 h a day"),
        ({"hours_per_day": NOT_A_NUMBER}, "nan h a day"),
        ({"hours_done": -1}, "-1 h worked"),
        ({"hours_before": (30.0, 200.0)}, "200.0 h worked"),
        ({"skills": {"VMC": -1}}, "VMC at level -1"),
        ({"stock": {"filtre": -2}}, "-2 filtre"),
        ({"tools": frozenset({"  "})}, "a tool without name"),
        ({"absences": (Absence(MONDAY, 600, 700),)}, "absent 2025-11-17 600–700"),
        ({"absences": (Absence(MONDAY, 700, 700),)}, "absent 2025-11-17 700–700"),
    ],
)
def test_a_technician_at_fault(flat, changes, found):
    faults = _faults(flat, technicians=[replace(ANNE, **changes)])
    assert [fault.subject for fault in faults] == ["technician 1"]
    assert found in faults[0].value


def _derogation(**changes) -> Rules:
    return Rules(derogations=(replace(Derogation("max_day_min", 1, MONDAY, MONDAY, "accord"), **changes),))


@pytest.mark.parametrize(
    ("options", "subject"),
    [
        ({"rules": Rules(day_start_min=1080, day_end_min=480)}, "rules"),
        ({"rules": Rules(lunch_from_min=800)}, "rules"),
        ({"rules": Rules(law=LawPack(max_day_min=-1))}, "law max_day_min"),
        ({"rules": Rules(law=LawPack(average_weeks=0))}, "law average_weeks"),
        ({"rules": _derogation(limit="max_month_min")}, "derogation 1"),
        ({"rules": _derogation(authority=" ")}, "derogation 1"),
        ({"rules": _derogation(first_day=TUESDAY)}, "derogation 1"),
        ({"rules": _derogation(value=-1)}, "derogation 1"),
        ({"rules": _derogation(limit="sunday_off", value=2)}, "derogation 1"),
        ({"rules": _derogation(technician_id=5)}, "derogation 1"),
        ({"weights": Weights(unassigned=-1)}, "weight unassigned"),
        ({"depot": Depot(Place(0, 999))}, "depot"),
        ({"depot": Depot(HERE, -1)}, "depot"),
        ({"depot": Depot(HERE, 10, 600, 605)}, "depot"),
        ({"now": Moment(TUESDAY + timedelta(1), 0)}, "now"),
        ({"now": Moment(MONDAY, 1441)}, "now"),
    ],
)
def test_rules_and_settings_at_fault(flat, options, subject):
    assert [fault.subject for fault in _faults(flat, **options)] == [subject]


def test_two_pins_at_one_time(flat):
    visits = [_visit(1, pin=Pin(1, MONDAY, 540)), _visit(2, pin=Pin(1, MONDAY, 599))]
    faults = _faults(flat, visits)
    assert [fault.subject for fault in faults] == ["visit 2"]
    assert "visit 1 lasts until 600" in faults[0].value
    for other in (Pin(1, MONDAY, 600), Pin(2, MONDAY, 540), Pin(1, TUESDAY, 540), Pin(1, MONDAY)):
        flat([ANNE, BORIS], [visits[0], _visit(2, pin=other)], 2)


def test_a_pin_to_an_absent_technician(flat):
    away = replace(ANNE, absent_on=frozenset({MONDAY}))
    faults = _faults(flat, [_visit(1, pin=Pin(1, MONDAY))], [away, BORIS])
    assert "technician 1 on 2025-11-17" in faults[0].value
    flat([away, BORIS], [_visit(1, pin=Pin(1))], 2)


def test_circles_are_named_and_what_waits_for_them_is_not(flat):
    after = {1: {3}, 2: {1}, 3: {2}, 4: {3}, 5: {4}, 6: set()}
    visits = [_visit(n, after=frozenset(before)) for n, before in after.items()]
    assert [fault.subject for fault in _faults(flat, visits)] == ["visit 1", "visit 2", "visit 3"]


def test_skills_outside_the_declared_list(flat):
    visit = _visit(1, skills={"VMC": 1, "Chaudiere": 1})
    faults = _faults(flat, [visit], known_skills=frozenset({"VMC"}))
    assert [fault.value for fault in faults] == ["skill 'Chaudiere'"]
    # A skill that nobody holds is no fault: the visit is left out with that reason.
    flat([ANNE], [visit], 2)


def test_days_ids_and_matrices(flat):
    assert {f.subject for f in _faults(flat, technicians=[ANNE, ANNE])} == {"technician 1"}
    problem = flat([ANNE], [_visit()], 2)
    square = problem.travel.minutes
    skewed = square.copy()
    skewed[0, 0] = 1
    wrong = {
        "shape": square[:1],
        "dtype": square.astype(float),
        "negative": -square,
        "diagonal": skewed,
        "list": TravelMatrix(square, square).metres.reshape(-1),
    }
    for matrix in wrong.values():
        with pytest.raises(InvalidProblem) as caught:
            replace(problem, travel=TravelMatrix(square, matrix))
        assert [fault.subject for fault in caught.value.faults] == ["travel minutes"]
    with pytest.raises(InvalidProblem) as caught:
        Problem((), (), (), TravelMatrix(np.zeros((0, 0), int), np.zeros((0, 0), int)))
    assert {fault.subject for fault in caught.value.faults} == {"days", "technicians"}
    with pytest.raises(InvalidProblem, match="increasing"):
        replace(problem, days=(TUESDAY, MONDAY))


def test_what_cannot_be_had_but_may_be_asked_is_no_fault(flat):
    flat(
        [replace(ANNE, absences=(Absence(MONDAY, 0, 600),))],
        [
            _visit(1, pin=Pin(1, MONDAY, 480)),
            _visit(2, skills={"IRVE": 9}, windows=()),
            _visit(3, appointment=Appointment(TUESDAY + timedelta(9), 480, 540)),
            _visit(4, pin=Pin(day=MONDAY, start_min=900), appointment=Appointment(TUESDAY, 480, 540, True)),
        ],
        2,
    )


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


def test_kilometres_that_would_buy_a_pin_are_refused(problem_of):
    crew, visits = [Technician(1, "T1", Place(45.9, 6.1))], [Visit(1, Place(46.9, 6.1), 60)]
    with pytest.raises(InvalidProblem, match="points for the longest way there and back"):
        problem_of(crew, visits, weights=Weights(per_km=10_000))
