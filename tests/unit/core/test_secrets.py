"""Secrets: made once, kept, readable by their owner only."""

import stat

from core.secrets import load_or_create


def test_secrets_are_made_once_and_private(tmp_path) -> None:
    first = load_or_create(tmp_path, ("a", "b"))
    again = load_or_create(tmp_path, ("a", "b", "c"))
    assert again.role_password("a") == first.role_password("a")
    assert len(set(again.roles.values())) == 3
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
