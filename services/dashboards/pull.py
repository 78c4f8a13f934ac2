"""Pull: bring what was changed in Superset's pages back to the files of git."""

from __future__ import annotations

from pathlib import Path

from services.dashboards.assets import SUPERSET, read, write
from services.dashboards.environment import superset_url
from services.dashboards.normalise import normalised
from services.dashboards.superset_api import SupersetApi
from warehouse.connection import installation_secrets


def pull(
    base_url: str | None = None, password: str | None = None, folder: Path = SUPERSET / "assets"
) -> list[Path]:
    """Export a running Superset and write its dashboards over the files.

    A chart made in the pages gets a slug from its title and the uuid of that slug: after the next push the
    dashboard shows the chart of git, and the original stays in Superset outside any dashboard.

    Args:
        base_url: a running Superset, by default this installation's.
        password: of its account ``admin``, by default the demo's.
        folder: where the files are.

    Returns:
        The files created, changed or removed; none when Superset holds what git says.
    """
    api = SupersetApi(
        base_url or superset_url(), "admin", password or installation_secrets().accounts["admin"]
    )
    known = read(folder)
    address = next(iter(known.objects["databases"].values()))["sqlalchemy_uri"]
    return write(normalised(api.export(), known, address), folder)
