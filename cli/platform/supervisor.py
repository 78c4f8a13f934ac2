"""The process manager of the services: ``python -m cli.platform.supervisor [--no-bi]``.

Runs until a signal comes or a service dies; then everything stops. Output goes to ``logs/services.log``.
"""

from __future__ import annotations

import os
import sys

from cli.platform.services import platform_services
from core.settings import PROJECT_ROOT, get_settings


def supervise(*, with_bi: bool) -> int:
    """Run all services; returns the exit code of the first one that ended, 128+n after a signal."""
    from honcho.manager import Manager
    from honcho.printer import Printer

    settings = get_settings()
    run_folder = settings.home / "run"
    run_folder.mkdir(parents=True, exist_ok=True)
    logs = settings.home / "logs"
    logs.mkdir(exist_ok=True)
    (run_folder / "supervisor.pid").write_text(str(os.getpid()))
    with (logs / "services.log").open("w", buffering=1) as log:
        manager = Manager(Printer(output=log, colour=False))
        for service in platform_services(settings, with_bi=with_bi):
            manager.add_process(
                service.name, service.shell_line(run_folder), env=service.environment, cwd=str(PROJECT_ROOT)
            )
        manager.loop()
    for pid_file in run_folder.glob("*.pid"):
        pid_file.unlink()
    return manager.returncode or 0


if __name__ == "__main__":
    sys.exit(supervise(with_bi="--no-bi" not in sys.argv))
