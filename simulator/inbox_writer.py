"""Files of the inbox: application messages, portal requests, survey exports. Any fsspec address will do.

Each file is written whole under a temporary name, then renamed: a reader never sees half a file.
"""

from __future__ import annotations

from typing import Any

import fsspec

from simulator.events import file_minute
from simulator.survey import HEADER
from simulator.today import Line, Today

SYNC_HISTORY_DAYS = (
    5  # the last days of the history come as one file a synchronisation, older ones as one a day
)
FOLDERS = ("app", "portail", "enquete")


class Inbox:
    """The delivery folder of the file sources."""

    def __init__(self, address: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(address)

    def clear(self) -> None:
        """Remove what an earlier company left in the three source folders."""
        for folder in FOLDERS:
            path = f"{self._root}/{folder}"
            if self._files.exists(path):
                self._files.rm(path, recursive=True)

    def write(self, path: str, content: bytes) -> None:
        """Write one file, by rename."""
        target = f"{self._root}/{path}"
        folder, name = target.rsplit("/", 1)
        self._files.makedirs(folder, exist_ok=True)
        waiting = f"{folder}/.{name}.en_cours"
        with self._files.open(waiting, "wb") as stream:
            stream.write(content)
        self._files.mv(waiting, target)

    def deliver(self, today: Today) -> list[dict[str, Any]]:
        """Write the day's files; returns the ledger's notes with file and line (counted from 1)."""
        notes: list[dict[str, Any]] = []
        day = today.day
        per_sync = today.ordinal > today.world.history_end - SYNC_HISTORY_DAYS
        groups: dict[int, list[Line]] = {}
        for line in sorted(today.app_lines, key=lambda item: item.minute):
            groups.setdefault(file_minute(line.minute) if per_sync else 23 * 60 + 55, []).append(line)
        for minute, lines in groups.items():
            stamp = f"{day:%Y%m%d}{minute // 60:02d}{minute % 60:02d}"
            notes += self._lines(f"app/{day:%Y/%m/%d}/evenements_{stamp}.jsonl", lines, b"")
        if today.portal_lines:
            notes += self._lines(f"portail/{day:%Y/%m}/demandes_{day:%Y%m%d}.jsonl", today.portal_lines, b"")
        if today.survey_lines:
            header = ";".join(HEADER).encode() + b"\n"
            notes += self._lines(f"enquete/reponses_{day:%Y%m%d}.csv", today.survey_lines, header)
        return notes

    def _lines(self, path: str, lines: list[Line], header: bytes) -> list[dict[str, Any]]:
        self.write(path, header + b"".join(line.payload + b"\n" for line in lines))
        first = 2 if header else 1
        return [
            {**note, "file": path, "line": number}
            for number, line in enumerate(lines, start=first)
            for note in line.spoilt
        ]
