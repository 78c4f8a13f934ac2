"""``fieldhouse bench FAMILY``: the product's own recipes on other people's instances."""

from __future__ import annotations

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.console import console
from core.errors import FieldhouseError

MODEL_FAMILIES = ("churn",)


def run_bench(family: str, data: Path, out: Path, *, seconds: float, seed: int) -> None:
    """Run one family over the instances below ``data``; results go into ``out``."""
    from optimisers.bench import FAMILIES as PLANNER_FAMILIES

    known = (*MODEL_FAMILIES, *PLANNER_FAMILIES)
    if family not in known:
        raise FieldhouseError(f"There is no benchmark family {family!r}.", expected=", ".join(known))
    if out.exists() and not out.is_dir():
        raise FieldhouseError(f"{out} is a file.", expected="a folder for the results", remedy="name another")
    out.mkdir(parents=True, exist_ok=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    ) as bar:
        task = bar.add_task(family)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        if family in PLANNER_FAMILIES:
            from optimisers.bench import run_planner_bench

            run_planner_bench(family, data, out, seconds=seconds, seed=seed, progress=report)
        else:
            from ml.bench import run_binary_bench

            run_binary_bench(data, out, seed=seed, progress=report)
