"""The embedded PostgreSQL server: start, stop, state. Works as root and as an ordinary user.

PostgreSQL refuses to run as root, so as root the server runs as ``nobody`` in a folder that account owns and
can reach; a checkout below a private home (0700) keeps its cluster in ``/var/lib/fieldhouse`` instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.errors import FieldhouseError, PrerequisiteMissing
from core.settings import environment_with

_INSTANCE = "fieldhouse"
_TUNING = (
    "shared_buffers=256MB",
    "work_mem=32MB",
    "maintenance_work_mem=256MB",
    "max_connections=120",
    "max_wal_size=2GB",
    "jit=off",
)


@dataclass(frozen=True)
class EmbeddedServer:
    """One cluster: ``home`` is its folder, ``port`` where it listens, ``password`` of the superuser."""

    home: Path
    port: int
    password: str

    def is_running(self) -> bool:
        """True when this cluster (not just any server on the port) runs."""
        if not (self.home / ".pg0").exists():
            return False
        return bool(self._info().get("running"))

    def start(self) -> None:
        """Start the cluster, creating it the first time; recovers after a crash.

        Raises:
            PrerequisiteMissing: the port belongs to another program.
            FieldhouseError: the server did not come up; the message carries its last words.
        """
        if self.is_running():
            return
        if port_is_taken(self.port):
            raise PrerequisiteMissing(
                f"Port {self.port} is taken by another program, PostgreSQL cannot listen on it.",
                expected="a free port",
                remedy="stop that program, or choose another port: FIELDHOUSE_POSTGRES_PORT=54330 make up",
            )
        self._prepare_home()
        options = [part for setting in _TUNING for part in ("-c", setting)]
        done = self._pg0("start", "--port", str(self.port), "--password", self.password, *options)
        if done.returncode != 0:
            raise FieldhouseError(
                f"The embedded PostgreSQL did not start (folder {self.home}): {_tail(done)}",
                expected="a server answering on 127.0.0.1:" + str(self.port),
                remedy="look at the message above; `fieldhouse db reset` starts from an empty cluster",
            )

    def stop(self) -> None:
        """Stop the cluster when it runs."""
        if self.is_running():
            self._pg0("stop")

    def drop(self) -> None:
        """Stop the cluster and delete all its data."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def _info(self) -> dict:
        done = self._pg0("info", "-o", "json")
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def _prepare_home(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            os.chown(self.home, account.pw_uid, account.pw_gid)
        self.home.chmod(0o700)

    def _pg0(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(_program_for(self.home)), command, "--name", _INSTANCE, *arguments],
            env=environment_with(HOME=str(self.home)),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **_unprivileged(),
        )


def cluster_home(state: Path) -> Path:
    """Folder for the cluster of the installation whose state is in ``state``."""
    if os.geteuid() != 0 or _reachable_by_nobody(state):
        return state / "postgres"
    return Path("/var/lib/fieldhouse") / hashlib.sha256(str(state).encode()).hexdigest()[:12]


def port_is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """True when something already listens on ``host:port``."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _reachable_by_nobody(path: Path) -> bool:
    existing = [folder for folder in (path, *path.parents) if folder.exists()]
    return all(folder.stat().st_mode & 0o001 for folder in existing)


def _unprivileged() -> dict:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _program_for(home: Path) -> Path:
    """The server program, copied next to the cluster where the account could not execute the original."""
    import pg0

    original = Path(pg0.__file__).parent / "bin" / "pg0"
    if os.geteuid() != 0 or _reachable_by_nobody(original):
        return original
    copy = home.parent / "bin" / "pg0"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(original, copy)
        copy.chmod(0o755)
    return copy


def _tail(done: subprocess.CompletedProcess[str]) -> str:
    return " / ".join((done.stdout + done.stderr).strip().splitlines()[-4:])
