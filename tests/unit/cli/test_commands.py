"""The command line: quick to start, clear when it refuses."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]
_HEAVY = {"dagster", "mlflow", "pandas", "xgboost", "great_expectations", "dlt", "pyvrp", "sqlalchemy"}


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, cli.main; print(' '.join(sorted({m.split('.')[0] for m in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True)
    assert not _HEAVY & set(done.stdout.split())


def test_an_unknown_job_is_answered_with_the_known_ones(tmp_path) -> None:
    from typer.testing import CliRunner

    from cli.main import app

    answer = CliRunner().invoke(app, ["bench", "nonsense", "--data", str(tmp_path), "--out", str(tmp_path)])
    assert answer.exit_code == 1
    assert "churn" in answer.output


def test_compose_file_names_services_the_command_knows() -> None:
    import yaml

    services = yaml.safe_load((_ROOT / "docker-compose.yml").read_text())["services"]
    assert set(services) == {
        "postgres",
        "prepare",
        "dagster-code",
        "dagster",
        "dagster-daemon",
        "mlflow",
        "superset",
    }
    from cli.platform.services import platform_services
    from core.settings import get_settings

    known = {s.name for s in platform_services(get_settings(), with_bi=False)} | {"prepare"}
    named = {s["command"][2] for s in services.values() if s.get("command", [None])[0] == "fieldhouse"}
    assert named == known
    assert all("healthcheck" in s for name, s in services.items() if name != "prepare")
