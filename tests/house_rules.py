"""House rules a formatter cannot see: sizes, names, secrets, business time. `make lint` runs them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = {".py": 400, ".sql": 150}
FORBIDDEN_NAMES = re.compile(r"(^|_)(utils?|helpers?|manager|misc|common)(_|$)")
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
    r"|(?:password|secret|token)['\"]?\s*[:=]\s*['\"][A-Za-z0-9/+_-]{16,}['\"]",
    re.IGNORECASE,
)
ENVIRONMENT = re.compile(r"os\.(environ|getenv)")
WALL_CLOCK = re.compile(r"(datetime\.now|datetime\.utcnow|date\.today|time\.time\(\))")
SQL_CLOCK = re.compile(r"\b(now\(\)|current_date|current_timestamp|clock_timestamp\(\))", re.IGNORECASE)
FLOORS = {"core", "warehouse", "ml", "optimisers", "services", "orchestration", "cli", "simulator"}


def faults_of(path: Path) -> list[str]:
    """Every rule the file breaks, in words."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = text.count("\n")
    floor = name.split("/")[0]
    found = []
    if lines > LONGEST.get(path.suffix, lines):
        found.append(f"{lines} lines, at most {LONGEST[path.suffix]}")
    if path.suffix == ".py" and FORBIDDEN_NAMES.search(path.stem):
        found.append("a name that says nothing; name what it holds")
    if path.suffix in {".py", ".yml", ".yaml", ".toml", ".md"} and SECRETS.search(text):
        found.append("looks like a secret; secrets live in .fieldhouse/")
    if path.suffix == ".py" and floor in FLOORS:
        if name != "core/settings.py" and ENVIRONMENT.search(text):
            found.append("reads the environment; only core.settings does")
        if name != "core/clock.py" and WALL_CLOCK.search(text):
            found.append("asks the time; use core.clock")
    if path.suffix == ".sql" and floor == "dbt_project" and SQL_CLOCK.search(text):
        found.append("asks the time; use var('date_metier')")
    return [f"{name}: {fault}" for fault in found]


def main() -> int:
    """Check every file git knows or would add; returns the exit code."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / line for line in listed.stdout.splitlines()]
    faults = [fault for path in files if path.is_file() for fault in faults_of(path)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
