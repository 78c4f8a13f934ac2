"""JSON problems and plans: examples and schema are current, faults are named by their path, round trips."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from core.errors import InvalidInput
from optimisers.checker import check
from optimisers.law import public_holidays
from optimisers.model import (
    Appointment,
    Costs,
    InvalidProblem,
    Problem,
    Relaxation,
    Result,
    TravelMatrix,
    Unassigned,
    Visit,
    Window,
)
from optimisers.readers.problem_json import (
    problem_schema,
    read_plan,
    read_problem,
    write_plan,
    write_problem,
)
from tests.properties.cruel_weeks import dense, weeks
from tests.properties.naive_scheduler import Naive

DOCS = Path(__file__).resolve().parents[3] / "docs"
EXAMPLES = [DOCS / "examples" / f"{name}.json" for name in ("tour", "week", "replan")]
HERE = {"latitude": 45.9, "longitude": 6.1}
SMALL = {
    "days": ["2026-03-10"],
    "technicians": [{"technician_id": 1, "name": "Anne", "home": HERE}],
    "visits": [{"visit_id": 1, "place": HERE, "duration_min": 60}],
}


def _faults(document) -> list:
    with pytest.raises(InvalidProblem) as caught:
        read_problem(document if isinstance(document, str) else json.dumps(document))
    assert all(fault.value and fault.expected and fault.remedy for fault in caught.value.faults)
    return list(caught.value.faults)


def _equal(one: Problem, other: Problem) -> bool:
    names = [name for name in Problem.__dataclass_fields__ if name != "travel"]
    legs = ("metres", "minutes")
    return all(getattr(one, name) == getattr(other, name) for name in names) and all(
        np.array_equal(getattr(one.travel, leg), getattr(other.travel, leg)) for leg in legs
    )


def test_the_published_schema_is_current():
    published = json.loads((DOCS / "planning-problem.schema.json").read_text(encoding="utf-8"))
    assert published == problem_schema(), "write it anew: python -m optimisers.readers.problem_json"
    jsonschema.Draft202012Validator.check_schema(published)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_read_and_follow_the_schema(path):
    jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), problem_schema())
    problem = read_problem(path)
    assert problem.visits
    plan, left = Naive(problem, 1).plan()
    assert plan
    assert {violation.kind for violation in check(problem, plan, left).violations} <= {"pin_left_out"}


def test_the_replan_example_is_in_the_middle_of_a_day():
    problem = read_problem(DOCS / "examples" / "replan.json")
    assert problem.now is not None
    assert any(visit.frozen for visit in problem.visits)


@settings(
    max_examples=max(1, settings.default.max_examples // 5),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(weeks())
def test_any_problem_comes_back_as_it_was(problem):
    text = json.dumps(write_problem(problem))
    jsonschema.validate(json.loads(text), problem_schema())
    assert _equal(read_problem(text), problem)


def test_what_may_be_left_out():
    problem = read_problem(json.dumps(SMALL))
    assert problem.rules.law.version == "FR-2016"
    assert problem.rules.holidays == public_holidays([2026])
    assert problem.visits[0] == Visit(1, problem.visits[0].place, 60)
    old = read_problem(json.dumps(SMALL | {"days": ["2014-03-10"]}))
    assert old.rules.law.version == "FR-2008"
    own = read_problem(json.dumps(SMALL | {"rules": {"law": {"max_day_min": "09:30"}, "holidays": []}}))
    assert (own.rules.law.max_day_min, own.rules.law.version) == (570, "FR-2016")
    assert own.rules.holidays == frozenset()


def test_minutes_may_be_written_as_clocks():
    visit = SMALL["visits"][0] | {
        "windows": [{"start_min": "08:05", "end_min": 600}],
        "appointment": {"day": "2026-03-10", "start_min": "8:30", "end_min": "24:00"},
    }
    read = read_problem(json.dumps(SMALL | {"visits": [visit]})).visits[0]
    assert read.windows == (Window(485, 600),)
    assert read.appointment == Appointment(date(2026, 3, 10), 510, 1440)


def test_every_fault_of_form_is_named_by_its_path():
    spoilt = {
        "days": ["2026-13-40"],
        "technicians": [{"technician_id": "1", "nam": "Anne", "home": {"latitude": 45.9}}],
        "visits": [
            {"visit_id": 1, "place": HERE, "duration_min": "90 min", "pin": 3},
            {"visit_id": 2, "place": HERE, "duration_min": 60.5, "urgent": "yes"},
        ],
        "colour": "blue",
    }
    found = {fault.subject: fault for fault in _faults(spoilt)}
    assert set(found) == {
        "$.days[0]",
        "$.technicians[0].technician_id",
        "$.technicians[0].name",
        "$.technicians[0].nam",
        "$.technicians[0].home.longitude",
        "$.visits[0].duration_min",
        "$.visits[0].pin",
        "$.visits[1].duration_min",
        "$.visits[1].urgent",
        "$.colour",
    }
    assert found["$.technicians[0].technician_id"].value == '"1"'
    assert found["$.technicians[0].technician_id"].expected == "a valid integer"
    assert "'name'" in found["$.technicians[0].nam"].remedy


def test_faults_of_content_are_all_there_too():
    visits = [{"visit_id": n, "place": HERE, "duration_min": -n} for n in (1, 2)]
    assert [fault.subject for fault in _faults(SMALL | {"visits": visits})] == ["visit 1", "visit 2"]
    assert _faults(SMALL | {"days": []})[0].subject == "days"
    assert _faults(SMALL | {"days": ["2001-01-01"]})[0].subject == "$.days[0]"


@pytest.mark.parametrize(
    ("matrix", "subject"), [([[0, 1], [0]], "$.travel"), ([[0]], "travel metres"), ([], "travel metres")]
)
def test_matrices_that_do_not_fit(matrix, subject):
    faults = _faults(SMALL | {"travel": {"metres": matrix, "minutes": [[0, 1], [1, 0]]}})
    assert [fault.subject for fault in faults] == [subject]


def test_text_that_is_no_json_and_files_that_are_not_there(tmp_path):
    assert _faults("{")[0].expected == "JSON"
    assert _faults("[]")[0].subject == "$"
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_problem(tmp_path / "nowhere.json")
    (tmp_path / "latin.json").write_bytes(b'{"name": "\xe9"}')
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_problem(tmp_path / "latin.json")


def test_given_matrices_are_used_and_computed_ones_come_from_the_provider():
    class Fixed:
        def matrix(self, places):
            return TravelMatrix(np.full((2, 2), 7) * (1 - np.eye(2, dtype=int)), np.zeros((2, 2), int))

    text = json.dumps(SMALL)
    assert read_problem(text, travel=Fixed()).travel.metres[0, 1] == 7
    given = write_problem(read_problem(text, travel=Fixed()))
    assert read_problem(json.dumps(given)).travel.metres[0, 1] == 7


def test_plans_are_written_and_read_back():
    problem = dense(3)
    plan, left = Naive(problem, 3).plan()
    reason = Unassigned(
        9, "heures", "journée pleine", "+20 min", True, Relaxation("heures", 1, amount=20), True
    )
    result = Result(
        "feasible", 10.0, 9.0, "borne", 0.1, plan, (*left, reason), Costs(km=10.0), ("épingle",), True
    )
    written = write_plan(result)
    text = json.dumps(written, allow_nan=False, ensure_ascii=False)
    assert read_plan(text) == plan
    assert written["gap_pct"] == pytest.approx(10.0)
    assert written["km"] == pytest.approx(result.km)
    assert written["unassigned"][-1]["relaxation"]["kind"] == "heures"
    assert write_plan(replace(result, lower_bound=float("-inf")))["lower_bound"] is None
    with pytest.raises(InvalidProblem, match=r"\$\.plan\[0\]\.day"):
        read_plan('{"plan": [{"technician_id": 1}]}')
