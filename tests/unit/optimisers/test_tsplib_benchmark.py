"""The judge of the TSPLIB benchmark and what its report says of given rows."""

from __future__ import annotations

import pytest

from benchmarks.tsplib import OURS, judged, plane_points, report

SQUARE = {1: (0.0, 0.0), 2: (0.0, 10.0), 3: (10.0, 10.0), 4: (10.0, 0.0)}


def test_tours_are_measured_and_faulty_ones_refused():
    assert judged(SQUARE, [1, 2, 3, 4]) == 40
    assert judged(SQUARE, [1, 3, 2, 4]) == 48  # 10 √2 counts as 14
    for faulty in ([1, 2, 3], [1, 2, 3, 3], [1, 2, 3, 5], [1, 2, 3, 4, 1], None):
        assert judged(SQUARE, faulty) is None


def test_points_are_read_and_other_types_refused(tmp_path):
    path = tmp_path / "square.tsp"
    rows = "\n".join(f" {number} {x:e} {y}" for number, (x, y) in SQUARE.items())
    text = f"NAME: square\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n{rows}\nEOF\n"
    path.write_text(text, encoding="utf-8")
    assert plane_points(path) == SQUARE
    path.write_text(text.replace("EUC_2D", "GEO"), encoding="utf-8")
    with pytest.raises(ValueError, match="only EUC_2D"):
        plane_points(path)


def test_the_report_says_when_a_target_is_missed_and_a_peer_is_ahead():
    def row(solver: str, cost: int) -> dict:
        return {
            "instance": "square", "stops": 4, "solver": solver, "seed": 1, "seconds": 1.0, "cost": cost,
            "feasible": True, "gap_pct": 100 * (cost - 1000) / 1000, "lower_bound": 990, "best_known": 1000,
        }  # fmt: skip

    good = report([row(OURS, 1000), row("PyVRP", 1010)], {"PyVRP": "1"})
    assert "target ≤ 0.1 %: **reached**; +1.000 points ahead of the best peer (PyVRP); not behind" in good
    bad = report([row(OURS, 1010), row("PyVRP", 1000)], {"PyVRP": "1"})
    assert "**not reached**; -1.000 points ahead of the best peer (PyVRP); behind by more than" in bad
