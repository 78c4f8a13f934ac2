"""Secrets the demo makes for itself, kept in ``.fieldhouse/secrets.json`` (0600), never in git."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

DEMO_ACCOUNTS = {"direction": "Direction", "planification": "Planification", "admin": "Admin"}


@dataclass
class Secrets:
    """Passwords and keys of one installation.

    Attributes:
        postgres: password of the embedded server's superuser.
        roles: database role -> password.
        superset_key: signs Superset's sessions.
        accounts: demo account -> password.
    """

    postgres: str
    superset_key: str
    roles: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)

    def role_password(self, role: str) -> str:
        """Password of a database role."""
        return self.roles[role]


def load_or_create(home: Path, roles: tuple[str, ...]) -> Secrets:
    """Read the secrets under ``home``; make the missing ones. The file is readable by its owner only."""
    path = home / "secrets.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    made = Secrets(
        postgres=known.get("postgres") or _password(),
        superset_key=known.get("superset_key") or secrets.token_urlsafe(42),
        roles={role: known.get("roles", {}).get(role) or _password() for role in roles},
        accounts={name: known.get("accounts", {}).get(name) or _password() for name in DEMO_ACCOUNTS},
    )
    if made.__dict__ != known:
        _write_private(path, json.dumps(made.__dict__, indent=1))
    return made


def _password() -> str:
    return secrets.token_hex(12)


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    os.replace(temporary, path)
