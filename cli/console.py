"""What the command line shows: phases with their time, errors with their remedy."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from core.errors import FieldhouseError

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


@contextmanager
def phase(title: str, seconds: dict[str, float], *, spinner: bool = True) -> Iterator[None]:
    """Show ``title`` while the block runs, then its time; the time goes into ``seconds[title]``.

    A block that draws its own progress turns the ``spinner`` off: a terminal holds one live display.
    """
    started = time.monotonic()
    interactive = console.is_terminal and spinner
    if not interactive:
        console.print(f"· {title}…")
    with console.status(f"{title}…") if interactive else _nothing():
        yield
    seconds[title] = time.monotonic() - started
    console.print(f"[green]✓[/green] {title} [dim]{seconds[title]:.1f} s[/dim]")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Turn a FieldhouseError into its message and exit code 1; anything else keeps its traceback."""
    try:
        yield
    except FieldhouseError as error:
        error_console.print(f"[red]✗[/red] {escape(str(error))}")
        sys.exit(1)


@contextmanager
def _nothing() -> Iterator[None]:
    yield
