"""TRSP files: read, refused, solved; the written cost recomputed from the solution alone."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from core.errors import InvalidInput
from optimisers.bench import trsp
from optimisers.readers.trsp import parse_trsp
from optimisers.routing.instance import Orders

HEAD = """{name}

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
2      2       2       2

DEPOT TECHNICIANS AND REQUESTS
ID   X     Y     TWS    TWE    Serv   SKILLS   TOOLS    SPARE PARTS
"""
ROWS = """0    50   50    0   500    0      [] \t[] \t[]
1    10   10    0   400    0      [0,1] \t[0] \t[1,0]
2    90   90    0   400    0      [1] \t[0,1] \t[2,2]
3    20   10   100  140   10      [0] \t[0] \t[1,0]
4    20   30    0   400   10      [1] \t[1] \t[0,0]
5    80   80   200  260   20      [1] \t[] \t[1,1]
6    60   90    0   400    5      [0] \t[] \t[1,0]
"""
TEXT = HEAD.format(name="X1") + ROWS


def _table() -> dict[int, list[float]]:
    return {int(row.split()[0]): [float(x) for x in row.split()[1:6]] for row in ROWS.splitlines()}


def _away(technician: int, visits: list[int]) -> float | None:
    """Minutes from the best departure to the return, tried on a fine grid and at every window's edge."""
    rows = _table()
    best = None
    tried = [k / 4 for k in range(4 * 400)]
    back_to_start, here, way = [], technician, 0.0
    for stop in visits:
        way += math.dist(rows[here][:2], rows[stop][:2])
        back_to_start += [rows[stop][2] - way, rows[stop][3] - way]
        way, here = way + rows[stop][4], stop
    for leave in [t for t in (*tried, *back_to_start) if t >= 0]:
        now, here = leave, technician
        for stop in (*visits, technician):
            now += math.dist(rows[here][:2], rows[stop][:2])
            if now > rows[stop][3] + 1e-6:
                break
            now, here = max(now, rows[stop][2]) + rows[stop][4], stop
        else:
            best = now - leave if best is None else min(best, now - leave)
    return best


def test_rows_become_homes_needs_and_what_is_carried():
    read = parse_trsp(TEXT, "X1")
    routing = read.routing
    assert (read.technicians, read.requests) == ((1, 2), (3, 4, 5, 6))
    assert routing.leg_min[1, 3] == 10.0
    assert routing.leg_min[0, 1] == pytest.approx(math.hypot(40, 40))
    assert (routing.choice_cost == math.inf).tolist() == [[False] * 4, [True, False, False, True]]
    assert routing.needs_tool.tolist() == [[True, False], [False, True], [False, False], [False, False]]
    assert routing.has_part.tolist() == [[1, 0], [2, 2]]
    assert routing.windows[2, 0, 0].tolist() == [200.0, 260.0]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[0,1] \t[0] \t[1,0]", "[0,7] \t[0] \t[1,0]", "skill 7"),
        ("[1] \t[1] \t[0,0]", "[1] \t[5] \t[0,0]", "tool 5"),
        ("[1] \t[] \t[1,1]", "[1] \t[] \t[1,1,1]", "3 spare parts"),
        ("200  260", "260  200", "260–200"),
        ("3    20   10 ", "3    20   ten", "line 12"),
        ("6    60", "5    60", "5 is there twice"),
        ("2      2       2       2", "2      2       2", "four whole numbers"),
        ("2      2       2       2", "9      2       2       2", "expected a depot, 9 technicians"),
        ("   20   ", "   nan  ", "line 12"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_the_fault_named(old, new, named):
    assert old in TEXT
    with pytest.raises(InvalidInput, match=named):
        parse_trsp(TEXT.replace(old, new, 1), "X1")


def test_all_faults_are_named_at_once():
    spoilt = TEXT.replace("[1] \t[1] \t[0,0]", "[9] \t[8] \t[0,-1]")
    with pytest.raises(InvalidInput) as refusal:
        parse_trsp(spoilt, "X1")
    assert all(word in str(refusal.value) for word in ("skill 9", "tool 8"))


def test_nothing_in_the_file_is_refused():
    with pytest.raises(InvalidInput):
        parse_trsp("", "X1")


def test_instances_are_found_by_name_without_those_of_the_dynamic_case(tmp_path: Path):
    for name in ("crew25/C101.100_25.txt", "crew25/R2.txt", "dynamic_release_dates/C101.100_25_rd_10.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert [name for name, _ in trsp.find(tmp_path)] == ["C101", "R2"]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "C101.50_25.txt").write_text(TEXT, encoding="utf-8")
    assert [name for name, _ in trsp.find(tmp_path)] == ["C101.100_25", "C101.50_25", "R2"]


def test_the_written_cost_is_that_of_the_routes_and_the_least_there_is(tmp_path: Path, monkeypatch):
    file = tmp_path / "X1.4_2.txt"
    file.write_text(TEXT, encoding="utf-8")
    search = trsp.search
    monkeypatch.setattr(
        trsp, "search", lambda routing, seconds, seed: search(routing, max_iterations=300, seed=seed)
    )
    solved = trsp.solve_file(file, 1.0, 1)
    assert solved.feasible
    routes = {route["technician"]: route["visits"] for route in solved.solution["routes"]}
    assert float(solved.cost) == pytest.approx(sum(_away(t, v) for t, v in routes.items()), abs=0.01)
    # 3 and 6 need skill 0, so technician 1, who has one part of the first kind for the two and no tool 1.
    best = math.inf
    for own in ((3, 6), (3, 4, 6), (3, 5, 6), (3, 4, 5, 6)):
        rest = [visit for visit in (4, 5) if visit not in own]
        for order in itertools.permutations((0, *own)):
            before = order[: order.index(0)]
            if 4 in before or 5 in before or {3, 6} <= set(before):
                continue
            others = [_away(2, list(other)) for other in itertools.permutations(rest)] if rest else [0.0]
            mine = _away(1, list(order))
            if mine is not None and any(other is not None for other in others):
                best = min(best, mine + min(other for other in others if other is not None))
    assert float(solved.cost) == pytest.approx(best, abs=0.01)
    assert 0 < float(solved.lower_bound) <= best


def test_a_request_nobody_may_do_has_no_cost_and_no_solution(tmp_path: Path):
    file = tmp_path / "X2.txt"
    text = TEXT.replace("[0,1] \t[0] \t[1,0]", "[1] \t[0] \t[1,0]")
    file.write_text(text, encoding="utf-8")
    solved = trsp.solve_file(file, 0.1, 1)
    assert (solved.cost, solved.feasible, solved.solution) == (None, False, None)


def test_solutions_name_the_passage_and_leave_out_who_stays_home():
    read = parse_trsp(TEXT, "X1")
    orders = Orders(((0, 1), ()), (1, -1), 1.0, 1)
    assert trsp.routes_of(read, orders) == {"routes": [{"technician": 1, "visits": [3, 0, 4]}]}
