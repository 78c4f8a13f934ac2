"""The frame that benchmarks on public instances share: options, runs of every solver, reports."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.progress import track

OURS = "Fieldhouse"
PACKAGES = {"PyVRP": "pyvrp", "OR-Tools routing": "ortools", "VROOM": "pyvroom"}
Row = dict[str, Any]


def options(doc: str | None, quick: str, peers: Sequence[str]) -> argparse.ArgumentParser:
    """Options of such a benchmark; `quick` says what --quick runs."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--instances", nargs="+", default=["*"])
    parser.add_argument("--solvers", nargs="+", choices=[OURS, *peers], default=[OURS, *peers])
    return parser


def measure(
    name: str,
    chosen: argparse.Namespace,
    found: Sequence[tuple[str, Path]],
    quick: Sequence[str],
    run: Callable[[str, Path, str, int], Row],
    report: Callable[[Sequence[Row], dict[str, str]], str],
) -> None:
    """Run every chosen solver and seed on the chosen instances; write `<name>.json`, and `.md` from it."""
    wanted = [
        (instance, path)
        for instance, path in found
        if any(fnmatch(instance, pattern) for pattern in chosen.instances)
        and (not chosen.quick or instance in quick)
    ]
    seeds = chosen.seeds[:1] if chosen.quick else chosen.seeds
    jobs = [(*entry, solver, seed) for seed in seeds for entry in wanted for solver in chosen.solvers]
    rows = [run(*job) for job in track(jobs, name)]
    versions = {solver: version(PACKAGES[solver]) for solver in chosen.solvers if solver != OURS}
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / f"{name}.json").write_text(
        json.dumps({"versions": versions, "rows": rows}, indent=1) + "\n", encoding="utf-8"
    )
    (chosen.out / f"{name}.md").write_text(report(rows, versions), encoding="utf-8")
