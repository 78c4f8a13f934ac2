"""Processes left by an installation: who still runs, and how to end them."""

from __future__ import annotations

from pathlib import Path

import psutil

_GRACE_S = 20.0


def running(run_folder: Path) -> dict[str, psutil.Process]:
    """Name -> process of what this installation started and still runs; forgets the others."""
    alive = {}
    for pid_file in sorted(run_folder.glob("*.pid")):
        process = _process_of(pid_file)
        if process is None:
            pid_file.unlink(missing_ok=True)
        else:
            alive[pid_file.stem] = process
    return alive


def stop_all(run_folder: Path) -> list[str]:
    """End the supervisor, then whatever it left behind; returns the names of what was stopped."""
    stopped = running(run_folder)
    supervisor = stopped.get("supervisor")
    if supervisor is not None:
        supervisor.terminate()
        psutil.wait_procs([supervisor], timeout=_GRACE_S)
    for process in running(run_folder).values():
        end_tree(process)
    return list(stopped)


def end_tree(process: psutil.Process) -> None:
    """Terminate a process with its children; kill those that do not leave in time."""
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        _quietly(member.terminate)
    _, left = psutil.wait_procs(family, timeout=_GRACE_S)
    for member in left:
        _quietly(member.kill)


def _process_of(pid_file: Path) -> psutil.Process | None:
    """The process that wrote the file; None when it ended, even if its number is in use again."""
    text = pid_file.read_text().strip()
    try:
        process = psutil.Process(int(text))
        began_before_file = process.create_time() <= pid_file.stat().st_mtime + 2
        alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return None
    return process if alive and began_before_file else None


def _quietly(act) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return
