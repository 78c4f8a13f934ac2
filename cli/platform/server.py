"""The database for the time of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import FieldhouseError
from core.settings import get_settings
from warehouse.connection import embedded_server


@contextmanager
def database_running() -> Iterator[None]:
    """Make sure the database answers; a server started for this command stops with it.

    Raises:
        FieldhouseError: the installation has not been built yet.
    """
    if not (get_settings().home / "house.json").exists():
        raise FieldhouseError(
            f"Nothing has been built yet in {get_settings().home}.",
            expected="an installation made by `make up`",
            remedy="run `make up` first",
        )
    server = embedded_server()
    ours = server is not None and not server.is_running()
    if ours:
        server.start()
    try:
        yield
    finally:
        if ours:
            server.stop()
