"""One small house for all tests of a run: the real thing, built by the real command, on free ports.

``FIELDHOUSE_TEST_HOME=/some/folder`` keeps it between runs: the first builds it there, the
next ones start it. Without the variable it lives in a temporary folder and is thrown away.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FIELDHOUSE = Path(sys.executable).parent / "fieldhouse"
SCALE = "0.1"
_KEPT_HOME = os.environ.get("FIELDHOUSE_TEST_HOME")
_PORTS = ("POSTGRES", "DAGSTER", "CODE_SERVER", "MLFLOW", "SUPERSET")


@dataclass(frozen=True)
class RunningHouse:
    """The platform as a user has it: ``home`` its state, ``status`` the answer of ``status --json``."""

    home: Path
    status: dict

    def url(self, service: str) -> str:
        """Address of a service."""
        return self.status["services"][service]["url"]

    def password(self, username: str) -> str:
        """Password of a demo account."""
        return next(a["password"] for a in self.status["accounts"] if a["username"] == username)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One ``fieldhouse`` command on this house."""
        return fieldhouse(*arguments, check=check)


def fieldhouse(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the real command; with ``check`` a failure shows what it printed."""
    done = subprocess.run(
        [str(FIELDHOUSE), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if check and done.returncode != 0:
        pytest.fail(
            f"fieldhouse {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        )
    return done


def pytest_configure() -> None:
    """Point this process and its children to the test house before anything reads the settings."""
    home = Path(_KEPT_HOME or tempfile.mkdtemp(prefix="fieldhouse-test-"))
    home.chmod(0o755)
    ports_file = home / "test-ports.json"
    ports = json.loads(ports_file.read_text()) if ports_file.exists() else _free_ports()
    ports_file.write_text(json.dumps(ports))
    os.environ["FIELDHOUSE_HOME"] = str(home)
    os.environ.setdefault("FIELDHOUSE_SUPERSET_VENV", str(ROOT / ".fieldhouse" / "superset-venv"))
    for name, port in ports.items():
        os.environ[f"FIELDHOUSE_{name}_PORT"] = str(port)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _KEPT_HOME is None:
        shutil.rmtree(os.environ["FIELDHOUSE_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def running_house() -> Iterator[RunningHouse]:
    """The whole platform at a tenth of its size, with its services answering."""
    home = Path(os.environ["FIELDHOUSE_HOME"])
    if (home / "house.json").exists():
        fieldhouse("down")
        fieldhouse("up", "--detach")
    else:
        fieldhouse("up", "--detach", "--scale", SCALE)
    yield RunningHouse(home, json.loads(fieldhouse("status", "--json").stdout))
    fieldhouse("down")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Superuser address of the test server, for tests that make databases of their own."""
    from warehouse.connection import admin_url, embedded_server

    server = embedded_server()
    ours = not server.is_running()
    server.start()
    yield admin_url().render_as_string(hide_password=False)
    if ours:
        server.stop()


def _free_ports() -> dict[str, int]:
    sockets = [socket.socket() for _ in _PORTS]
    for probe in sockets:
        probe.bind(("127.0.0.1", 0))
    ports = {name: probe.getsockname()[1] for name, probe in zip(_PORTS, sockets, strict=True)}
    for probe in sockets:
        probe.close()
    return ports
