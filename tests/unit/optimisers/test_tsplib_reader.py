"""TSPLIB95 files: every weight type and layout read right, every fault of a bad file named."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from core.errors import InvalidInput
from optimisers.bench import run_planner_bench
from optimisers.readers.tsplib import parse_tsplib, read_tsplib

# Three stops 3-4-5 apart, moved so that rounding rules differ.
POINTS = "1 0 0\n2 3.2 0\n3 0 4.4\n"
FULL = [[0, 1, 2, 3], [1, 0, 4, 5], [2, 4, 0, 6], [3, 5, 6, 0]]


def coordinates(weight_type: str, points: str = POINTS, count: int = 3) -> str:
    return (
        f"NAME : three\nCOMMENT : made by hand: no colon trouble\nTYPE : TSP\nDIMENSION : {count}\n"
        f"EDGE_WEIGHT_TYPE : {weight_type}\nNODE_COORD_SECTION\n{points}EOF\n"
    )


def explicit(layout: str, numbers: str, count: int = 4) -> str:
    return (
        f"NAME: four\nTYPE: TSP\nDIMENSION: {count}\nEDGE_WEIGHT_TYPE: EXPLICIT\n"
        f"EDGE_WEIGHT_FORMAT: {layout}\nEDGE_WEIGHT_SECTION\n{numbers}\nEOF\n"
    )


@pytest.mark.parametrize(
    ("weight_type", "sides"),
    [
        ("EUC_2D", (3, 4, 5)),  # 3.2, 4.4, √29.6 = 5.44
        ("CEIL_2D", (4, 5, 6)),
        ("MAN_2D", (3, 4, 8)),  # 7.6
        ("MAX_2D", (3, 4, 4)),
        ("ATT", (2, 2, 2)),  # √1.024 = 1.01 → 1 is below, so 2; 1.39 → 2; 1.72 → 2
    ],
)
def test_plane_lengths(weight_type, sides):
    lengths = parse_tsplib(coordinates(weight_type)).lengths
    assert (lengths[0, 1], lengths[0, 2], lengths[1, 2]) == sides
    assert (lengths == lengths.T).all()
    assert not lengths.diagonal().any()


def test_half_is_rounded_up():
    assert parse_tsplib(coordinates("EUC_2D", "1 0 0\n2 2.5 0\n", 2)).lengths[0, 1] == 3


def test_lengths_in_space():
    text = coordinates("EUC_3D", "1 0 0 0\n2 1 2 2\n3 0 0 1.4\n")
    assert parse_tsplib(text).lengths[0].tolist() == [0, 3, 1]


def test_geographical_lengths_follow_degrees_and_minutes():
    """A degree of a meridian is 6378.388 × π/180 = 111.3 km; 0.30 is half a degree; south is negative."""
    lengths = parse_tsplib(coordinates("GEO", "1 0 0\n2 1.00 0\n3 -0.30 0\n")).lengths
    assert lengths[0].tolist() == [0, 112, 56]
    assert lengths[1, 2] == 167


@pytest.mark.parametrize(
    ("layout", "numbers"),
    [
        ("FULL_MATRIX", "0 1 2 3 1 0 4 5 2 4 0 6 3 5 6 0"),
        ("FULL_MATRIX", "9999 1 2 3\n1 9999 4 5\n2 4 9999 6\n3 5 6 9999"),
        ("UPPER_ROW", "1 2 3 4 5 6"),
        ("LOWER_COL", "1 2 3\n4 5\n6"),
        ("LOWER_ROW", "1 2 4 3 5 6"),
        ("UPPER_COL", "1 2 4 3 5 6"),
        ("UPPER_DIAG_ROW", "0 1 2 3 0 4 5 0 6 0"),
        ("LOWER_DIAG_COL", "0 1 2 3 0 4 5 0 6 0"),
        ("LOWER_DIAG_ROW", "0 1 0\n2 4\n0 3 5 6 0"),
        ("UPPER_DIAG_COL", "0 1 0 2 4 0 3 5 6 0"),
    ],
)
def test_explicit_layouts(layout, numbers):
    assert parse_tsplib(explicit(layout, numbers)).lengths.tolist() == FULL


def test_display_data_and_a_missing_end_do_not_matter():
    text = explicit("UPPER_ROW", "1 2 3 4 5 6\nDISPLAY_DATA_SECTION\n1 0 0\n2 0 0\n3 1 1\n4 2 2")
    assert parse_tsplib(text.replace("EOF\n", "")).lengths.tolist() == FULL


def test_numbers_of_stops_are_kept():
    instance = parse_tsplib(coordinates("EUC_2D", "7 0 0\n3 3 0\n12 0 4\n"))
    assert instance.numbers == (7, 3, 12)
    assert instance.name == "three"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["DIMENSION is missing", "EDGE_WEIGHT_TYPE is missing"]),
        (coordinates("EUC_2D").replace("DIMENSION : 3", "DIMENSION : 0"), ["DIMENSION is 0"]),
        (coordinates("XRAY1"), ["EDGE_WEIGHT_TYPE is XRAY1"]),
        (coordinates("EUC_2D", "1 0 0\n2 1 x\n3 y 2\n"), ["“x” is not a number (2 such words)"]),
        (coordinates("EUC_2D", "1 0 0\n2 1 nan\n3 2 2\n"), ["not finite"]),
        (coordinates("EUC_2D", count=4), ["9 numbers, expected 4 lines of 3"]),
        (coordinates("EUC_2D", "1 0 0\n1 3 0\n1.5 0 4\n"), ["number is not whole", "given twice: 1"]),
        (coordinates("EUC_2D").replace("TYPE : TSP", "TYPE : ATSP", 1), ["TYPE is ATSP"]),
        (coordinates("EUC_2D").replace("NODE_COORD", "DEMAND"), ["NODE_COORD_SECTION is missing", "DEMAND"]),
        (explicit("UPPER_ROW", "1 2 3 4 5"), ["5 numbers, expected 6 for UPPER_ROW"]),
        (explicit("SPIRAL", "1"), ["EDGE_WEIGHT_FORMAT is SPIRAL"]),
        (explicit("UPPER_ROW", "1 2 3 4 5 6.5"), ["6.5 is not a whole number"]),
        (explicit("FULL_MATRIX", "0 1 2 0", 2), ["not symmetric: 1 to 2 is 1, back it is 2"]),
        ("what is this\n" + coordinates("EUC_2D"), ["line 1: “what is this” is neither"]),
        (
            coordinates("EUC_2D", "1 0 0\n").replace("TYPE : TSP", "TYPE : HCP", 1),
            ["TYPE is HCP", "3 numbers, expected 3 lines of 3"],
        ),
    ],
)
def test_bad_files_are_refused_with_every_fault(text, faults):
    with pytest.raises(InvalidInput) as refused:
        parse_tsplib(text)
    for fault in faults:
        assert fault in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_tsplib(tmp_path / "none.tsp")


def test_the_bench_writes_tours_that_add_up(tmp_path):
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    places = np.random.default_rng(2).integers(0, 200, (12, 2))
    rows = "".join(f"{number} {x} {y}\n" for number, (x, y) in enumerate(places.tolist(), 1))
    (data / "dozen.tsp").write_text(coordinates("EUC_2D", rows, 12), encoding="utf-8")
    (data / "spoilt.tsp").write_text("DIMENSION : many\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="1 of 2 instances"):
        run_planner_bench("tsplib", data, out, seconds=0.2, seed=1, progress=lambda *_: None)
    with (out / "results.csv").open(encoding="utf-8") as file:
        dozen, spoilt = csv.DictReader(file)
    tour = json.loads((out / "dozen.sol").read_text(encoding="utf-8"))["tour"]
    assert sorted(tour) == list(range(1, 13))
    legs = places[np.array(tour) - 1] - places[np.roll(tour, -1) - 1]
    assert int(dozen["cost"]) == int(np.floor(np.hypot(*legs.T) + 0.5).sum())
    assert int(dozen["lower_bound"]) <= int(dozen["cost"])
    assert (spoilt["cost"], spoilt["feasible"]) == ("", "false")
