"""The weekly planner: lawful, repeatable, honest about cost and about what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from optimisers import weekly
from optimisers.checker import check
from optimisers.model import (
    Absence,
    Appointment,
    Depot,
    Derogation,
    Moment,
    Pin,
    Place,
    Rules,
    Stop,
    Technician,
    Visit,
    Window,
)
from optimisers.weekly.compile import compile_problem
from optimisers.weekly.costs import worked_min

MONDAY = date(2025, 11, 17)
HOME = Place(45.90, 6.13)
QUICK = Stop(max_iterations=300)


def technician(number: int = 1, **options) -> Technician:
    return Technician(number, f"Technicien {number}", HOME, **{"skills": {"VMC": 1}, **options})


def visit(number: int = 1, minutes: int = 60, **options) -> Visit:
    return Visit(number, Place(45.90 + number / 1000, 6.14), minutes, **options)


def solved(problem, seed: int = 1, stop: Stop = QUICK, **options):
    """The result, once the checker has found nothing against it and the same costs."""
    result = weekly.solve(problem, stop, seed, **options)
    report = check(problem, result.plan, result.unassigned)
    assert report.violations == ()
    assert report.costs.total == pytest.approx(result.objective)
    assert report.km == pytest.approx(result.km)
    assert result.lower_bound <= result.objective + 1e-6
    return result


def days_of(result) -> dict[int, list[tuple[date, int, int]]]:
    """Day, technician and beginning of each visit planned."""
    found: dict[int, list[tuple[date, int, int]]] = {}
    for day in result.plan:
        for stop in day.visits:
            found.setdefault(stop.visit_id, []).append((day.day, day.technician_id, stop.start_min))
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("commute_counts", [True, False])
def test_random_weeks_are_lawful_and_reported_costs_are_recomputed(random_week, seed, commute_counts):
    problem = random_week(seed, visits=40, rules=Rules(commute_counts=commute_counts))
    result = solved(problem, seed)
    report = check(problem, result.plan, result.unassigned)
    for term in ("km", "balance", "lateness", "urgent_wait", "zone", "changes", "unassigned"):
        assert getattr(report.costs, term) == pytest.approx(getattr(result.costs, term))


def test_ways_from_and_to_home_make_the_day_shorter_only_when_they_count(problem_of):
    far = [replace(visit(n, 115), place=Place(46.05, 6.13 + n / 1000)) for n in range(1, 5)]
    counted = solved(problem_of([technician()], far, days=1))
    free = solved(problem_of([technician()], far, days=1, rules=Rules(commute_counts=False)))
    assert len(counted.unassigned) == 1
    assert free.unassigned == ()


def test_same_seed_gives_the_same_plan(random_week):
    problem = random_week(7, visits=40)
    first, second = (weekly.solve(problem, QUICK, 3) for _ in range(2))
    assert first.plan == second.plan
    assert first.unassigned == second.unassigned
    assert first.lower_bound == second.lower_bound


def test_a_plan_to_begin_from_is_never_made_worse(random_week):
    problem = random_week(4, visits=40)
    good = solved(problem, stop=Stop(max_iterations=2000))
    again = solved(problem, stop=Stop(max_iterations=1), start=good.plan)
    assert again.objective <= good.objective + 1e-6


def test_a_search_that_is_stopped_gives_a_lawful_plan(random_week):
    result = solved(random_week(4), stop=Stop(seconds=30), should_stop=lambda: True)
    assert result.interrupted
    assert result.plan


def test_urgent_and_overdue_visits_come_first(problem_of):
    urgent = visit(1, 180, urgent=True)
    calm = [visit(n, 180, due=MONDAY + timedelta(30)) for n in range(2, 6)]
    assert days_of(solved(problem_of([technician()], [*calm, urgent])))[1][0][0] == MONDAY


def test_work_is_shared_between_equal_technicians(problem_of):
    crew = [technician(1), technician(2)]
    result = solved(problem_of(crew, [visit(n, 90) for n in range(1, 17)]))
    counts = {t.technician_id: 0 for t in crew}
    for day in result.plan:
        counts[day.technician_id] += len(day.visits)
    assert abs(counts[1] - counts[2]) <= 2


def test_zone_of_the_technician_decides_when_all_else_is_equal(problem_of):
    crew = [technician(1, preferred_zone=1), technician(2, preferred_zone=2)]
    result = solved(problem_of(crew, [visit(n, 30, zone=1 + n % 2) for n in range(1, 9)], days=1))
    assert result.costs.zone == 0


def test_levels_tools_and_parts_send_the_right_van_or_by_the_depot(problem_of):
    crew = [technician(1, skills={"HT": 1}), technician(2, skills={"HT": 2}, stock={"relais": 1})]
    work = [
        visit(1, skills={"HT": 2}),
        visit(2, tools=frozenset({"nacelle"})),
        visit(3, parts={"relais": 1}),
        visit(4, parts={"relais": 1}),
    ]
    depot = Depot(Place(45.91, 6.15), 10, 540, 1020)
    result = solved(problem_of(crew, work, days=1, depot=depot))
    assert result.unassigned == ()
    assert days_of(result)[1][0][1] == 2
    assert any(stop.via_depot for day in result.plan for stop in day.visits)
    without = solved(problem_of(crew, work, days=1))
    assert {left.visit_id for left in without.unassigned} > {2}


def test_pins_hold_even_against_the_objective(problem_of):
    crew = [technician(1), technician(2)]
    pinned = visit(1, pin=Pin(2, MONDAY + timedelta(3), 900))
    result = solved(problem_of(crew, [pinned, *[visit(n) for n in range(2, 6)]]))
    assert days_of(result)[1] == [(MONDAY + timedelta(3), 2, 900)]


def test_pins_too_close_for_the_way_between_are_named_as_what_cannot_hold(problem_of):
    work = [visit(n, pin=Pin(1, MONDAY, start)) for n, start in ((1, 600), (2, 661), (3, 900))]
    result = weekly.solve(problem_of([technician()], work), QUICK, 1)
    assert result.status == "infeasible"
    (conflict,) = result.conflicts
    assert "visite 1" in conflict
    assert "visite 2" in conflict
    assert "visite 3" not in conflict
    assert "épinglée" in conflict


def test_movable_promises_are_broken_only_where_it_costs_less(problem_of):
    promise = Appointment(MONDAY, 480, 540, movable=True)
    work = [visit(1, 250, appointment=promise), visit(2, 250, appointment=promise)]
    result = solved(problem_of([technician()], work, days=2))
    assert result.unassigned == ()
    assert result.costs.changes == pytest.approx(200.0)


def test_absences_cut_the_day_and_the_week(problem_of):
    away = technician(absences=(Absence(MONDAY, 0, 780), Absence(MONDAY + timedelta(1), 700, 1440)))
    result = solved(problem_of([away], [visit(n, 100) for n in range(1, 9)], days=2))
    for day in result.plan:
        assert day.depart_min >= 780 if day.day == MONDAY else day.return_min <= 700


def test_hours_of_the_law_are_kept_and_derogations_lift_them(problem_of):
    busy = technician(hours_per_day=10.0, hours_done=44.0)
    work = [visit(n, 110) for n in range(1, 5)]
    assert sum(d.return_min - d.depart_min for d in solved(problem_of([busy], work)).plan) <= 4 * 60
    derogation = Derogation("max_week_min", 60 * 60, MONDAY, MONDAY + timedelta(6), "DREETS")
    average = Derogation("max_average_week_min", 60 * 60, MONDAY, MONDAY + timedelta(6), "DREETS")
    rules = Rules(derogations=(derogation, average))
    assert solved(problem_of([busy], work, rules=rules)).unassigned == ()


def test_a_day_may_end_elsewhere_or_anywhere(problem_of):
    work = [visit(n) for n in range(1, 4)]
    home = solved(problem_of([technician()], work, days=1))
    anywhere = solved(problem_of([technician(open_end=True)], work, days=1))
    elsewhere = solved(problem_of([technician(end=work[-1].place)], work, days=1))
    assert anywhere.km < home.km
    assert anywhere.plan[0].return_m == 0
    assert elsewhere.km == pytest.approx(anywhere.km)


def test_several_openings_a_day_are_all_used(problem_of):
    split = (Window(480, 600), Window(900, 1080))
    work = [visit(n, 100, windows=split) for n in (1, 2)]
    starts = sorted(s for found in days_of(solved(problem_of([technician()], work, days=1))).values()
                    for _, _, s in found)  # fmt: skip
    assert starts[0] <= 500
    assert starts[1] >= 900


@pytest.mark.parametrize(
    ("one", "crew", "code"),
    [
        (visit(skills={"IRVE": 1}), [technician()], "competence"),
        (visit(minutes=120, windows=(Window(540, 600),)), [technician()], "fenetre"),
        (visit(), [technician(absent_on=frozenset(MONDAY + timedelta(n) for n in range(5)))], "absence"),
        (visit(minutes=490), [technician()], "journee"),
        (visit(crew=2, skills={"VMC": 1}), [technician(), technician(2, skills={})], "equipe"),
    ],
)
def test_a_visit_left_out_says_why(problem_of, one, crew, code):
    result = solved(problem_of(crew, [one]))
    assert result.status == "infeasible"
    (left,) = result.unassigned
    assert left.code == code
    assert left.reason


def test_no_visit_and_nobody_at_work_are_plans_too(problem_of):
    assert solved(problem_of([technician()], [])).plan == ()
    gone = frozenset(MONDAY + timedelta(n) for n in range(5))
    assert solved(problem_of([technician(absent_on=gone)], [visit()])).plan == ()


def test_every_array_of_a_compiled_week_speaks_of_the_same_visits_and_shifts(random_week):
    problem = random_week(2, visits=20)
    compiled = compile_problem(problem)
    shifts, visits = compiled.instance.shape
    assert shifts == len(compiled.shifts) == 15
    assert visits == len(compiled.visit_of) == 20
    assert compiled.instance.fair_share.sum() == pytest.approx(1.0)
    for number, planned in enumerate(problem.visits):
        able = [t for t in range(3) if planned.skills.keys() <= problem.technicians[t].skills.keys()]
        possible = np.isfinite(compiled.instance.choice_cost[:, number])
        assert {compiled.shifts[s].technician for s in np.flatnonzero(possible)} == set(able)


def test_a_lunch_shorter_than_the_legal_pause_interrupts_no_stretch(problem_of):
    problem = problem_of([technician()], [visit(n) for n in range(1, 9)], days=1, rules=Rules(lunch_min=15))
    result = solved(problem)
    assert result.plan
    assert all(day.return_min - day.depart_min <= 360 for day in result.plan)


@pytest.mark.parametrize("lunch", [0, 15, 45])
def test_a_day_whose_facts_alone_are_too_long_is_kept_and_closed(problem_of, lunch):
    fact = visit(1, 700, frozen=True, pin=Pin(1, MONDAY, 330))
    others = [visit(n, 30) for n in (2, 3)]
    problem = problem_of(
        [technician()], [fact, *others], days=2, now=Moment(MONDAY, 640), rules=Rules(lunch_min=lunch)
    )
    found = days_of(solved(problem))
    assert found[1] == [(MONDAY, 1, 330)]
    assert {found[n][0][0] for n in (2, 3)} == {MONDAY + timedelta(1)}


@pytest.mark.parametrize("minute", [600, 700, 840])
def test_no_depot_is_passed_before_now(problem_of, minute):
    fact = visit(1, 60, frozen=True, pin=Pin(1, MONDAY, 500))
    depot = Depot(Place(45.901, 6.14), handling_min=0)
    problem = problem_of(
        [technician()],
        [fact, visit(2, parts={"f": 1})],
        days=1,
        depot=depot,
        now=Moment(MONDAY, minute),
    )
    (day,) = solved(problem).plan
    assert [stop.via_depot for stop in day.visits] == [False, True]
    assert day.visits[1].start_min > minute


def test_the_way_to_the_depot_is_a_commute_when_it_comes_first(problem_of):
    problem = problem_of(
        [technician()],
        [visit(1, parts={"f": 1})],
        days=1,
        depot=Depot(Place(45.95, 6.13)),
        rules=Rules(commute_counts=False),
    )
    (day,) = solved(problem).plan
    to_depot, from_depot = problem.travel.minutes[0, 2], problem.travel.minutes[2, 1]
    assert day.visits[0].via_depot
    assert worked_min(problem, day) == 10 + from_depot + 60
    assert day.visits[0].travel_min == to_depot + 10 + from_depot


def test_nobody_left_at_work_is_told_as_an_absence(problem_of):
    away = frozenset({MONDAY + timedelta(1), MONDAY + timedelta(2)})
    ill = technician(absences=(Absence(MONDAY, 570, 1440),), absent_on=away)
    problem = problem_of([ill], [visit()], days=3, now=Moment(MONDAY, 570))
    assert weekly.solve(problem, QUICK, 1).unassigned[0].code == "absence"
