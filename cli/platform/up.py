"""``fieldhouse up``: check, build what is missing, run the pipeline once, serve."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import date

from cli.console import console, phase
from cli.platform import checks, superset_environment
from cli.platform.house import House, read_house, refuse_change
from cli.platform.processes import running, stop_all
from cli.platform.reset import reset
from cli.platform.services import platform_services
from cli.platform.status import answers, collect_status, print_status
from core.clock import DEFAULT_AS_OF
from core.errors import FieldhouseError
from core.settings import PROJECT_ROOT, Settings, get_settings
from warehouse.connection import embedded_server
from warehouse.migrations import upgrade
from warehouse.provision import provision

_READY_WITHIN_S = 240


@dataclass(frozen=True)
class Choices:
    """What the command line asked for; None means the default or what is already there."""

    scale: float | None
    seed: int | None
    as_of: date | None
    bi: bool


def bring_up(choices: Choices, *, detach: bool) -> None:
    """Start everything; builds the installation first when there is none.

    Raises:
        FieldhouseError: it already runs, the machine lacks something, or a phase failed.
    """
    settings = get_settings()
    run_folder = settings.home / "run"
    if "supervisor" in running(run_folder):
        raise FieldhouseError(
            f"This installation is already up ({settings.home}).",
            remedy="see it: fieldhouse status; stop it: make down",
        )
    stop_all(run_folder)
    house = read_house(settings.home)
    if house is not None:
        refuse_change(house, scale=choices.scale, seed=choices.seed)
    elif (settings.home / "building").exists():
        console.print("An earlier start did not finish; what it left is thrown away.")
        reset()
    checks.check_machine(settings, with_bi=choices.bi)
    seconds: dict[str, float] = {}
    try:
        with phase("PostgreSQL", seconds):
            _start_database()
        _build(settings, choices, house, seconds)
        supervisor = _serve(settings, with_bi=choices.bi, seconds=seconds)
    except BaseException:
        _stop(settings)
        raise
    _report(settings, seconds)
    if not detach:
        _stay(settings, supervisor)


def _start_database() -> None:
    server = embedded_server()
    if server is not None:
        server.start()
    provision()
    upgrade()


def _build(settings: Settings, choices: Choices, house: House | None, seconds: dict[str, float]) -> None:
    """Prepare Superset beside the pipeline: one needs the network and a core, the other a core."""
    superset = _Beside(lambda: superset_environment.prepare(settings), enabled=choices.bi)
    superset.start()
    if house is None:
        from cli.run import run_job
        from cli.simulate import create_company

        (settings.home / "building").touch()
        house = House(choices.scale or 1.0, 7 if choices.seed is None else choices.seed, choices.bi)
        with phase("Demo company", seconds, spinner=False):
            create_company(house, choices.as_of or DEFAULT_AS_OF)
        with phase("Pipeline", seconds, spinner=False):
            run_job("build")
    with phase("Superset", seconds):
        superset.finish()
    House(house.scale, house.seed, choices.bi).save(settings.home)
    (settings.home / "building").unlink(missing_ok=True)


def _serve(settings: Settings, *, with_bi: bool, seconds: dict[str, float]) -> subprocess.Popen:
    with phase("Services", seconds):
        command = [sys.executable, "-m", "cli.platform.supervisor", *([] if with_bi else ["--no-bi"])]
        supervisor = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        waiting = {s.name: s.health for s in platform_services(settings, with_bi=with_bi) if s.health}
        deadline = time.monotonic() + _READY_WITHIN_S
        while waiting := {name: url for name, url in waiting.items() if not answers(url)}:
            if supervisor.poll() is not None or time.monotonic() > deadline:
                raise FieldhouseError(
                    f"These services do not answer: {', '.join(waiting)}.",
                    expected=f"an answer within {_READY_WITHIN_S} s",
                    remedy=f"read {settings.home / 'logs' / 'services.log'}, then make up again",
                )
            time.sleep(0.5)
    return supervisor


def _report(settings: Settings, seconds: dict[str, float]) -> None:
    (settings.home / "phases.json").write_text(json.dumps({k: round(v, 1) for k, v in seconds.items()}))
    console.print(f"\n[bold]Fieldhouse is up[/bold] [dim]({sum(seconds.values()):.0f} s)[/dim]")
    print_status(collect_status(settings))
    console.print(f"\nSchedules to download: {settings.home / 'plannings'}")


def _stay(settings: Settings, supervisor: subprocess.Popen) -> None:
    console.print("Ctrl-C stops everything.")
    try:
        code = supervisor.wait()
    except KeyboardInterrupt:
        console.print("\nStopping…")
        return
    finally:
        _stop(settings)
    raise FieldhouseError(
        f"A service ended (code {code}), so everything was stopped.",
        remedy=f"read {settings.home / 'logs' / 'services.log'}",
    )


def _stop(settings: Settings) -> None:
    stop_all(settings.home / "run")
    server = embedded_server()
    if server is not None:
        server.stop()


class _Beside:
    """A task on a second thread whose failure is raised when it is waited for."""

    def __init__(self, task, *, enabled: bool) -> None:
        self._task, self._enabled = task, enabled
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        if self._enabled:
            self._thread.start()

    def finish(self) -> None:
        if not self._enabled:
            return
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self._task()
        except BaseException as failure:
            self._failure = failure
