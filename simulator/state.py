"""The company's state on disk: one JSON document a day lived, the ERP's bookmark saying which one counts."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from simulator.truth import write_whole
from simulator.world import World, from_document, to_document

KEPT_DAYS = 2


def _path(folder: Path, day: date) -> Path:
    return folder / "etat" / f"etat_{day:%Y%m%d}.json"


def save(world: World, folder: Path) -> str:
    """Write the state after `world.day`; returns its fingerprint (SHA-256)."""
    text = json.dumps(to_document(world), separators=(",", ":"))
    write_whole(_path(folder, date.fromordinal(world.day)), text)
    return hashlib.sha256(text.encode()).hexdigest()


def load(folder: Path, day: date, fingerprint: str) -> World:
    """The state after `day`.

    Raises FileNotFoundError or ValueError when the state file is missing or is not the one the ERP was
    written with.
    """
    path = _path(folder, day)
    if not path.exists():
        raise FileNotFoundError(
            f"the simulator's state after {day} is not at {path}, expected beside the ground truth: give the "
            "folder used when the company was created, or create it anew (fieldhouse db reset, fieldhouse up)"
        )
    text = path.read_text(encoding="utf-8")
    found = hashlib.sha256(text.encode()).hexdigest()
    if found != fingerprint:
        raise ValueError(
            f"{path} has fingerprint {found[:12]}, the ERP expects {fingerprint[:12]}: they belong to two "
            "companies; create the company anew (fieldhouse db reset, then fieldhouse up)"
        )
    return from_document(json.loads(text))


def forget_old(folder: Path) -> None:
    """Keep the last states only."""
    for path in sorted((folder / "etat").glob("etat_*.json"))[:-KEPT_DAYS]:
        path.unlink()
