"""`fieldhouse plan why` and `what-if` on a JSON problem, and remedies in the plan that `plan week` writes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from optimisers.model import Place, Problem, Technician, Visit, places_of
from optimisers.readers.problem_json import write_problem
from optimisers.travel import DetourTravel

HOME, NEAR = Place(45.90, 6.12), Place(45.91, 6.13)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A problem of four long visits for one technician and two days, and its plan."""
    crew = (Technician(1, "Zoé Métral", HOME, {"VMC": 1}),)
    visits = tuple(Visit(number, NEAR, 160, {"VMC": 1}) for number in range(1, 6))
    days = (date(2025, 11, 17), date(2025, 11, 18))
    problem = Problem(days, crew, visits, DetourTravel().matrix(places_of(crew, visits)))
    source, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    source.write_text(json.dumps(write_problem(problem)), encoding="utf-8")
    done = _run("week", "--problem", source, "--out", plan, "--iterations", 200)
    assert done.exit_code == 0, done.output
    return source, plan


def _run(*words: object):
    return CliRunner().invoke(app, ["plan", *map(str, words)])


def test_the_visit_left_out_carries_a_proved_remedy(files):
    left = json.loads(files[1].read_text(encoding="utf-8"))["unassigned"]
    assert len(left) == 1
    assert left[0]["proved"]
    assert left[0]["remedy"].startswith("Zoé Métral : +")


def test_why_shows_the_other_day(files):
    source, plan = files
    planned = json.loads(plan.read_text(encoding="utf-8"))["plan"][0]["visits"][0]["visit_id"]
    answer = _run("why", planned, "--problem", source, "--plan", plan)
    assert answer.exit_code == 0, answer.output
    assert f"Visite {planned} : Zoé Métral, lundi 17/11" in answer.output


def test_why_refuses_a_visit_that_is_not_planned(files):
    source, plan = files
    answer = _run("why", 99, "--problem", source, "--plan", plan)
    assert answer.exit_code == 2
    assert "choose another visit" in answer.output


def test_what_if_compares_scenarios_with_the_base(files):
    answer = _run("what-if", "--problem", files[0], "--hours", 12, "--one-more-like", 1, "--iterations", 200)
    assert answer.exit_code == 0, answer.output
    assert "Base : 4 visites" in answer.output
    assert "un technicien de plus, comme Zoé Métral : +1 visites" in answer.output


def test_what_if_without_a_scenario_says_what_can_be_asked(files):
    answer = _run("what-if", "--problem", files[0])
    assert answer.exit_code == 2
    assert "--one-more-like" in answer.output
