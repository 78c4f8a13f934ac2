"""Solve every instance of a family and write what anybody needs to check it: `results.csv` and solutions."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from core.errors import InvalidInput

# Family → its module. A module offers `find(data) -> list[(name, path)]`, `warm_up()` (compiles kernels, so
# that no instance pays for it) and `solve_file(path, seconds, seed) -> Solved`.
FAMILIES = {
    "tsplib": "optimisers.bench.tsplib",
    "vrptw": "optimisers.bench.vrptw",
    "trsp": "optimisers.bench.trsp",
}
HEADER = ("instance", "cost", "feasible", "lower_bound", "seconds")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Solved:
    """Outcome of one instance. `cost` and `lower_bound` are written as they are; `solution` is JSON.

    `cost` None: no solution was found.
    """

    cost: str | None
    feasible: bool
    lower_bound: str | None
    solution: dict[str, Any] | None


def run_planner_bench(
    family: str, data: Path, out: Path, *, seconds: float, seed: int, progress: Progress
) -> None:
    """Solve each instance below `data` for `seconds`; raises InvalidInput when there is none.

    A file that cannot be read is a row without cost; the error is raised once all others are solved.
    """
    module: ModuleType = import_module(FAMILIES[family])
    instances = module.find(data)
    if not instances:
        raise InvalidInput(
            f"There is no {family} instance below {data}.",
            expected=module.EXPECTED,
            remedy="pass the folder that holds the instances to --data",
        )
    out.mkdir(parents=True, exist_ok=True)
    module.warm_up()
    unreadable = []
    with (out / "results.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADER)
        for done, (name, path) in enumerate(instances):
            progress(f"{family} {name}", done, len(instances))
            began = time.perf_counter()
            try:
                solved = module.solve_file(path, seconds, seed)
            except InvalidInput as error:
                unreadable.append(f"{name}: {error}")
                solved = Solved(None, False, None, None)
            took = time.perf_counter() - began
            feasible = "true" if solved.feasible else "false"
            rows.writerow([name, solved.cost or "", feasible, solved.lower_bound or "", f"{took:.3f}"])
            file.flush()
            if solved.solution is not None:
                (out / f"{name}.sol").write_text(json.dumps(solved.solution), encoding="utf-8")
    progress(family, len(instances), len(instances))
    if unreadable:
        raise InvalidInput(
            f"{len(unreadable)} of {len(instances)} instances could not be read: " + "; ".join(unreadable),
            expected=module.EXPECTED,
            remedy="correct or remove these files; the results of the others are written",
        )
