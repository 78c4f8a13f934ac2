"""Planted faults of visits and clock: a lawful plan is broken on purpose, that rule alone is named."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import optimisers.checker
from optimisers.checker import check
from optimisers.model import (
    Absence,
    Appointment,
    Depot,
    Pin,
    Place,
    Technician,
    Unassigned,
    Visit,
    Window,
)

MONDAY = date(2025, 11, 17)
TUESDAY = MONDAY + timedelta(1)
HERE = Place(45.9, 6.1)
ANNE = Technician(1, "Anne", HERE, {"VMC": 2, "IRVE": 1})
BORIS = Technician(2, "Boris", HERE, {"VMC": 1})


def _visit(number: int, minutes: int = 60, **options) -> Visit:
    return Visit(number, HERE, minutes, **options)


def _kinds(problem, plan, unassigned=()) -> set[str]:
    return {violation.kind for violation in check(problem, plan, unassigned).violations}


@pytest.fixture(scope="module")
def week(flat, flat_day):
    """Anne makes visits 1 to 3 on Monday, Boris 4 on Monday and 5 on Tuesday."""
    problem = flat([ANNE, BORIS], [_visit(n) for n in range(1, 6)], days=2)
    plan = (
        flat_day(problem, 1, MONDAY, {1: 500, 2: 600, 3: 840}, lunch=700),
        flat_day(problem, 2, MONDAY, {4: 500}),
        flat_day(problem, 2, TUESDAY, {5: 500}),
    )
    assert check(problem, plan, ()).violations == ()
    return problem, plan


def _day(plan, number, **changes):
    return (*plan[:number], replace(plan[number], **changes), *plan[number + 1 :])


def _stop(plan, number, position, **changes):
    stops = list(plan[number].visits)
    stops[position] = replace(stops[position], **changes)
    return _day(plan, number, visits=tuple(stops))


def _problem(problem, visit_id, **changes):
    visits = tuple(replace(v, **changes) if v.visit_id == visit_id else v for v in problem.visits)
    return replace(problem, visits=visits)


LEFT = Unassigned(4, "capacite", "plus de place")


def test_coverage(week, flat_day):
    problem, plan = week
    assert _kinds(problem, (plan[0], plan[2])) == {"visit_forgotten"}
    assert _kinds(problem, (plan[0], plan[2]), [LEFT]) == set()
    assert _kinds(problem, plan, [LEFT]) == {"visit_repeated"}
    assert _kinds(problem, (plan[0], plan[2]), [LEFT, LEFT]) == {"visit_repeated"}
    twice = flat_day(problem, 2, TUESDAY, {5: 500, 4: 600})
    assert _kinds(problem, (*plan[:2], twice)) == {"visit_repeated"}
    assert _kinds(problem, (plan[0], plan[2]), [replace(LEFT, reason=" ")]) == {"reason_missing"}
    assert "visit_unknown" in _kinds(problem, _stop(plan, 1, 0, visit_id=99))
    assert _kinds(problem, plan, [replace(LEFT, visit_id=99)]) == {"visit_unknown"}
    assert "technician_unknown" in _kinds(problem, _day(plan, 1, technician_id=9))
    assert "tour_repeated" in _kinds(problem, _day(plan, 2, day=MONDAY))
    assert _kinds(problem, _day(plan, 2, day=TUESDAY + timedelta(1))) == {"day_not_worked"}


def test_crews_meet_in_full_and_at_one_time(flat, flat_day):
    problem = flat([ANNE, BORIS], [_visit(1, crew=2)], days=2)
    both = tuple(flat_day(problem, who, MONDAY, {1: 600}) for who in (1, 2))
    assert _kinds(problem, both) == set()
    assert _kinds(problem, both[:1]) == {"crew_incomplete"}
    assert _kinds(problem, (both[0], flat_day(problem, 2, MONDAY, {1: 605}))) == {"crew_apart"}
    assert _kinds(problem, (both[0], flat_day(problem, 2, TUESDAY, {1: 600}))) == {"crew_apart"}
    alone = _problem(problem, 1, crew=1)
    assert _kinds(alone, both) == {"visit_repeated"}
    pinned = _problem(flat([ANNE, BORIS, replace(ANNE, technician_id=3)], problem.visits), 1, pin=Pin(3))
    assert _kinds(pinned, both) == {"pin_technician"}


def test_skills_have_levels_for_every_member_of_a_crew(week, flat, flat_day):
    problem, plan = week
    assert _kinds(_problem(problem, 4, skills={"VMC": 1}), plan) == set()
    assert _kinds(_problem(problem, 4, skills={"VMC": 2}), plan) == {"skill_missing"}
    assert _kinds(_problem(problem, 4, skills={"IRVE": 1}), plan) == {"skill_missing"}
    crew = flat([ANNE, BORIS], [_visit(1, crew=2, skills={"VMC": 2})])
    assert _kinds(crew, [flat_day(crew, who, MONDAY, {1: 600}) for who in (1, 2)]) == {"skill_missing"}


def test_pins_hold_and_may_not_be_left_out(week):
    problem, plan = week
    assert _kinds(_problem(problem, 4, pin=Pin(2, MONDAY, 500)), plan) == set()
    assert _kinds(_problem(problem, 4, pin=Pin(1)), plan) == {"pin_technician"}
    assert _kinds(_problem(problem, 4, pin=Pin(day=TUESDAY)), plan) == {"pin_day"}
    assert _kinds(_problem(problem, 4, pin=Pin(start_min=501)), plan) == {"pin_start"}
    pinned = _problem(problem, 4, pin=Pin(2))
    assert _kinds(pinned, (plan[0], plan[2]), [LEFT]) == {"pin_left_out"}


def test_duration_and_opening_hours(week):
    problem, plan = week
    assert _kinds(problem, _stop(plan, 1, 0, end_min=555)) == {"duration_wrong"}
    for windows, expected in [
        ((Window(480, 559),), {"outside_opening_hours"}),
        ((Window(501, 900),), {"outside_opening_hours"}),
        ((Window(480, 520), Window(500, 560)), set()),
        ((Window(480, 900, TUESDAY),), {"outside_opening_hours"}),
        ((Window(480, 900, MONDAY),), set()),
        ((), {"outside_opening_hours"}),
    ]:
        assert _kinds(_problem(problem, 4, windows=windows), plan) == expected, windows


def test_appointments_bind_unless_they_are_movable(week):
    problem, plan = week
    for promise, expected in [
        (Appointment(MONDAY, 490, 500), set()),
        (Appointment(MONDAY, 501, 560), {"appointment_time"}),
        (Appointment(TUESDAY, 480, 600), {"appointment_day"}),
        (Appointment(TUESDAY, 480, 600, movable=True), set()),
        (Appointment(MONDAY, 501, 560, movable=True), {"appointment_time"}),
    ]:
        assert _kinds(_problem(problem, 4, appointment=promise), plan) == expected, promise
    closed = _problem(problem, 4, windows=(Window(900, 960),), appointment=Appointment(MONDAY, 490, 500))
    assert _kinds(closed, plan) == set()


def test_sequences_end_before_they_go_on(flat, flat_day):
    problem = flat([ANNE, BORIS], [_visit(1), _visit(2, after=frozenset({1}))], days=2)
    first = flat_day(problem, 1, MONDAY, {1: 600})
    for day, start, expected in [
        (MONDAY, 660, set()),
        (MONDAY, 659, {"predecessor_later"}),
        (TUESDAY, 500, set()),
    ]:
        assert _kinds(problem, (first, flat_day(problem, 2, day, {2: start}))) == expected
    second = flat_day(problem, 2, MONDAY, {2: 700})
    assert _kinds(problem, (second,), [replace(LEFT, visit_id=1)]) == {"predecessor_missing"}
    assert _kinds(problem, (first,), [replace(LEFT, visit_id=2)]) == set()


def test_absences_of_a_day_or_of_hours(week):
    problem, plan = week

    def away(**changes):
        return replace(problem, technicians=(ANNE, replace(BORIS, **changes)))

    assert _kinds(away(absent_on=frozenset({TUESDAY})), plan) == {"technician_absent"}
    assert _kinds(away(absences=(Absence(MONDAY, 0, 490),)), plan) == set()
    assert _kinds(away(absences=(Absence(MONDAY, 0, 491),)), plan) == {"technician_absent"}
    assert _kinds(away(absences=(Absence(MONDAY, 570),)), plan) == set()
    assert _kinds(away(absences=(Absence(MONDAY, 569),)), plan) == {"technician_absent"}


def test_travel_takes_its_time_and_is_reported(week):
    problem, plan = week
    assert _kinds(problem, _day(plan, 1, depart_min=491)) == {"travel_too_short"}
    assert _kinds(problem, _day(plan, 1, return_min=569)) == {"travel_too_short"}
    assert _kinds(problem, _stop(plan, 0, 1, arrival_min=569)) == {"travel_too_short"}
    assert _kinds(problem, _stop(plan, 0, 1, arrival_min=601)) == {"starts_before_arrival"}
    assert _kinds(problem, _stop(plan, 0, 1, travel_m=1)) == {"leg_misreported"}
    assert _kinds(problem, _stop(plan, 0, 1, travel_min=9)) == {"leg_misreported"}
    assert _kinds(problem, _day(plan, 1, return_m=1)) == {"leg_misreported"}
    assert check(problem, _day(plan, 1, return_m=1), ()).km == check(problem, plan, ()).km


@pytest.mark.parametrize("end", ["open", "elsewhere"])
def test_days_end_where_the_technician_ends(flat, flat_day, end):
    anne = replace(ANNE, **({"open_end": True} if end == "open" else {"end": Place(45.8, 6.0)}))
    problem = flat([anne, BORIS], [_visit(1)])
    metres = problem.travel.metres.copy()
    metres[2, 0] = 7777
    problem = replace(problem, travel=replace(problem.travel, metres=metres))
    plan = (flat_day(problem, 1, MONDAY, {1: 600}),)
    assert _kinds(problem, plan) == set()
    assert _kinds(replace(problem, technicians=(ANNE, BORIS), travel=_homes(problem)), plan) == {
        "leg_misreported",
        *(["travel_too_short"] if end == "open" else []),
    }


def _homes(problem):
    travel = problem.travel
    return replace(travel, metres=travel.metres[:3, :3], minutes=travel.minutes[:3, :3])


def test_lunch_is_free_and_in_its_window(week):
    problem, plan = week
    assert _kinds(problem, _day(plan, 0, lunch_start_min=None)) >= {"lunch_missing"}
    assert _kinds(problem, _day(plan, 0, lunch_start_min=685)) == {"lunch_outside_window"}
    assert _kinds(problem, _day(plan, 0, lunch_start_min=796)) >= {"lunch_outside_window"}
    assert _kinds(problem, _day(plan, 0, lunch_start_min=790)) == {"lunch_overlaps_work"}
    late = _stop(plan, 0, 2, arrival_min=730, start_min=840)
    assert _kinds(problem, _day(late, 0, lunch_start_min=690)) == {"lunch_overlaps_work"}


def test_the_working_day_has_a_beginning_and_an_end(week):
    problem, plan = week
    early = replace(problem.rules, day_start_min=491)
    assert "outside_working_day" in _kinds(replace(problem, rules=early), plan)
    late = replace(problem.rules, day_end_min=909)
    assert _kinds(replace(problem, rules=late), plan) == {"outside_working_day"}


def test_tools_are_in_the_van_or_come_from_the_depot(flat, flat_day):
    depot = Depot(HERE, 10, 480, 1080)
    visits = [_visit(1, 30, tools=frozenset({"nacelle"})), _visit(2, 30, tools=frozenset({"nacelle"}))]
    problem = flat([ANNE], visits, days=2, depot=depot)
    starts = {1: 530, 2: 600}
    assert _kinds(problem, [flat_day(problem, 1, MONDAY, starts)]) == {"tool_missing"}
    assert _kinds(problem, [flat_day(problem, 1, MONDAY, starts, via_depot=[1])]) == set()
    assert _kinds(problem, [flat_day(problem, 1, MONDAY, {1: 530, 2: 650}, via_depot=[2])]) == {
        "tool_missing"
    }
    two_days = [
        flat_day(problem, 1, MONDAY, {1: 530}, via_depot=[1]),
        flat_day(problem, 1, TUESDAY, {2: 530}),
    ]
    assert _kinds(problem, two_days) == {"tool_missing"}
    equipped = replace(problem, technicians=(replace(ANNE, tools=frozenset({"nacelle"})),))
    assert _kinds(equipped, [flat_day(problem, 1, MONDAY, starts)]) == set()


def test_parts_last_for_the_horizon_and_the_depot_for_its_day(flat, flat_day):
    anne = replace(ANNE, stock={"filtre": 2})
    visits = [_visit(n, 30, parts={"filtre": 1}) for n in (1, 2, 3)]
    problem = flat([anne], visits, days=2, depot=Depot(HERE, 10))
    monday, tuesday = {1: 530, 2: 600}, {3: 530}

    def plan(first=(), second=()):
        return [
            flat_day(problem, 1, MONDAY, monday, via_depot=first),
            flat_day(problem, 1, TUESDAY, tuesday, via_depot=second),
        ]

    assert _kinds(problem, plan()) == {"part_missing"}
    assert _kinds(problem, plan(first=[1])) == set()
    assert _kinds(problem, plan(second=[3])) == set()
    last = check(problem, plan(), ()).violations[0]
    assert last.subject == "visit 3"


def test_a_crew_shares_its_vans(flat, flat_day):
    visits = [_visit(1, 30, crew=2, parts={"filtre": 1}), _visit(2, 30, parts={"filtre": 1})]
    visits[0] = replace(visits[0], tools=frozenset({"nacelle"}))
    boris = replace(BORIS, stock={"filtre": 1}, tools=frozenset({"nacelle"}))
    for stock, expected in [(1, set()), (0, {"part_missing"})]:
        problem = flat([replace(ANNE, stock={"filtre": stock}), boris], visits, depot=Depot(HERE))
        # The crew meets first, and takes the part that Anne can spare.
        plan = [flat_day(problem, 1, MONDAY, {1: 530}), flat_day(problem, 2, MONDAY, {1: 530, 2: 600})]
        assert _kinds(problem, plan) == expected


def test_the_depot_exists_and_is_open(flat, flat_day):
    depot = Depot(HERE, 10, 540, 600)
    problem = flat([ANNE], [_visit(1, 30), _visit(2, 30)], days=1, depot=depot)
    day = flat_day(problem, 1, MONDAY, {1: 510, 2: 600}, via_depot=[2])
    assert _kinds(problem, [day]) == set()
    early = replace(problem, depot=replace(depot, open_from_min=581))
    assert _kinds(early, [day]) == {"depot_closed"}
    closed = replace(problem, depot=replace(depot, open_from_min=480, open_until_min=559))
    assert _kinds(closed, [day]) == {"depot_closed"}
    without = flat([ANNE], [_visit(1, 30), _visit(2, 30)], days=1)
    assert _kinds(without, [day]) >= {"depot_unknown"}


def test_lunch_fits_beside_a_passage_of_the_depot(flat, flat_day):
    problem = flat([ANNE], [_visit(1, 30), _visit(2, 30)], days=1, depot=Depot(HERE, 10, 0, 1440))
    day = flat_day(problem, 1, MONDAY, {1: 640, 2: 850}, lunch=700, via_depot=[2])
    for arrival, lunch, fits in [(850, 700, True), (745, 690, True), (744, 690, False), (745, 691, False)]:
        # From the first visit's end at 670: 10 min, depot 10 min, 10 min, and 45 min of lunch in between.
        stops = (day.visits[0], replace(day.visits[1], arrival_min=arrival))
        kinds = _kinds(problem, [replace(day, visits=stops, lunch_start_min=lunch)])
        assert kinds == (set() if fits else {"lunch_overlaps_work"}), (arrival, lunch)


def test_the_checker_imports_nothing_of_the_solvers():
    folder = Path(optimisers.checker.__file__).parent
    imported = set()
    for module in folder.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
    ours = {name for name in imported if name.startswith("optimisers") and "checker" not in name}
    assert ours == {"optimisers.model", "optimisers.law.articles"}


def test_a_fault_of_every_kind_is_planted_somewhere():
    kinds = set()
    for module in Path(optimisers.checker.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Violation":
                kinds.add(node.args[0].value)
    planted = set()
    for module in Path(__file__).parent.glob("test_checker*.py"):
        planted |= {n.value for n in ast.walk(ast.parse(module.read_text())) if isinstance(n, ast.Constant)}
    assert len(kinds) > 40
    assert kinds - planted == set()
