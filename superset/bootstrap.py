"""Bring Superset to the state described in git, in one process. Run by Superset's own Python.

    python superset/bootstrap.py [--keep-edits] [--force]

Environment (all required unless a default is given):
    SUPERSET_CONFIG_PATH              <repository>/superset/superset_config.py
    SUPERSET_SECRET_KEY               signs sessions; changing it logs everybody out
    FIELDHOUSE_SUPERSET_METADATA_URL  postgresql+psycopg2://user:password@host:port/superset
    FIELDHOUSE_WAREHOUSE_READER_URL   postgresql+psycopg2://fieldhouse_reader:password@host:port/fieldhouse
    FIELDHOUSE_SUPERSET_CACHE_DIR     folder for caches
    FIELDHOUSE_SUPERSET_ACCOUNTS      JSON object, account -> password; accounts are those of roles.yaml
    FIELDHOUSE_SUPERSET_HTTPS         1 behind a TLS proxy (default 0)

The server itself needs the same variables except the accounts:
    gunicorn --workers 1 --worker-class gthread --threads 8 --timeout 120 --bind HOST:PORT
             "superset.app:create_app()"
and answers ``GET /health`` with OK.

Steps: schema upgrade, permissions, accounts, import of ``assets/``, removal of what left git, roles of the
dashboards, row-level security. What has been done is remembered with a hash in the table ``fieldhouse_state``
of the metadata database: a step whose inputs have not changed is skipped, and when nothing changed Superset
is not even imported. One line a step on standard output.

What people changed in the pages and did not pull is undone, unless ``--keep-edits`` is given and the files
are those pushed last. ``--force`` does every step again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import sys
import time
from contextlib import redirect_stdout
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa
import telemetry
import yaml

HERE = Path(__file__).resolve().parent
_LOCK = 620_2025  # any number that nobody else uses in this database
_STATE = sa.table("fieldhouse_state", sa.column("key"), sa.column("value"))


def main() -> None:
    """Run the steps whose inputs changed."""
    started = time.monotonic()
    engine = sa.create_engine(os.environ["FIELDHOUSE_SUPERSET_METADATA_URL"], future=True)
    with engine.connect() as connection:
        # A second bootstrap waits for the first; the lock goes with the connection, even after kill -9.
        connection.execute(sa.text("select pg_advisory_lock(:key)"), {"key": _LOCK})
        _bring_up_to_date(engine, started)


def _bring_up_to_date(engine: sa.engine.Engine, started: float) -> None:
    force = "--force" in sys.argv[1:]
    done = {} if force else _read_state(engine)
    schema, content = _schema_hash(), _content_hash()
    if telemetry.remove_pixel(Path(find_spec("superset").origin).parent):
        _say(started, "tracking pixel removed")
    untouched = "--keep-edits" in sys.argv[1:] or done.get("objects") == _objects(engine, done)
    if done.get("schema") == schema and done.get("content") == content and untouched:
        _say(started, "nothing changed")
        return
    _say(started, "starting Superset")
    os.environ.setdefault("FLASK_APP", "superset")
    from superset.app import create_app

    logging.disable(logging.WARNING)
    app = create_app()
    with app.app_context():
        import deployment

        if done.get("schema") != schema:
            _say(started, "schema upgrade")
            with redirect_stdout(sys.stderr):  # hundreds of migrations talk
                deployment.upgrade_schema()
            _say(started, "permissions")
            deployment.create_permissions()
            _write_state(engine, "schema", schema)
        spec = yaml.safe_load((HERE / "roles.yaml").read_text("utf-8"))
        _say(started, "accounts and roles")
        deployment.apply_accounts(spec, json.loads(os.environ["FIELDHOUSE_SUPERSET_ACCOUNTS"]))
        _say(started, "dashboards, charts and datasets")
        pushed = deployment.import_assets(HERE)
        known = json.loads(done.get("pushed", "[]")) or json.loads(_read_state(engine).get("pushed", "[]"))
        removed = deployment.prune(set(known) - set(pushed))
        _write_state(engine, "pushed", json.dumps(sorted(pushed)))
        _say(started, f"imported {len(pushed)}, removed {removed}")
        deployment.apply_dashboard_roles(spec)
        deployment.apply_row_level_security(spec)
    _write_state(engine, "objects", _objects(engine, _read_state(engine)))
    _write_state(engine, "content", content)
    _say(started, "done")


def _say(started: float, text: str) -> None:
    print(f"{time.monotonic() - started:5.1f} s  {text}", flush=True)


def _schema_hash() -> str:
    """Changes with Superset's version and with its configuration (permissions depend on flags)."""
    digest = hashlib.sha256(version("apache-superset").encode())
    digest.update((HERE / "superset_config.py").read_bytes())
    return digest.hexdigest()


def _content_hash() -> str:
    """Changes with the files of this folder, the accounts and their passwords (keyed: not guessable)."""
    digest = hmac.new(os.environ["SUPERSET_SECRET_KEY"].encode(), digestmod=hashlib.sha256)
    for path in sorted(HERE.rglob("*")):
        if path.suffix in {".yaml", ".py"}:
            digest.update(str(path.relative_to(HERE)).encode() + b"\0" + path.read_bytes())
    digest.update(os.environ["FIELDHOUSE_SUPERSET_ACCOUNTS"].encode())
    return digest.hexdigest()


def _objects(engine: sa.engine.Engine, done: dict[str, str]) -> str:
    """How many of the objects pushed last are there, and when each kind was last saved."""
    if "pushed" not in done:
        return ""
    query = " union all ".join(
        f"select '{table}', count(*), max(changed_on) from {table} where uuid = any(cast(:pushed as uuid[]))"
        for table in ("dbs", "tables", "slices", "dashboards")
    )
    with engine.connect() as connection:
        rows = connection.execute(sa.text(query), {"pushed": json.loads(done["pushed"])}).all()
    return "; ".join(" ".join(str(value) for value in row) for row in rows)


def _read_state(engine: sa.engine.Engine) -> dict[str, str]:
    with engine.begin() as connection:
        connection.execute(
            sa.text("create table if not exists fieldhouse_state (key text primary key, value text not null)")
        )
        return {row.key: row.value for row in connection.execute(sa.select(_STATE))}


def _write_state(engine: sa.engine.Engine, key: str, value: str) -> None:
    with engine.begin() as connection:
        connection.execute(_STATE.delete().where(_STATE.c.key == key))
        connection.execute(_STATE.insert().values(key=key, value=value))


if __name__ == "__main__":
    main()
