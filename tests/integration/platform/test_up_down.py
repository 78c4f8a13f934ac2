"""Ctrl-C leaves nothing behind; a second start rebuilds nothing; a start beside a running one is refused."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from cli.platform.checks import check_machine
from core.settings import get_settings
from tests.conftest import FIELDHOUSE, ROOT, RunningHouse, fieldhouse
from warehouse.embedded import port_is_taken

pytestmark = pytest.mark.house

_READY_WITHIN_S = 240


@pytest.fixture
def stopped_house(running_house: RunningHouse):
    """The house, down; up again afterwards for the tests that follow."""
    fieldhouse("down")
    yield running_house
    fieldhouse("down")
    fieldhouse("up", "--detach")


def test_a_second_start_beside_the_first_is_refused(running_house: RunningHouse) -> None:
    refused = running_house.run("up", "--detach", check=False)
    assert refused.returncode == 1
    assert "already up" in refused.stderr


def test_ctrl_c_stops_everything_and_the_next_start_builds_nothing(stopped_house: RunningHouse) -> None:
    settings = get_settings()
    clock_file = stopped_house.home / "clock.json"
    built_at = clock_file.stat().st_mtime_ns
    with _in_foreground(stopped_house.home) as (process, output):
        assert "Pipeline" not in output()
        assert "Demo company" not in output()
        assert clock_file.stat().st_mtime_ns == built_at
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(90) == 0, output()
    check_machine(settings, with_bi=False)
    assert not port_is_taken(settings.postgres_port)
    assert _processes_of(stopped_house.home) == []


class _in_foreground:
    """``fieldhouse up --no-bi`` in a process group of its own, as a terminal starts it."""

    def __init__(self, home: Path) -> None:
        self._log = home / "foreground.log"

    def __enter__(self):
        with self._log.open("w") as out:
            self._process = subprocess.Popen(
                [str(FIELDHOUSE), "up", "--no-bi"],
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _READY_WITHIN_S
        while "Ctrl-C stops everything" not in self._log.read_text():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.5)
        return self._process, self._log.read_text

    def __exit__(self, *_) -> None:
        if self._process.poll() is None:
            self._process.kill()


def _processes_of(home: Path) -> list[str]:
    """Command lines of living processes that work for this house."""
    found = []
    for process in psutil.process_iter(["cmdline", "environ", "status"]):
        environment = process.info["environ"] or {}
        if environment.get("DAGSTER_HOME", "").startswith(str(home)) or str(home) in " ".join(
            process.info["cmdline"] or []
        ):
            found.append(" ".join(process.info["cmdline"] or []))
    return found
