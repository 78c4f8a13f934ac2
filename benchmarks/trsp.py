"""Technicians with own homes, skills, tools and spare parts, on the instances of Pillac et al. (2013).

``python -m benchmarks.trsp --data DIR --out DIR [--quick] [--seeds 1 2 3] [--instances GLOB ...]``: same
seconds, one thread. Below DIR lie the instances and in it ``BEST_KNOWN.csv`` (instance,
best_known_total_duration). Writes ``trsp.json`` (one row a run) and, from it alone, ``trsp.md``. Routes are
checked and measured here, apart from any solver.
"""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks.instances import OURS, Row, measure, options
from benchmarks.peers_trsp import PEERS, Data, Routes
from optimisers.bench import trsp as ours

QUICK = ("C101", "C203", "R101", "R207", "RC105", "RC203")
SECONDS, TARGET_PCT, TOLERANCE = 30.0, 2.0, 1e-6


def data_of(path: Path) -> Data:
    """An instance for the judge and the peers."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = next(k for k, line in enumerate(lines) if line.startswith("CREW"))
    crew, skills, tools, parts = map(int, lines[head + 1].split())
    first = next(k for k, line in enumerate(lines) if line.startswith("ID")) + 1
    table, lists = [], []
    for line in lines[first:]:
        if line.strip():
            table.append([float(x) for x in line.split("[")[0].split()[1:]])
            lists.append(
                [[int(x) for x in re.findall(r"\d+", part)] for part in re.findall(r"\[(.*?)\]", line)]
            )
    return Data(
        crew,
        np.array(table),
        np.array([[k in row[0] for k in range(skills)] for row in lists]),
        np.array([[k in row[1] for k in range(tools)] for row in lists]),
        np.array([row[2] or [0] * parts for row in lists]),
    )


def judged(data: Data, routes: Routes | None) -> float | None:
    """Minutes from leaving home to coming back, summed; None when a rule is broken or a request is missed."""
    if routes is None:
        return None
    visits = sorted(stop for _, stops in routes for stop in stops if stop != 0)
    if len({technician for technician, _ in routes}) < len(routes) or visits != list(
        range(data.crew + 1, len(data.table))
    ):
        return None
    minutes, total = data.minutes, 0.0
    for technician, stops in routes:
        if not _equipped(data, technician, stops):
            return None
        away = _away(data, minutes, technician, stops)
        if away is None:
            return None
        total += away
    return total


def _equipped(data: Data, technician: int, stops: Sequence[int]) -> bool:
    left, passed = data.parts[technician].copy(), False
    for stop in stops:
        if stop == 0:
            passed = True
            continue
        if (data.skills[stop] & ~data.skills[technician]).any():
            return False
        if not passed:
            left -= data.parts[stop]
            if (data.tools[stop] & ~data.tools[technician]).any() or (left < 0).any():
                return False
    return True


def _away(data: Data, minutes: np.ndarray, technician: int, stops: Sequence[int]) -> float | None:
    """The earliest return, then the latest departure that still makes it, found backwards."""
    opens, closes, service = data.table[:, 2], data.table[:, 3], data.table[:, 4].copy()
    service[0] = 0.0
    clock, here = opens[technician], technician
    for stop in (*stops, technician):
        clock += minutes[here, stop]
        if clock > closes[stop] + TOLERANCE:
            return None
        if stop != technician:
            clock = max(clock, opens[stop]) + service[stop]
        here = stop
    latest, after = clock, technician
    for stop in reversed(stops):
        latest = min(closes[stop], latest - minutes[stop, after] - service[stop])
        after = stop
    return float(clock - (latest - minutes[technician, after]))


def run(path: Path, best: float, name: str, solver: str, seed: int, seconds: float) -> Row:
    """One solver on one instance: what the judge says of its routes."""
    data = data_of(path)
    began, worked = time.perf_counter(), time.process_time()
    told = bound = None
    if solver == OURS:
        solved = ours.solve_file(path, seconds, seed)
        told = None if solved.cost is None else float(solved.cost)
        bound = None if solved.lower_bound is None else float(solved.lower_bound)
        listed = solved.solution["routes"] if solved.solution else []
        routes = [(route["technician"], route["visits"]) for route in listed]
    else:
        routes = PEERS[solver](data, seconds, seed)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    cost = judged(data, routes)
    if told is not None and (cost is None or abs(cost - told) > 0.01):
        raise SystemExit(f"{name}: the solver says {told}, the judge {cost}")
    return {
        "instance": name,
        "solver": solver,
        "seed": seed,
        "seconds": seconds,
        "took_s": round(took, 2),
        "cpu_s": round(worked, 2),
        "cost": cost,
        "feasible": cost is not None,
        "gap_pct": None if cost is None else 100 * (cost - best) / best,
        "lower_bound": bound,
        "best_known": best,
    }


def report(rows: Sequence[Row], versions: dict[str, str]) -> str:
    """The measures as Markdown, written from the rows alone."""
    seconds = sorted({row["seconds"] for row in rows})
    lines = [
        "## Technician routing: skills, tools, spare parts, own homes, depot (Pillac, Guéret, Medaglia 2013)",
        "",
        f"Gap to the best known total duration in %, {' or '.join(f'{s:g}' for s in seconds)} seconds, one "
        "thread. The peers know skills; for tools and parts each technician is two vehicles, one with what "
        "he carries and one that passes the depot first, and plans that use both are not feasible (OR-Tools "
        "can be told, PyVRP and VROOM cannot). VROOM minimises travel only and stops by itself; it and "
        "OR-Tools routing have no seed. CPU: mean share of the wall time that the solver had; runs with "
        "little of it say little.",
        "",
        "| class | instances | solver | seeds | mean gap | worst gap | not feasible | CPU |",
        "|---|---:|---|---:|---:|---:|---:|---:|",
    ]
    solvers = list(dict.fromkeys(row["solver"] for row in rows))
    for kind in ("C", "R", "RC", "all"):
        for solver in solvers:
            mine = [
                row for row in rows if row["solver"] == solver and kind in (_kind(row["instance"]), "all")
            ]
            gaps = [row["gap_pct"] for row in mine if row["feasible"]]
            if mine:
                lines.append(
                    f"| {kind} | {len({row['instance'] for row in mine})} | {solver} "
                    f"| {len({row['seed'] for row in mine})} | {_number(gaps, mean)} | {_number(gaps, max)} "
                    f"| {len(mine) - len(gaps)} | {mean(row['cpu_s'] / row['took_s'] for row in mine):.0%} |"
                )
    lines += [
        "",
        *_verdicts(rows),
        "",
        f"| mean gap | {' | '.join(solvers)} |",
        "|---|" + "---:|" * len(solvers),
    ]
    for instance in sorted({row["instance"] for row in rows}):
        cells = [
            _number(
                [
                    row["gap_pct"]
                    for row in rows
                    if (row["instance"], row["solver"]) == (instance, solver) and row["feasible"]
                ],
                mean,
            )
            for solver in solvers
        ]
        lines.append(f"| {instance} | " + " | ".join(cells) + " |")
    peers = ", ".join(f"{name} {number}" for name, number in versions.items())
    return "\n".join([*lines, *(["", f"Peers: {peers}."] if peers else [])]) + "\n"


def _kind(instance: str) -> str:
    return re.match(r"[A-Za-z]*", instance)[0]


def _number(gaps: Sequence[float], of: Any) -> str:
    return f"{of(gaps):.2f}" if gaps else "–"


def _verdicts(rows: Sequence[Row]) -> list[str]:
    """Target, and the paired difference to each peer over the runs both solved."""
    mine = {(row["instance"], row["seed"]): row["gap_pct"] for row in rows if row["solver"] == OURS}
    gaps = [gap for gap in mine.values() if gap is not None]
    if not gaps:
        return []
    reached = len(gaps) == len(mine) and mean(gaps) <= TARGET_PCT
    verdict = "reached" if reached else "not reached"
    lines = [f"- Target all feasible, mean gap ≤ {TARGET_PCT:g} %: **{verdict}**."]
    bounds = [
        100 * (1 - row["lower_bound"] / row["cost"]) for row in rows if row["lower_bound"] and row["cost"]
    ]
    if bounds:
        lines.append(
            f"- Proved gap (cost over its lower bound): mean {mean(bounds):.1f} %, worst {max(bounds):.1f} %."
        )
    for solver in PEERS:
        ahead = [
            row["gap_pct"] - mine[row["instance"], row["seed"]]
            for row in rows
            if row["solver"] == solver
            and row["feasible"]
            and mine.get((row["instance"], row["seed"])) is not None
        ]
        if ahead:
            better = sum(x > 0 for x in ahead)
            lines.append(
                f"- {mean(ahead):+.2f} points ahead of {solver} over the {len(ahead)} runs both solved; "
                f"better in {better}."
            )
    return lines


def main() -> None:
    parser = options(__doc__, "six instances, one seed", PEERS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args()
    with (chosen.data / "BEST_KNOWN.csv").open(encoding="utf-8") as file:
        best = {row["instance"]: float(row["best_known_total_duration"]) for row in csv.DictReader(file)}

    def timed(name: str, path: Path, solver: str, seed: int) -> Row:
        return run(path, best[name], name, solver, seed, chosen.seconds)

    found = [(name, path) for name, path in ours.find(chosen.data) if name in best]
    ours.warm_up()
    measure("trsp", chosen, found, QUICK, timed, report)


if __name__ == "__main__":
    main()
