"""``fieldhouse bi``: dashboards as code."""

from __future__ import annotations

from cli.console import console
from core.errors import FieldhouseError


def push() -> None:
    """Bring Superset to what the files say."""
    from cli.platform.server import database_running
    from services.dashboards.push import push as push_dashboards

    with database_running():
        push_dashboards()
    console.print("[green]✓[/green] Superset holds what superset/assets says")


def pull() -> None:
    """Bring changes made in Superset back to the files."""
    from services.dashboards.pull import pull as pull_dashboards

    changed = pull_dashboards()
    console.print("\n".join(f"  {path}" for path in changed) or "Nothing differs from the files.")


def check() -> None:
    """Follow every dashboard down to a mart's columns."""
    from services.dashboards.check import check as check_dashboards

    faults = check_dashboards()
    if faults:
        raise FieldhouseError(
            "\n".join(str(fault) for fault in faults),
            expected="every chart to find its dataset, every dataset its mart's columns",
            remedy="mend superset/assets or the mart's YAML",
        )
    console.print("[green]✓[/green] dashboards, charts, datasets and marts agree")
