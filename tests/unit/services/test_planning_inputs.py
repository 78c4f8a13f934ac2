"""The hash of what a plan rests on: equal for equal problems, another one for another problem."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from optimisers.model import Place, Problem, Stop, Technician, Visit, places_of
from optimisers.travel import DetourTravel
from services.gate import fingerprint
from services.planning.inputs import inputs_of

_ROOT = Path(__file__).resolve().parents[3]
STOP = Stop(max_iterations=10)


def week(skills=("VMC", "IRVE", "Alarme"), tools=("échelle", "caméra", "pompe")) -> Problem:
    technicians = [
        Technician(1, "Élodie", Place(45.9, 6.1), dict.fromkeys(skills, 1), tools=frozenset(tools))
    ]
    visits = [Visit(1, Place(45.91, 6.1), 60, {"VMC": 1}, parts={"joint": 2, "filtre": 1})]
    travel = DetourTravel().matrix(places_of(technicians, visits))
    return Problem((date(2025, 11, 17),), tuple(technicians), tuple(visits), travel)


def test_the_order_in_which_sets_and_mappings_were_filled_says_nothing():
    again = week(("Alarme", "VMC", "IRVE"), ("pompe", "caméra", "échelle"))
    assert fingerprint(inputs_of(week(), STOP)) == fingerprint(inputs_of(again, STOP))


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_hash_seed_of_the_process_says_nothing(seed):
    code = (
        "from tests.unit.services.test_planning_inputs import STOP, week, inputs_of, fingerprint;"
        "print(fingerprint(inputs_of(week(), STOP)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=_ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == fingerprint(inputs_of(week(), STOP))


def test_travel_levels_and_limits_of_the_search_count():
    one = week()
    slower = replace(one, travel=replace(one.travel, minutes=one.travel.minutes * 2))
    better = replace(one, technicians=(replace(one.technicians[0], skills={"VMC": 2}),))
    marks = {fingerprint(inputs_of(p, STOP)) for p in (one, slower, better)}
    marks.add(fingerprint(inputs_of(one, Stop(max_iterations=11))))
    assert len(marks) == 4
