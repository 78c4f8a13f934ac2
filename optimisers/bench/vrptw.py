"""Family `vrptw`: Solomon and Gehring-Homberger files, distance only, in tenths (DIMACS convention)."""

from __future__ import annotations

from pathlib import Path

from optimisers import vrptw
from optimisers.bench.runner import Solved
from optimisers.readers.vrptw import EXPECTED, read

__all__ = ["EXPECTED", "find", "solve_file", "warm_up"]

# What is left of an instance's seconds for reading it and writing its solution.
OVERHEAD_S = 0.1


def find(data: Path) -> list[tuple[str, Path]]:
    """Instances below `data` by name; one that is there in both layouts counts once, as `.txt`."""
    paths = sorted([*data.rglob("*.vrp"), *data.rglob("*.txt")], key=lambda path: (path.stem, path.suffix))
    return sorted({path.stem: path for path in reversed(paths)}.items())


def warm_up() -> None:
    """Compile the kernels."""
    vrptw.warm_up()


def solve_file(path: Path, seconds: float, seed: int) -> Solved:
    """Read and solve one instance; raises InvalidInput for a file that cannot be read."""
    problem = read(path)
    found = vrptw.solve(problem, seconds=max(0.9 * seconds, seconds - OVERHEAD_S), seed=seed)
    bound = None if found.lower_bound is None else tenths(found.lower_bound)
    if not found.feasible:
        return Solved(None, False, bound, None)
    return Solved(tenths(found.cost), True, bound, {"routes": [list(route) for route in found.routes]})


def tenths(value: int) -> str:
    """8273 → 827.3, exactly."""
    return f"{value // 10}.{value % 10}"
