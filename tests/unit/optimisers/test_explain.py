"""Remedies are real and smallest, alternatives cost what they say, the audit sees what fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from optimisers import weekly
from optimisers.checker import check
from optimisers.explain import alternatives, compare, insertion_audit, with_remedies
from optimisers.explain.board import Board
from optimisers.explain.scenarios import longer_ways, one_more_technician, other_hours, other_zones
from optimisers.model import Appointment, Pin, Place, Stop, Technician, Unassigned, Visit, Window
from optimisers.travel import DetourTravel
from optimisers.weekly.days import write_days

MONDAY = date(2025, 11, 17)
HOME = Place(45.90, 6.12)
NEAR = Place(45.91, 6.13)
QUICK = Stop(max_iterations=200)


def _solved(problem):
    return with_remedies(problem, weekly.solve(problem, QUICK, 1), QUICK, 1)


def _only(result):
    assert len(result.unassigned) == 1, result.unassigned
    return result.unassigned[0]


def _day(visits, **technician):
    given = {"skills": {"VMC": 1}, **technician}
    return [Technician(1, "T1", HOME, **given)], visits


def test_overtime_is_given_to_the_minute(problem_of):
    # Three visits of 2 h 40 at home fill 8 h exactly but for the ways, which cost the overtime.
    visits = [Visit(n, NEAR, 160, {"VMC": 1}) for n in (1, 2, 3)]
    problem = problem_of(*_day(visits), days=1)
    left = _only(_solved(problem))
    way = int(problem.travel.minutes[0, 1] + problem.travel.minutes[1, 0])
    assert (left.proved, left.smallest) == (True, True)
    assert left.relaxation.kind == "heures"
    assert left.relaxation.amount == way
    assert left.remedy == f"T1 : +{way} min lundi 17/11"
    one_less = replace(
        problem, technicians=(replace(problem.technicians[0], hours_per_day=8 + (way - 1) / 60),)
    )
    assert len(weekly.solve(one_less, QUICK, 1).unassigned) == 1


def test_a_window_is_opened_no_further_than_needed(problem_of):
    visits = [Visit(1, NEAR, 60, windows=(Window(480, 510),))]
    left = _only(_solved(problem_of(*_day(visits), days=1)))
    assert left.relaxation.kind == "fenetre"
    arrival = 480 + int(DetourTravel().matrix([HOME, NEAR]).minutes[0, 1])
    assert left.relaxation.amount == arrival + 60 - 510
    assert left.proved


def test_a_missing_habilitation_names_who_could_get_it(problem_of):
    crew = [Technician(1, "T1", HOME, {"HT": 1}), Technician(2, "T2", Place(46.2, 6.6), {"VMC": 1})]
    left = _only(_solved(problem_of(crew, [Visit(1, NEAR, 60, {"HT": 2})], days=1)))
    assert left.code == "competence"
    assert left.remedy == "compétence « HT » niveau 2 pour T1 (lundi 17/11)"


def test_absence_pin_and_appointment_are_relaxed_in_their_turn(problem_of):
    away = {"absent_on": frozenset({MONDAY})}
    left = _only(_solved(problem_of(*_day([Visit(1, NEAR, 60)], **away), days=1)))
    assert (left.code, left.relaxation.kind) == ("absence", "presence")

    crew = [Technician(1, "T1", HOME), Technician(2, "T2", HOME, {"VMC": 1})]
    pinned = Visit(1, NEAR, 60, {"VMC": 1}, pin=Pin(technician_id=1))
    left = _only(_solved(problem_of(crew, [pinned], days=1)))
    assert (left.code, left.remedy) == ("epingle", "épingle retirée (T2, lundi 17/11)")

    promise = Appointment(MONDAY, 1075, 1080)
    left = _only(_solved(problem_of(*_day([Visit(1, NEAR, 60, appointment=promise)]), days=1)))
    assert left.relaxation.kind == "rendez_vous"
    assert left.proved


def test_tools_are_lent_when_nobody_carries_them(problem_of):
    visit = Visit(1, NEAR, 60, tools=frozenset({"nacelle"}))
    left = _only(_solved(problem_of(*_day([visit]), days=1)))
    assert left.relaxation.kind == "materiel"
    assert "« nacelle » dans le véhicule de T1" in left.remedy


def test_a_crew_gets_its_remedy_by_planning_again(problem_of):
    crew = [Technician(n, f"T{n}", HOME, hours_per_day=4.0) for n in (1, 2)]
    problem = problem_of(crew, [Visit(1, NEAR, 240, crew=2)], days=1)
    left = _only(_solved(problem))
    assert left.proved
    assert left.relaxation.kind == "heures"
    assert left.remedy.startswith("T1 : +")
    assert "T2 : +" in left.remedy


def test_a_crew_whose_second_member_has_the_tools_keeps_its_place(problem_of):
    crew = [Technician(1, "T1", HOME), Technician(2, "T2", HOME, tools=frozenset({"nacelle"}))]
    together = Visit(1, NEAR, 120, crew=2, tools=frozenset({"nacelle"}))
    problem = problem_of(crew, [together, Visit(2, NEAR, 60, windows=(Window(480, 485),))], days=1)
    plan = weekly.solve(problem, QUICK, 1).plan
    board = Board(problem, plan)
    assert write_days(board.compiled, board.orders, board.via_depot) == plan
    assert _only(_solved(problem)).proved


def test_a_predecessor_keeps_its_place_when_what_follows_it_is_left_out(problem_of):
    visits = [Visit(1, NEAR, 60), Visit(2, NEAR, 60, windows=(Window(480, 485),), after=frozenset({1}))]
    problem = problem_of([Technician(1, "T1", HOME)], visits, days=1)
    plan = weekly.solve(problem, QUICK, 1).plan
    assert [stop.visit_id for day in plan for stop in day.visits] == [1]
    board = Board(problem, plan)
    assert write_days(board.compiled, board.orders, board.via_depot) == plan


def test_a_comparison_that_is_interrupted_is_none(random_week, monkeypatch):
    problem = random_week(1, visits=3)
    half = replace(weekly.solve(problem, QUICK, 1), interrupted=True)
    monkeypatch.setattr("optimisers.explain.scenarios.weekly.solve", lambda *asked: half)
    with pytest.raises(KeyboardInterrupt):
        compare(problem, {"same": lambda same: same}, QUICK, 1)


def test_a_visit_that_fits_but_costs_more_than_it_is_worth_says_so(problem_of):
    problem = problem_of(*_day([Visit(1, Place(46.0, 6.3), 60, priority=0.01)]), days=1)
    left = _only(_solved(problem))
    assert (left.code, left.remedy) == ("cout", None)
    assert left.reason.startswith("possible chez T1 lundi 17/11, à ")
    assert weekly.solve(problem, QUICK, 1).unassigned[0].code == "capacite"


def test_no_time_left_means_not_proved(problem_of):
    visits = [Visit(n, NEAR, 160, {"VMC": 1}) for n in (1, 2, 3)]
    problem = problem_of(*_day(visits), days=1)
    result = with_remedies(problem, weekly.solve(problem, QUICK, 1), QUICK, 1, seconds=0.0)
    assert (_only(result).proved, _only(result).remedy) == (False, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_remedy_of_a_random_week_is_proved_and_the_audit_finds_nothing_worth_it(random_week, seed):
    problem = random_week(seed, visits=45, technicians=2, days=3)
    result = _solved(problem)
    assert result.unassigned
    for left in result.unassigned:
        assert left.proved == (left.remedy is not None) == (left.relaxation is not None)
    assert not [fitting for fitting in insertion_audit(problem, result.plan) if fitting.worth_it]


def test_the_audit_sees_a_visit_taken_out_of_the_plan(random_week):
    problem = random_week(5, visits=12)
    plan = weekly.solve(problem, QUICK, 1).plan
    day = next(day for day in plan if day.visits)
    gone = day.visits[0].visit_id
    without = Board(problem, plan).without(problem.visit_number[gone])
    days = write_days(without.compiled, without.orders, without.via_depot)
    assert gone in {fitting.visit_id for fitting in insertion_audit(problem, days) if fitting.worth_it}


def test_alternatives_cost_what_the_checker_says(random_week):
    problem = random_week(7, visits=20)
    result = weekly.solve(problem, QUICK, 1)
    left = [Unassigned(item.visit_id, "", "laissée") for item in result.unassigned]
    base = check(problem, result.plan, left).costs.total
    day = next(d for d in result.plan if len(d.visits) > 1)
    visit = day.visits[0].visit_id
    found = alternatives(problem, result.plan, visit, most=4)
    assert found
    assert [other.extra for other in found] == sorted(other.extra for other in found)
    for other in found:
        assert (other.technician_id, other.day) != (day.technician_id, day.day)
        terms = other.extra_by_term
        assert terms.total == pytest.approx(other.extra)
        assert terms.km == pytest.approx(other.extra_km * problem.weights.per_km)
        assert base + other.extra >= result.lower_bound - 1e-6


def test_alternatives_of_a_visit_left_out_are_refused(random_week):
    problem = random_week(7, visits=5)
    with pytest.raises(ValueError, match="expected a planned visit"):
        alternatives(problem, (), problem.visits[0].visit_id)
    with pytest.raises(KeyError):
        alternatives(problem, (), 99_999)


def test_scenarios_are_solved_beside_the_base(random_week):
    problem = random_week(4, visits=40, technicians=2, days=2)
    newcomer = Technician(9, "T9", HOME, dict.fromkeys(("Tableau", "VMC", "IRVE", "Alarme"), 1))
    base, found = compare(
        problem,
        {
            "un technicien de plus": one_more_technician(newcomer, DetourTravel()),
            "six heures": other_hours(6.0),
            "zones": other_zones(lambda place: 1, {1: 1, 2: 1}),
            "neige": longer_ways(1.5),
        },
        QUICK,
        1,
    )
    more, less, zones, snow = found
    assert more.planned > 0
    assert less.planned < 0
    assert zones.result.costs.zone == 0
    assert snow.planned <= 0
    for other in found:
        assert other.objective == pytest.approx(other.result.objective - base.objective)
    assert {day.day for day in base.plan} <= {MONDAY, MONDAY + timedelta(1)}
