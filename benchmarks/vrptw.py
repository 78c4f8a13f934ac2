"""Routes with capacity and windows against public solvers, on Solomon's and Gehring-Homberger's instances.

``python -m benchmarks.vrptw --data DIR --out DIR [--quick] [--seeds 1 2 3] [--instances GLOB ...]``: same
integers, same seconds, one thread. Below DIR lie ``*.txt`` and ``*.vrp`` and in it ``BEST_KNOWN.csv``
(instance, best_known_cost, objective_convention; only those of the DIMACS convention are run). Writes
``vrptw.json`` (one row a run) and, from it alone, ``vrptw.md``. Routes are checked and measured here, apart
from any solver.
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.instances import OURS, Row, measure, options
from benchmarks.peers_vrptw import PEERS, Data
from optimisers.bench import vrptw as ours

QUICK = ("C109", "R101", "R111", "R211", "RC101", "RC207", "RC1_10_5")
# name, most customers, seconds, target for the mean gap in %
CLASSES = (
    ("100 customers", 100, 10.0, 0.2),
    ("1,000 customers", 10**9, 60.0, None),
)


def data_of(path: Path) -> Data:
    """An instance for the judge and the peers: tenths, distances truncated."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if path.suffix == ".txt":
        at = next(k for k, line in enumerate(lines) if line[0] == "CUSTOMER")
        vehicles, capacity = map(int, lines[at - 1])
        table = [[float(x) for x in line[1:]] for line in lines[at + 2 :]]
    else:
        header = {line[0].rstrip(":"): line[-1] for line in lines if ":" in " ".join(line)}
        vehicles, capacity, size = (int(header[key]) for key in ("VEHICLES", "CAPACITY", "DIMENSION"))

        def section(name: str) -> list[list[float]]:
            first = next(k for k, line in enumerate(lines) if line[0].startswith(name + "_SECTION")) + 1
            return [[float(x) for x in line[1:]] for line in lines[first : first + size]]

        stay = float(header["SERVICE_TIME"])
        parts = zip(section("NODE_COORD"), section("DEMAND"), section("TIME_WINDOW"), strict=True)
        table = [[*xy, *demand, *window, stay if k else 0.0] for k, (xy, demand, window) in enumerate(parts)]
    distance = [[math.floor(10 * math.dist(one[:2], two[:2])) for two in table] for one in table]
    rows = [[int(row[2]), *(round(10 * x) for x in row[3:6])] for row in table]
    return Data(vehicles, capacity, np.array(rows, np.int64), np.array(distance, np.int64))


def judged(data: Data, routes: Sequence[Sequence[int]] | None) -> int | None:
    """Distance in tenths; None when a customer is missing or there twice, or a rule is broken."""
    if routes is None or sorted(c for route in routes for c in route) != list(range(1, len(data.rows))):
        return None
    if len(routes) > data.vehicles:
        return None
    total = 0
    for route in routes:
        at, clock, load = 0, int(data.rows[0, 1]), 0
        for stop in (*route, 0):
            demand, opens, closes, _ = (int(x) for x in data.rows[stop])
            leg = int(data.distance[at, stop])
            clock = max(clock + int(data.rows[at, 3]) + leg, opens)
            load += demand
            total += leg
            if clock > closes or load > data.capacity:
                return None
            at = stop
    return total


def class_of(customers: int) -> tuple[str, int, float, float | None]:
    return next(kind for kind in CLASSES if customers <= kind[1])


def run(path: Path, best: float, solver: str, seed: int) -> Row:
    """One solver on one instance: what the judge says of its routes."""
    data = data_of(path)
    seconds = class_of(len(data.rows) - 1)[2]
    bound = None
    began, worked = time.perf_counter(), time.process_time()
    if solver == OURS:
        solved = ours.solve_file(path, seconds, seed)
        routes = solved.solution["routes"] if solved.solution else None
        bound = None if solved.lower_bound is None else float(solved.lower_bound)
    else:
        routes = PEERS[solver](data, seconds, seed)
    took, worked = time.perf_counter() - began, time.process_time() - worked
    length = judged(data, routes)
    cost = None if length is None else length / 10
    return {
        "instance": path.stem,
        "customers": len(data.rows) - 1,
        "solver": solver,
        "seed": seed,
        "seconds": seconds,
        "took_s": round(took, 2),
        "cpu_s": round(worked, 2),
        "cost": cost,
        "feasible": cost is not None,
        "routes": None if cost is None else len(routes or []),
        "gap_pct": None if cost is None else 100 * (cost - best) / best,
        "lower_bound": bound,
        "best_known": best,
    }


def report(rows: Sequence[Row], versions: dict[str, str]) -> str:
    """The measures as Markdown, written from the rows alone."""
    lines = [
        "## Routes with capacity and time windows: Solomon, Gehring and Homberger",
        "",
        "Gap to the best known distance in % (DIMACS convention: distance only, tenths), same integers, same "
        "seconds, one thread. VROOM stops by itself and, like OR-Tools routing, has no seed. CPU: mean share "
        "of the wall time that the solver had; runs with little of it say little.",
        "",
        "| size | seconds | instances | solver | seeds | mean gap | worst gap | not feasible | CPU |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    verdicts, table = [], []
    solvers = list(dict.fromkeys(row["solver"] for row in rows))
    for name, _, seconds, target in CLASSES:
        group = [row for row in rows if class_of(row["customers"])[0] == name]
        for solver in solvers:
            mine = [row for row in group if row["solver"] == solver]
            gaps = [row["gap_pct"] for row in mine if row["feasible"]]
            if not gaps:
                continue
            lines.append(
                f"| {name} | {seconds:.0f} | {len({row['instance'] for row in mine})} | {solver} "
                f"| {len({row['seed'] for row in mine})} | {mean(gaps):.3f} | {max(gaps):.3f} "
                f"| {len(mine) - len(gaps)} | {mean(row['cpu_s'] / row['took_s'] for row in mine):.0%} |"
            )
        verdicts += _verdicts(name, target, group)
        for instance in sorted({row["instance"] for row in group}):
            cells = []
            for solver in solvers:
                mine = [row for row in group if (row["instance"], row["solver"]) == (instance, solver)]
                gaps = [row["gap_pct"] for row in mine if row["feasible"]]
                cells.append(f"{mean(gaps):.3f}" if gaps else "–")
            table.append(f"| {instance} | " + " | ".join(cells) + " |")
    lines += ["", *verdicts, "", f"| mean gap | {' | '.join(solvers)} |", "|---|" + "---:|" * len(solvers)]
    peers = ", ".join(f"{name} {number}" for name, number in versions.items())
    lines += [*table, "", f"Peers: {peers}."]
    return "\n".join(lines) + "\n"


def _verdicts(name: str, target: float | None, group: Sequence[Row]) -> list[str]:
    """Target, and the paired difference to the peer with the least mean gap over the runs both solved."""
    mine = {(row["instance"], row["seed"]): row["gap_pct"] for row in group if row["solver"] == OURS}
    gaps = [gap for gap in mine.values() if gap is not None]
    if not gaps:
        return []
    lines = []
    if target is not None:
        reached = len(gaps) == len(mine) and mean(gaps) <= target
        verdict = "reached" if reached else "not reached"
        lines.append(f"- {name}: target ≤ {target} %, all feasible: **{verdict}**.")
    pairs: dict[str, list[float]] = {}
    for row in group:
        gap = mine.get((row["instance"], row["seed"]))
        if row["solver"] != OURS and row["feasible"] and gap is not None:
            pairs.setdefault(row["solver"], []).append(row["gap_pct"] - gap)
    if pairs:
        best = min(pairs, key=lambda solver: mean(pairs[solver]))
        ahead = pairs[best]
        lines.append(
            f"- {name}: {mean(ahead):+.3f} points ahead of the best peer ({best}) over {len(ahead)} pairs; "
            f"better in {sum(x > 0 for x in ahead)}, equal in {sum(x == 0 for x in ahead)}."
        )
    return lines


def main() -> None:
    chosen = options(__doc__, "seven instances, one seed", PEERS).parse_args()
    with (chosen.data / "BEST_KNOWN.csv").open(encoding="utf-8") as file:
        known = [row for row in csv.DictReader(file) if "DIMACS" in row["objective_convention"]]
    best = {row["instance"]: float(row["best_known_cost"]) for row in known}

    def timed(name: str, path: Path, solver: str, seed: int) -> Row:
        return run(path, best[name], solver, seed)

    found = [(name, path) for name, path in ours.find(chosen.data) if name in best]
    ours.warm_up()
    measure("vrptw", chosen, found, QUICK, timed, report)


if __name__ == "__main__":
    main()
