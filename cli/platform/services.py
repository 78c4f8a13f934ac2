"""The long-running services: how each is started and how one sees that it answers."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cli.platform.dagster_home import dagster_environment, write_dagster_home
from core.settings import Settings, environment_with
from warehouse.connection import plain, service_url

_BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Service:
    """One process. ``health``: http:// that answers 200 or tcp:// that listens (None: nothing to ask);
    ``url``: where people go (None: nowhere).
    """

    name: str
    command: list[str]
    health: str | None = None
    url: str | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def shell_line(self, run_folder: Path) -> str:
        """Command for the process manager; leaves the process id behind for `fieldhouse down`."""
        pid_file = shlex.quote(str(run_folder / f"{self.name}.pid"))
        return f"echo $$ > {pid_file}; exec {shlex.join(self.command)}"


def platform_services(settings: Settings, *, with_bi: bool) -> list[Service]:
    """Every service of this installation, in the order people think of them."""
    services = [*_dagster(settings), _mlflow(settings)]
    if with_bi:
        services.append(_superset(settings))
    return services


def _dagster(settings: Settings) -> list[Service]:
    home = write_dagster_home(settings)
    environment = dagster_environment(settings)
    url = f"http://{settings.host}:{settings.dagster_port}"
    workspace = str(home / "workspace.yaml")
    code = [
        "-m",
        "orchestration.definitions",
        "--host",
        settings.host,
        "--port",
        str(settings.code_server_port),
    ]
    return [
        Service(
            "dagster-code", [str(_BIN / "dagster"), "code-server", "start", *code], environment=environment
        ),
        Service(
            "dagster",
            [
                str(_BIN / "dagster-webserver"),
                *("-w", workspace, "--host", settings.host, "--port", str(settings.dagster_port)),
            ],
            health=f"{url}/server_info",
            url=url,
            environment=environment,
        ),
        Service(
            "dagster-daemon",
            [str(_BIN / "dagster-daemon"), "run", "-w", workspace],
            environment=environment,
        ),
    ]


def _mlflow(settings: Settings) -> Service:
    url = f"http://{settings.host}:{settings.mlflow_port}"
    return Service(
        "mlflow",
        [
            str(_BIN / "mlflow"),
            *("server", "--host", settings.host, "--port", str(settings.mlflow_port), "--workers", "1"),
        ],
        health=f"{url}/health",
        url=url,
        environment=environment_with(
            MLFLOW_BACKEND_STORE_URI=plain(service_url("mlflow")),
            MLFLOW_ARTIFACTS_DESTINATION=str(settings.home / "mlflow"),
            MLFLOW_SERVER_ENABLE_JOB_EXECUTION="false",
            MLFLOW_DISABLE_TELEMETRY="true",
            DO_NOT_TRACK="true",
            GIT_PYTHON_REFRESH="quiet",
        ),
    )


def _superset(settings: Settings) -> Service:
    from services.dashboards.environment import serve_command, superset_environment

    url = f"http://{settings.host}:{settings.superset_port}"
    return Service(
        "superset",
        serve_command(),
        health=f"{url}/health",
        url=url,
        environment=superset_environment(),
    )
