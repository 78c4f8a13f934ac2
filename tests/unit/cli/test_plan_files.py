"""`fieldhouse plan` on JSON files: what it prints and writes, and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.plan import INFEASIBLE, REFUSED, stopped_by_ctrl_c
from optimisers.checker import check
from optimisers.model import Unassigned
from optimisers.readers.problem_json import read_plan, read_problem

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


def _run(*arguments: object):
    return CliRunner().invoke(app, ["plan", *map(str, arguments)])


def test_a_week_from_a_file_is_summarised_and_written(tmp_path):
    out = tmp_path / "made" / "plan.json"
    answer = _run("week", "--problem", EXAMPLES / "week.json", "--out", out, "--iterations", 300)
    assert answer.exit_code == 0, answer.output
    for word in ("réalisable", "8 visites", "km", "h de travail", "Borne inférieure", "écart"):
        assert word in answer.output
    problem = read_problem(EXAMPLES / "week.json")
    values = json.loads(out.read_text())
    left = [Unassigned(u["visit_id"], u["code"], u["reason"]) for u in values["unassigned"]]
    assert check(problem, read_plan(out), left).lawful


def test_a_tour_from_a_file_and_the_same_seed_gives_the_same(tmp_path):
    plans = []
    for name in ("a", "b"):
        assert _run("tour", "--problem", EXAMPLES / "tour.json", "--out", tmp_path / name).exit_code == 0
        plans.append(read_plan(tmp_path / name / "plan.json"))
    assert plans[0] == plans[1]


def test_a_replan_from_a_file_writes_every_point_and_says_whom_to_call(tmp_path):
    answer = _run(
        "replan", "--problem", EXAMPLES / "replan-events.json", "--out", tmp_path, "--iterations", 300
    )
    assert answer.exit_code == 0, answer.output
    for word in ("absence : Camille Perrin", "recommandé", "imposé", "objectif"):
        assert word in answer.output
    values = json.loads((tmp_path / "plan.json").read_text())
    assert [p["changes"] for p in values["curve"]] == sorted({p["changes"] for p in values["curve"]})
    assert sum(p["recommended"] for p in values["curve"]) == 1
    for point in values["curve"]:
        assert (tmp_path / f"plan-{point['changes']}-changements.json").exists()


def test_options_add_to_the_files_events(tmp_path):
    call = tmp_path / "call.json"
    place = {"latitude": 45.9, "longitude": 6.12}
    call.write_text(json.dumps({"visit_id": 900, "place": place, "duration_min": 30, "urgent": True}))
    answer = _run(
        "replan", "--problem", EXAMPLES / "replan-events.json", "--at", "2026-03-10 11:00", "--urgent", call,
        "--overrun", "201:15", "--max-changes", 0, "--iterations", 100,
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert "11:00" in answer.output
    assert "urgence 900" in answer.output
    assert "visite 201 plus longue de 15 min" in answer.output


def test_a_refused_file_lists_every_fault_and_exits_with_two(tmp_path):
    given = json.loads((EXAMPLES / "week.json").read_text())
    given["visits"][0]["duration_min"] = -5
    given["visits"][1]["place"]["latitude"] = 200.0
    given["visits"][2]["skills"] = {"Magie": 1}
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(given))
    answer = _run("week", "--problem", bad)
    assert answer.exit_code == REFUSED
    for part in ("3 fault(s)", "-5 min", "latitude 200.0", "Magie"):
        assert part in answer.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--cancel", 999), "cancelled visit 999"),
        (("--ill", 77), "technician 77"),
        (("--overrun", "many"), "VISIT:MINUTES"),
        (("--urgent", 12), "ids of the warehouse"),
        (("--urgent", "missing.json"), "missing.json"),
    ],
)
def test_options_that_cannot_be_are_refused(options, told):
    answer = _run("replan", "--problem", EXAMPLES / "replan-events.json", *options)
    assert answer.exit_code == REFUSED
    assert told in answer.output


def test_pins_that_cannot_hold_are_a_status_with_conflicts_and_exit_code_three(tmp_path):
    given = json.loads((EXAMPLES / "tour.json").read_text())
    pin = {"technician_id": 7, "day": "2026-03-10", "start_min": "08:05"}
    given["visits"][0] |= {"pin": pin, "place": {"latitude": 45.0, "longitude": 6.1}}
    impossible = tmp_path / "impossible.json"
    impossible.write_text(json.dumps(given))
    answer = _run("week", "--problem", impossible, "--iterations", 100)
    assert answer.exit_code == INFEASIBLE, answer.output
    assert "irréalisable" in answer.output
    assert "Conflit" in answer.output
    assert "101" in answer.output


def test_tour_without_technician_or_file_says_what_to_give():
    answer = _run("tour")
    assert answer.exit_code == 2
    assert "--problem" in answer.output


def test_the_first_ctrl_c_asks_to_stop_and_the_former_handler_comes_back():
    assert threading.current_thread() is threading.main_thread()
    former = signal.getsignal(signal.SIGINT)
    with stopped_by_ctrl_c() as should_stop:
        assert not should_stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert should_stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is former


def test_interrupted_plans_say_so():
    from optimisers import weekly
    from optimisers.model import Stop
    from services.planning.report import plan_report

    problem = read_problem(EXAMPLES / "week.json")
    result = weekly.solve(problem, Stop(max_iterations=100), 1, should_stop=lambda: True)
    report = plan_report(problem, result)
    assert report.interrupted
    assert "interrompu" in report.summary()
    assert report.metadata()["interrompu"] == 1
    assert report.first_day == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("command", "changes", "said"),
    [
        ("tour", {}, "3 technicians and 5 days"),
        ("week", {"travel": {"metres": [[10**30]], "minutes": [[0]]}}, "too large"),
        ("week", {"depot_parts": 1}, "unknown key"),
    ],
)
def test_what_no_solver_can_take_is_refused(tmp_path, command, changes, said):
    problem = tmp_path / "problem.json"
    problem.write_text(json.dumps(json.loads((EXAMPLES / "week.json").read_text()) | changes))
    answer = _run(command, "--problem", problem)
    assert answer.exit_code == REFUSED, answer.output
    assert said in " ".join(answer.output.split())


def test_a_plan_that_could_not_be_written_is_refused_before_the_search(tmp_path):
    (tmp_path / "file").write_text("")
    answer = _run("week", "--problem", EXAMPLES / "week.json", "--out", tmp_path / "file")
    assert answer.exit_code == REFUSED
    assert "cannot be written" in answer.output
