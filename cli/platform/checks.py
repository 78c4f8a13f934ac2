"""What must be true before anything starts; each failure names its remedy."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from core.errors import PrerequisiteMissing
from core.settings import Settings
from warehouse.embedded import port_is_taken


def check_machine(settings: Settings, *, with_bi: bool) -> None:
    """Python version, disk space and ports; raises PrerequisiteMissing with all faults at once."""
    faults = [*_python_faults(with_bi), *_disk_faults(settings), *_port_faults(settings, with_bi)]
    if faults:
        found, remedies = zip(*faults, strict=True)
        raise PrerequisiteMissing("\n".join(found), remedy="\n        ".join(dict.fromkeys(remedies)))


def _python_faults(with_bi: bool) -> list[tuple[str, str]]:
    if with_bi and sys.version_info >= (3, 13):
        return [
            (
                f"Python 3.{sys.version_info.minor} is too new for Superset (3.11 or 3.12).",
                'start without dashboards: make up ARGS="--no-bi", or with another Python: '
                "rm -r .venv && make up PYTHON=python3.12",
            )
        ]
    return []


def _disk_faults(settings: Settings) -> list[tuple[str, str]]:
    settings.home.mkdir(parents=True, exist_ok=True)
    free_gb = shutil.disk_usage(_existing(settings.home)).free / 1e9
    if free_gb >= settings.min_free_disk_gb:
        return []
    return [
        (
            f"{free_gb:.1f} GB free under {settings.home}, {settings.min_free_disk_gb:.1f} GB needed.",
            "free some space, or put the state elsewhere: FIELDHOUSE_HOME=/bigger/disk make up",
        )
    ]


def _port_faults(settings: Settings, with_bi: bool) -> list[tuple[str, str]]:
    ports = {
        "DAGSTER": settings.dagster_port,
        "CODE_SERVER": settings.code_server_port,
        "MLFLOW": settings.mlflow_port,
    }
    if with_bi:
        ports["SUPERSET"] = settings.superset_port
    return [
        (
            f"Port {port} ({name.lower()}) is taken by another program.",
            f"stop it, or choose another: FIELDHOUSE_{name}_PORT={port + 1000} make up",
        )
        for name, port in ports.items()
        if port_is_taken(port, settings.host)
    ]


def _existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())
