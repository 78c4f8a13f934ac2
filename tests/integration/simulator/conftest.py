"""Empty databases for the simulator's tests, on the test server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import psycopg2
import pytest
from sqlalchemy.engine import URL, make_url


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def empty_database(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Make an empty database and return its URL, each call another one; all are dropped at the end.

    Each belongs to a plain role that owns its schema `public`, as the ERP's role does.
    """
    server = make_url(postgres_url).set(drivername="postgresql")
    names: list[str] = []
    role = f"t_sim_{uuid.uuid4().hex[:8]}"
    admin = psycopg2.connect(_dsn(server))
    admin.autocommit = True
    cursor = admin.cursor()
    cursor.execute(f"create role {role} login password 'essai'")

    def make() -> str:
        name = f"t_sim_{uuid.uuid4().hex[:8]}"
        cursor.execute(f"create database {name}")
        names.append(name)
        link = psycopg2.connect(_dsn(server.set(database=name)))
        with link, link.cursor() as inside:
            inside.execute(f"alter schema public owner to {role}")
        link.close()
        url = server.set(database=name, username=role, password="essai")
        return url.render_as_string(hide_password=False)

    try:
        yield make
    finally:
        for name in names:
            cursor.execute(f"drop database if exists {name} with (force)")
        cursor.execute(f"drop role {role}")
        admin.close()
