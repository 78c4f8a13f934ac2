"""``fieldhouse down``: stop everything, keep the data."""

from __future__ import annotations

from cli.console import console
from cli.platform.processes import stop_all
from core.settings import get_settings
from warehouse.connection import embedded_server


def take_down() -> None:
    """Stop the services, then the database. Stopping what is stopped is no error."""
    stopped = stop_all(get_settings().home / "run")
    server = embedded_server()
    if server is not None and server.is_running():
        server.stop()
        stopped.append("postgres")
    console.print(f"[green]✓[/green] stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")
