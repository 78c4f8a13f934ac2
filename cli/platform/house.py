"""What this installation is: written when its building ends, read by every later command."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import FieldhouseError


@dataclass(frozen=True)
class House:
    """A built installation: size and seed of the demo company, with or without dashboards."""

    scale: float
    seed: int
    bi: bool

    def save(self, home: Path) -> None:
        """Mark the building as finished."""
        temporary = home / "house.tmp"
        temporary.write_text(json.dumps(asdict(self)))
        temporary.replace(home / "house.json")


def read_house(home: Path) -> House | None:
    """The installation under ``home``, or None before its first complete build."""
    path = home / "house.json"
    return House(**json.loads(path.read_text())) if path.exists() else None


def refuse_change(found: House, *, scale: float | None, seed: int | None) -> None:
    """Raise when another company is asked for than the one that lives here."""
    asked = {"scale": scale, "seed": seed}
    different = {k: v for k, v in asked.items() if v is not None and v != getattr(found, k)}
    if different:
        raise FieldhouseError(
            f"This installation already holds a company with scale {found.scale} and seed {found.seed}.",
            expected=", ".join(f"--{name} {getattr(found, name)}" for name in different) + ", or none",
            remedy="keep it: make up; or start anew: .venv/bin/fieldhouse db reset, then make up",
        )
