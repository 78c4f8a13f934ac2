"""Day tours without windows against public solvers, on TSPLIB instances.

``python -m benchmarks.tsplib --data DIR --out DIR [--quick] [--seeds 1 2 3] [--instances GLOB ...]``: same
lengths, same seconds, one thread. DIR holds ``*.tsp`` with plane coordinates and ``BEST_KNOWN.csv``
(instance, optimal_length). Writes ``tsplib.json`` (one row a run) and, from it alone, ``tsplib.md``. Tours
are judged by lengths computed here, from the coordinates, not by the solvers'.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import numpy as np

from benchmarks.instances import OURS, Row, measure, options
from benchmarks.peers_tsp import PEERS
from optimisers.bench import tsplib as ours

QUICK = ("eil51", "kroA100", "ch130", "a280")
# name, most stops, seconds, target for the mean gap in %
CLASSES = (
    ("to 150 stops", 150, 1.0, 0.1),
    ("151 to 500 stops", 500, 10.0, 1.5),
    ("above 500 stops", 10**9, 10.0, None),
)
BEHIND_PCT = 0.1
Point = tuple[float, float]


def plane_points(path: Path) -> dict[int, Point]:
    """Coordinates by stop number of an EUC_2D file; ValueError for any other."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not any(words[0].startswith("EDGE_WEIGHT_TYPE") and words[-1].endswith("EUC_2D") for words in lines):
        raise ValueError(f"{path.name}: only EUC_2D files are judged here")
    first = next(i for i, words in enumerate(lines) if words[0] == "NODE_COORD_SECTION") + 1
    rows = (words for words in lines[first:] if len(words) == 3)
    return {int(number): (float(x), float(y)) for number, x, y in rows}


def judged(points: dict[int, Point], tour: Sequence[int] | None) -> int | None:
    """Length of a closed tour; None when a stop is missing, unknown or there twice."""
    if tour is None or len(tour) != len(points) or set(tour) != set(points):
        return None
    legs = zip(tour, [*tour[1:], tour[0]], strict=True)
    return sum(math.floor(math.dist(points[one], points[two]) + 0.5) for one, two in legs)


def class_of(stops: int) -> tuple[str, int, float, float | None]:
    return next(kind for kind in CLASSES if stops <= kind[1])


def run(path: Path, best: int, solver: str, seed: int) -> Row:
    """One solver on one instance: what the judge says of its tour."""
    points = plane_points(path)
    seconds = class_of(len(points))[2]
    bound = None
    if solver == OURS:
        solved = ours.solve_file(path, seconds, seed)
        tour = solved.solution["tour"] if solved.solution else None
        bound = int(solved.lower_bound) if solved.lower_bound else None
    else:
        places = np.array(list(points.values()))
        lengths = np.floor(np.linalg.norm(places[:, None] - places[None], axis=2) + 0.5).astype(np.int64)
        numbers = list(points)
        found = PEERS[solver](lengths, seconds, seed)
        tour = None if found is None else [numbers[stop] for stop in found]
    cost = judged(points, tour)
    return {
        "instance": path.stem,
        "stops": len(points),
        "solver": solver,
        "seed": seed,
        "seconds": seconds,
        "cost": cost,
        "feasible": cost is not None,
        "gap_pct": None if cost is None else 100 * (cost - best) / best,
        "lower_bound": bound,
        "best_known": best,
    }


def report(rows: Sequence[Row], versions: dict[str, str]) -> str:
    """The measures as Markdown, written from the rows alone."""
    solvers = list(dict.fromkeys(row["solver"] for row in rows))
    lines = [
        "## Day tours without windows: TSPLIB",
        "",
        "Gap to the proved optimum in %, same lengths, same seconds, one thread. VROOM stops by "
        "itself and, like OR-Tools routing, has no seed.",
        "",
        "| size | seconds | instances | solver | seeds | mean gap | worst gap | no tour |",
        "|---|---:|---:|---|---:|---:|---:|---:|",
    ]
    verdicts = []
    for name, _, seconds, target in CLASSES:
        group = [row for row in rows if class_of(row["stops"])[0] == name]
        means = {}
        for solver in solvers:
            mine = [row for row in group if row["solver"] == solver]
            gaps = [row["gap_pct"] for row in mine if row["feasible"]]
            if not gaps:
                continue
            means[solver] = mean(gaps)
            lines.append(
                f"| {name} | {seconds:.0f} | {len({row['instance'] for row in mine})} | {solver} "
                f"| {len({row['seed'] for row in mine})} | {means[solver]:.3f} | {max(gaps):.3f} "
                f"| {len(mine) - len(gaps)} |"
            )
        if OURS in means:
            verdicts.append(_verdict(name, target, means))
    bounds = [row for row in rows if row["solver"] == OURS and row["lower_bound"] is not None]
    lines += ["", *verdicts, "", "| instance | stops | solver | cost | optimum | lower bound | proved |"]
    lines += ["|---|---:|---|---:|---:|---:|---:|"]
    for instance in dict.fromkeys(row["instance"] for row in sorted(bounds, key=lambda r: r["stops"])):
        mine = [row for row in bounds if row["instance"] == instance]
        proved = sum(row["cost"] == row["lower_bound"] for row in mine)
        costs = sorted({row["cost"] for row in mine})
        lines.append(
            f"| {instance} | {mine[0]['stops']} | {OURS} | {'–'.join(map(str, {costs[0]: 0, costs[-1]: 0}))} "
            f"| {mine[0]['best_known']} | {min(row['lower_bound'] for row in mine)} | {proved}/{len(mine)} |"
        )
    lines += ["", "Peers: " + ", ".join(f"{name} {number}" for name, number in versions.items()) + "."]
    return "\n".join(lines) + "\n"


def _verdict(name: str, target: float | None, means: dict[str, float]) -> str:
    gap = means[OURS]
    parts = []
    if target is not None:
        parts.append(f"target ≤ {target} %: **{'reached' if gap <= target else 'not reached'}**")
    peers = {solver: value for solver, value in means.items() if solver != OURS}
    if peers:
        best = min(peers, key=lambda solver: peers[solver])
        ahead = peers[best] - gap
        parts.append(f"{ahead:+.3f} points ahead of the best peer ({best})")
        parts.append("not behind" if ahead >= -BEHIND_PCT else f"behind by more than {BEHIND_PCT} point")
    return f"- {name}: " + "; ".join(parts or ["reported only"]) + "."


def main() -> None:
    chosen = options(__doc__, "four instances, one seed", PEERS).parse_args()
    with (chosen.data / "BEST_KNOWN.csv").open(encoding="utf-8") as file:
        best = {row["instance"]: int(row["optimal_length"]) for row in csv.DictReader(file)}

    def timed(name: str, path: Path, solver: str, seed: int) -> Row:
        return run(path, best[name], solver, seed)

    found = [(name, path) for name, path in ours.find(chosen.data) if name in best]
    ours.warm_up()
    measure("tsplib", chosen, found, QUICK, timed, report)


if __name__ == "__main__":
    main()
