"""Files of both layouts, what is refused, and the bench on a folder."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from core.errors import InvalidInput
from optimisers.bench import run_planner_bench
from optimisers.bench.vrptw import find, tenths
from optimisers.readers.vrptw import read

SOLOMON = """TINY

VEHICLE
NUMBER     CAPACITY
  3         20

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        200          0
    1      1          1         10         30         60         10
    2      3          4          7          0        100         10
    3      6          8         12         50         90         10
"""
SECTIONS = """NAME : TINY
TYPE : VRPTW
DIMENSION : 4
VEHICLES : 3
CAPACITY : 20
SERVICE_TIME : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 1 1
3 3 4
4 6 8
DEMAND_SECTION
1 0
2 10
3 7
4 12
TIME_WINDOW_SECTION
1 0 200
2 30 60
3 0 100
4 50 90
DEPOT_SECTION
1
-1
EOF
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_both_layouts_are_the_same_problem(tmp_path: Path) -> None:
    first = read(written(tmp_path, "a.txt", SOLOMON.replace("\n", "\r\n")))
    second = read(written(tmp_path, "b.vrp", SECTIONS))
    assert (first.name, first.vehicles, first.capacity) == ("a", 3, 20)
    assert (second.vehicles, second.capacity) == (3, 20)
    for field in ("demand", "ready", "due", "service", "distance"):
        assert np.array_equal(getattr(first, field), getattr(second, field)), field
    assert first.ready.tolist() == [0, 300, 0, 500]
    assert first.service.tolist() == [0, 100, 100, 100]
    assert first.distance[0].tolist() == [0, 14, 50, 100]  # 1.414… is 1.4


def test_a_section_may_give_each_service_time(tmp_path: Path) -> None:
    section = "SERVICE_TIME_SECTION\n1 0\n2 5\n3 6\n4 7\nDEPOT_SECTION"
    text = SECTIONS.replace("SERVICE_TIME : 10\n", "").replace("DEPOT_SECTION", section)
    assert read(written(tmp_path, "a.vrp", text)).service.tolist() == [0, 50, 60, 70]


def test_all_faults_of_a_file_are_named_at_once(tmp_path: Path) -> None:
    text = SOLOMON.replace("1         10         30         60", "1        -10         70         60")
    text = text.replace("3      6 ", "5      x ").replace("  3         20", "  0         20")
    with pytest.raises(InvalidInput) as refused:
        read(written(tmp_path, "bad.txt", text))
    for part in (
        "number of vehicles is 0",
        "customer 5 follows 2",
        "'x', not a number",
        "is -10",
        "before it",
    ):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("DIMENSION : 4", "DIMENSION : 5", "has 4 lines, DIMENSION is 5"),
        ("EUC_2D", "EXPLICIT", "EDGE_WEIGHT_TYPE is EXPLICIT"),
        ("DEPOT_SECTION\n1", "DEPOT_SECTION\n2", "not node 1 alone"),
        ("CAPACITY : 20", "CAPACITY : many", "'many', not a number"),
        ("4 6 8", "4 6", "is not node 4 with 2 numbers"),
        ("4 50 90", "4 50.55 90", "multiple of 0.1"),
        ("4 50 90", "4 50 9e9", "due date of 3"),
        ("1 0\n2 10\n", "1 3\n2 10\n", "demand of the depot is 3"),
        ("4 6 8", "4 6 1e300", "beyond"),
    ],
)
def test_faults_in_sections_are_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in SECTIONS
    with pytest.raises(InvalidInput, match=named):
        read(written(tmp_path, "bad.vrp", SECTIONS.replace(old, new)))


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="VEHICLE and CUSTOMER"):
        read(written(tmp_path, "notes.txt", "hello\n"))
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(tmp_path / "binary.txt")


def test_an_instance_in_both_layouts_counts_once(tmp_path: Path) -> None:
    written(tmp_path, "b.txt", SOLOMON)
    written(tmp_path, "b.vrp", SECTIONS)
    (tmp_path / "deeper").mkdir()
    written(tmp_path / "deeper", "a.vrp", SECTIONS)
    assert [(name, path.suffix) for name, path in find(tmp_path)] == [("a", ".vrp"), ("b", ".txt")]


def test_the_bench_writes_costs_and_solutions_that_agree(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    written(data, "a.txt", SOLOMON)
    written(data, "late.txt", SOLOMON.replace("50         90", " 0          5"))
    run_planner_bench("vrptw", data, out, seconds=0.3, seed=1, progress=lambda *_: None)
    with (out / "results.csv").open(encoding="utf-8") as file:
        rows = {row["instance"]: row for row in csv.DictReader(file)}
    routes = json.loads((out / "a.sol").read_text())["routes"]
    distance = read(data / "a.txt").distance
    total = sum(int(distance[[0, *route], [*route, 0]].sum()) for route in routes)
    assert rows["a"]["feasible"] == "true"
    assert rows["a"]["cost"] == tenths(total)
    assert sorted(c for route in routes for c in route) == [1, 2, 3]
    assert (rows["late"]["feasible"], rows["late"]["cost"]) == ("false", "")
    assert not (out / "late.sol").exists()
