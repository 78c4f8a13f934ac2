"""A progress bar around a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from optimisers.model import Stop

# Redrawing at every iteration would cost more than the iteration.
EVERY = 50


@contextmanager
def shown(title: str, stop: Stop) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal while the search runs; yields the function to call at each iteration."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(title, total=stop.max_iterations)
        done = 0

        def step() -> None:
            nonlocal done
            done += 1
            if done % EVERY == 0:
                progress.update(task, completed=done)

        yield step
