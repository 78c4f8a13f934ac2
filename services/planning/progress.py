"""A progress bar around a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def shown(title: str) -> Iterator[Callable[[float, float], None]]:
    """Show a bar on a terminal while the search runs; yields what to call with (part done, points).

    Nothing is heard of a search before its kernels are compiled, which takes a minute the first time.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[points]}"))
    with Progress(*columns, TimeElapsedColumn(), transient=True) as progress:
        waiting = "préparation (une minute la première fois)"
        task = progress.add_task(title, total=1.0, points=waiting)

        def step(done: float, points: float) -> None:
            progress.update(task, completed=done, points=f"{points:.0f} points")

        yield step
