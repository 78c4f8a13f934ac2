"""Push: the environment Superset gets, what a failure says, and the pages it leaves behind."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from pathlib import Path

import pytest

from core.errors import FieldhouseError, PrerequisiteMissing
from services.dashboards import environment, push
from services.dashboards.assets import SUPERSET


def _contract() -> set[str]:
    """Variables listed at the top of bootstrap.py."""
    text = (SUPERSET / "bootstrap.py").read_text("utf-8").split('"""')[1]
    return set(re.findall(r"^    ((?:SUPERSET|FIELDHOUSE)_[A-Z_]+) ", text, flags=re.M))


def test_environment_is_the_documented_one() -> None:
    given = environment.superset_environment(with_accounts=True)
    optional = {"FIELDHOUSE_SUPERSET_HTTPS"}
    assert _contract() - optional <= set(given)
    assert set(json.loads(given["FIELDHOUSE_SUPERSET_ACCOUNTS"])) == {"direction", "planification", "admin"}


def test_server_does_not_know_the_passwords_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIELDHOUSE_SUPERSET_ACCOUNTS", raising=False)
    assert "FIELDHOUSE_SUPERSET_ACCOUNTS" not in environment.superset_environment()


def test_missing_environment_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(push, "superset_python", lambda: tmp_path / "bin" / "python")
    with pytest.raises(PrerequisiteMissing, match="make up"):
        push.push()


def test_failure_shows_the_last_lines_and_progress_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\necho '  1.0 s  accounts'\necho 'KeyError: no such role'\nexit 3\n")
    script.chmod(0o755)
    monkeypatch.setattr(push, "superset_python", lambda: script)
    monkeypatch.setattr(push, "superset_environment", lambda **_: dict(os.environ))
    lines: list[str] = []
    with pytest.raises(FieldhouseError, match="no such role"):
        push.push(lines.append)
    assert lines == ["  1.0 s  accounts"]


def test_tracking_pixel_is_removed_once_and_shared_files_are_left_alone(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("telemetry", SUPERSET / "telemetry.py")
    telemetry = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(telemetry)
    assets = tmp_path / "superset" / "static" / "assets"
    assets.mkdir(parents=True)
    cached, installed = tmp_path / "cache.js", assets / "menu.entry.js"
    cached.write_text("src=`https://apachesuperset.gateway.scarf.sh/pixel/0d34/${v}`")
    os.link(cached, installed)
    (assets / "other.js").write_text("nothing")
    assert telemetry.remove_pixel(tmp_path / "superset") == 1
    assert "scarf" not in installed.read_text()
    assert "scarf" in cached.read_text()
    assert telemetry.remove_pixel(tmp_path / "superset") == 0


def test_no_secret_and_no_remote_address_in_git() -> None:
    for path in SUPERSET.rglob("*"):
        if path.suffix in {".py", ".yaml"} and path.name != "telemetry.py":
            text = path.read_text("utf-8")
            assert not re.search(r"password\s*[:=]\s*['\"]\w", text, flags=re.I), path
            assert not re.search(r"https?://(?!127\.0\.0\.1|localhost)", text), path
