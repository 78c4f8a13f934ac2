"""Re-planning files: both forms, all events, every fault at once with its path."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from optimisers.model import InvalidProblem, Moment, Pin
from optimisers.readers.replan_json import ReplanInput, read_calls, read_replan, with_events
from optimisers.replanning import Cancelled, Illness, Made, Overrun, UrgentVisit

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


def _values() -> dict:
    given = json.loads((EXAMPLES / "replan-events.json").read_text())
    for part in ("problem", "plan"):
        given[part] = json.loads((EXAMPLES / given[part]).read_text())
    return given


def test_the_example_with_events_says_what_happened_and_applies():
    read = read_replan(EXAMPLES / "replan-events.json")
    assert read.now == Moment(date(2026, 3, 10), 570)
    assert read.max_changes == 2
    ill, made, cancelled, overrun, urgent = read.events
    assert ill == Illness(1, None, date(2026, 3, 11))
    assert made == Made(205, (1,), date(2026, 3, 10), 535, 565)
    assert (cancelled, overrun) == (Cancelled(206), Overrun(208, 30))
    assert isinstance(urgent, UrgentVisit)
    at_now = read.at_now()
    numbers = at_now.visit_number
    assert 206 not in numbers
    assert at_now.visits[numbers[205]].pin == Pin(1, date(2026, 3, 10), 535)
    assert at_now.visits[numbers[201]].published
    assert at_now.visits[numbers[209]].urgent


def test_parts_may_be_in_place_and_the_plan_may_be_the_list_alone():
    given = _values()
    whole = read_replan(json.dumps(given))
    given["plan"] = given["plan"]["plan"]
    assert read_replan(json.dumps(given)).plan == whole.plan


def test_a_problem_at_its_moment_is_a_replanning_of_its_own():
    read = read_replan(EXAMPLES / "replan.json")
    assert read.plan is None
    assert read.at_now() is read.problem
    with pytest.raises(InvalidProblem, match="a plan in force"):
        with_events(read, [Illness(1)]).at_now()
    with pytest.raises(InvalidProblem, match=r"\$\.now"):
        read_replan(EXAMPLES / "week.json")


def test_every_fault_of_every_part_is_named_with_its_path():
    given = _values()
    given["problem"]["visits"][0]["duration_min"] = "long"
    given["plan"]["plan"][0]["technician_id"] = None
    given["events"][0]["technician"] = 3
    given["events"][2] = {"kind": "sneeze"}
    given["max_changes"] = -1
    with pytest.raises(InvalidProblem) as caught:
        read_replan(json.dumps(given))
    told = str(caught.value)
    for path in (
        "$.problem.visits[0].duration_min",
        "$.plan[0].technician_id",
        "technician",
        "sneeze",
        "$.max_changes",
    ):
        assert path in told, path
    with pytest.raises(InvalidProblem, match="JSON"):
        read_replan("{")


def test_more_events_and_another_moment_from_outside():
    read = read_replan(EXAMPLES / "replan-events.json")
    later = Moment(date(2026, 3, 10), 660)
    more = with_events(read, [Illness(3)], later, 7)
    assert (more.now, more.max_changes, len(more.events)) == (later, 7, 6)
    assert more.at_now().now == later
    assert isinstance(with_events(read, []), ReplanInput)
    assert with_events(read, []).max_changes == 2


def test_calls_are_a_list_of_visits_or_one():
    call = {"visit_id": 9, "place": {"latitude": 45.9, "longitude": 6.1}, "duration_min": "00:45"}
    assert [v.duration_min for v in read_calls(json.dumps([call]))] == [45]
    assert read_calls(json.dumps(call))[0].visit_id == 9
    with pytest.raises(InvalidProblem, match="place"):
        read_calls(json.dumps({**call, "place": {"latitude": "north", "longitude": 6.1}}))
