"""``fieldhouse service NAME``: one service in the foreground, as a container runs it."""

from __future__ import annotations

import os

from cli.console import console
from cli.platform.services import platform_services
from core.errors import FieldhouseError
from core.settings import get_settings
from warehouse.connection import role_url, service_url
from warehouse.migrations import upgrade
from warehouse.provision import provision


def run_service(name: str) -> None:
    """Become the service ``name``; ``prepare`` creates databases, roles and tables instead, then ends.

    Raises:
        FieldhouseError: no service of that name.
    """
    settings = get_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    if name == "prepare":
        _prepare()
        return
    services = {s.name: s for s in platform_services(settings, with_bi=False)}
    if name not in services:
        raise FieldhouseError(f"There is no service {name!r}.", expected=", ".join(["prepare", *services]))
    service = services[name]
    os.execvpe(service.command[0], service.command, service.environment)


def _prepare() -> None:
    provision()
    upgrade()
    from core.vocabulary import DatabaseRole

    console.print("For the superset container:")
    for variable, url in (
        ("FIELDHOUSE_SUPERSET_METADATA_URL", service_url("superset")),
        ("FIELDHOUSE_WAREHOUSE_READER_URL", role_url(DatabaseRole.READER)),
    ):
        print(f"{variable}={url.render_as_string(hide_password=False)}")
