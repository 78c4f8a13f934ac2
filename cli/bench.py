"""``fieldhouse bench FAMILY``: the product's own recipes on other people's instances."""

from __future__ import annotations

from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.console import console
from core.errors import FieldhouseError

FAMILIES = ("churn",)


def run_bench(family: str, data: Path, out: Path, *, seconds: float, seed: int) -> None:
    """Run one family over the instances below ``data``; results go into ``out``."""
    if family not in FAMILIES:
        raise FieldhouseError(f"There is no benchmark family {family!r}.", expected=", ".join(FAMILIES))
    from ml.bench import run_binary_bench

    out.mkdir(parents=True, exist_ok=True)
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=console
    ) as bar:
        task = bar.add_task(family)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        run_binary_bench(data, out, seed=seed, progress=report)
