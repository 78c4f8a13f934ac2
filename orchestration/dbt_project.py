"""The dbt project as Dagster sees it. The manifest is parsed when a file changed, never twice."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from core.errors import FieldhouseError
from core.settings import PROJECT_ROOT, export, get_settings
from core.vocabulary import DatabaseRole
from warehouse.connection import role_url

PROJECT_DIR = PROJECT_ROOT / "dbt_project"
DBT = Path(sys.executable).parent / "dbt"


def target_dir() -> Path:
    """Where dbt writes: with the other state, not in the sources."""
    return get_settings().home / "dbt"


def export_profile() -> None:
    """Set the variables ``profiles.yml`` reads: the warehouse, as the pipeline role."""
    url = role_url(DatabaseRole.PIPELINE)
    export(
        FIELDHOUSE_PG_HOST=str(url.host),
        FIELDHOUSE_PG_PORT=str(url.port or 5432),
        FIELDHOUSE_PG_DB=str(url.database),
        FIELDHOUSE_PG_USER=str(url.username),
        FIELDHOUSE_PG_PASSWORD=str(url.password),
        DBT_PROFILES_DIR=str(PROJECT_DIR),
        DBT_TARGET_PATH=str(target_dir()),
        DBT_LOG_PATH=str(target_dir() / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )


def prepared_manifest() -> Path:
    """The manifest of the project as it is now; parsed if a file changed since the last time."""
    export_profile()
    manifest, stamp = target_dir() / "manifest.json", target_dir() / "fieldhouse.sha256"
    current = _fingerprint()
    if not (manifest.exists() and stamp.exists() and stamp.read_text() == current):
        _parse()
        stamp.write_text(current)
    return manifest


def _parse() -> None:
    target_dir().mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [str(DBT), "--quiet", "parse", "--project-dir", str(PROJECT_DIR)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise FieldhouseError(
            f"dbt could not read its project: {(done.stdout + done.stderr).strip()[-2000:]}",
            expected=f"models and YAML in {PROJECT_DIR} that agree",
            remedy="mend the file named above",
        )


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{PROJECT_DIR}{sys.version_info}".encode())
    for path in sorted(PROJECT_DIR.rglob("*")):
        if path.suffix in {".sql", ".yml", ".yaml", ".csv"} and "target" not in path.parts:
            digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
