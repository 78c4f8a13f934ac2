"""Superset's own Python environment, and its first state."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from core.errors import FieldhouseError
from core.settings import PROJECT_ROOT, Settings

_LOCK = PROJECT_ROOT / "superset" / "requirements.lock"


def prepare(settings: Settings) -> None:
    """Install Superset when its lock file changed, then bring it to what the files say."""
    install(settings)
    from services.dashboards.push import push

    push(keep_edits=True)


def install(settings: Settings) -> None:
    """Create or update the environment; a broken-off installation is done again from the start."""
    environment = settings.superset_environment
    stamp = environment / "requirements.sha256"
    wanted = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = Path(sys.executable).parent / "uv"
    _run([str(uv), "venv", "--quiet", "--clear", "--python", sys.executable, str(environment)])
    python = environment / "bin" / "python"
    _run([str(uv), "pip", "install", "--quiet", "--python", str(python), "-r", str(_LOCK)])
    stamp.write_text(wanted)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise FieldhouseError(
            f"Superset could not be installed: {(done.stdout + done.stderr).strip()[-1500:]}",
            expected="the packages of superset/requirements.lock",
            remedy='look at the reason above; or start without dashboards: make up ARGS="--no-bi"',
        )
