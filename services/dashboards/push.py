"""Push: bring Superset's own database to what git says. Works whether the server runs or not."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable

from core.errors import FieldhouseError, PrerequisiteMissing
from services.dashboards.assets import SUPERSET
from services.dashboards.environment import superset_environment, superset_python

_LAST_LINES = 25


def push(
    progress: Callable[[str], None] | None = None, *, keep_edits: bool = False, force: bool = False
) -> None:
    """Run ``superset/bootstrap.py`` in Superset's own environment.

    Args:
        progress: called with each line it prints, e.g. `` 12.4 s  imported 46, removed 0``.
        keep_edits: when the files are those pushed last, leave what people changed in the pages since.
        force: do every step even when nothing changed.

    Raises:
        PrerequisiteMissing: Superset is not installed.
        FieldhouseError: a step failed; its last lines are in the message.
    """
    python = superset_python()
    if not python.exists():
        raise PrerequisiteMissing(
            f"Superset's environment is missing: {python}",
            expected="the packages of superset/requirements.lock in an environment of their own",
            remedy="make up  (without --no-bi)",
        )
    options = [*(["--keep-edits"] if keep_edits else []), *(["--force"] if force else [])]
    command = [str(python), str(SUPERSET / "bootstrap.py"), *options]
    last: deque[str] = deque(maxlen=_LAST_LINES)
    with subprocess.Popen(
        command,
        env=superset_environment(with_accounts=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            last.append(line.rstrip())
            if progress is not None and " s  " in line:
                progress(line.rstrip())
    if process.returncode != 0:
        raise FieldhouseError(
            "Superset could not be brought up to date:\n" + "\n".join(last),
            expected="superset/bootstrap.py to end well",
            remedy="fieldhouse bi check, then push again",
        )
