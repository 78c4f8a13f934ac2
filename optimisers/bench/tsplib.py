"""Symmetric travelling-salesman instances in TSPLIB95 files."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from optimisers.bench.runner import Solved
from optimisers.readers.tsplib import read_tsplib
from optimisers.tsp import solve as tsp

EXPECTED = "<instance>.tsp files in the TSPLIB95 format"


def find(data: Path) -> list[tuple[str, Path]]:
    """Instances below `data`, by name."""
    return sorted((path.stem, path) for path in data.rglob("*.tsp") if path.is_file())


def warm_up() -> None:
    """Compile, so that no instance pays for it."""
    tsp.warm_up()


def solve_file(path: Path, seconds: float, seed: int) -> Solved:
    """A tour within `seconds`, reading included, and a valid lower bound."""
    began = time.perf_counter()
    instance = read_tsplib(path)
    left = max(seconds - (time.perf_counter() - began), 0.0)
    tour = tsp.solve(instance.lengths, seconds=left, seed=seed)
    numbers = np.array(instance.numbers)[tour.order]
    return Solved(
        cost=str(round(tour.length)),
        feasible=True,
        lower_bound=str(round(tour.lower_bound)),
        solution={"tour": numbers.tolist()},
    )
