"""Stopping: what was started ends, with its children; a number used again by others is left alone."""

import os
import subprocess
import sys
import time

import psutil

from cli.platform.processes import running, stop_all


def test_a_process_and_its_children_end(tmp_path) -> None:
    child = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60"], start_new_session=True)
    (tmp_path / "service.pid").write_text(str(child.pid))
    grandchildren = _children_of(child.pid)
    assert list(running(tmp_path)) == ["service"]
    assert stop_all(tmp_path) == ["service"]
    child.wait(5)
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in grandchildren)
    assert running(tmp_path) == {}


def test_a_process_younger_than_the_file_is_not_ours(tmp_path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        pid_file = tmp_path / "service.pid"
        pid_file.write_text(str(stranger.pid))
        os.utime(pid_file, (time.time() - 3600, time.time() - 3600))
        assert stop_all(tmp_path) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()


def _children_of(pid: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children(recursive=True)
        if len(children) == 2:
            return children
        time.sleep(0.05)
    raise AssertionError("the children did not start")
