"""Technician routing files of Pillac, Guéret & Medaglia (2013): text in, an engine `Instance` out.

Row 0 is the depot, then one row a technician (home, what he knows and carries), then the requests (place,
window, service, what they need). Travel times are Euclidean distances, not rounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import InvalidInput
from optimisers.routing.instance import Instance

EXPECTED = (
    "a TRSP file: CREW COUNT, SKILLS, TOOLS, SPARE PARTS, then ID X Y TWS TWE Serv [skills] [tools] [parts]"
)
_ROW = re.compile(r"^((?:\S+\s+){5}\S+?)\s*\[([^\]]*)\]\s*\[([^\]]*)\]\s*\[([^\]]*)\]$")


@dataclass(frozen=True, slots=True)
class TrspInstance:
    """A name, identifiers as in the file, and the arrays: one shift a technician, minutes are the cost."""

    name: str
    technicians: tuple[int, ...]
    requests: tuple[int, ...]
    routing: Instance


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    x: float
    y: float
    opening: float
    closing: float
    service: float
    skills: list[int]
    tools: list[int]
    parts: list[int]


def read_trsp(path: Path) -> TrspInstance:
    """Read a file; raises InvalidInput that names every fault found."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error}.", expected=EXPECTED) from error
    return parse_trsp(text, path.stem)


def parse_trsp(text: str, name: str = "") -> TrspInstance:
    """Parse the text of a file."""
    faults: list[str] = []
    sizes, rows = _split(text, faults)
    if sizes and not faults:
        faults += _misfits(sizes, rows)
    if faults or not sizes:
        raise InvalidInput(
            f"{name or 'The file'}: " + ("; ".join(faults) or "no line after CREW COUNT was found"),
            expected=EXPECTED,
            remedy="correct the lines named, or leave the file out",
        )
    crew, requests = rows[1 : 1 + sizes[0]], rows[1 + sizes[0] :]
    return TrspInstance(
        name,
        tuple(row.number for row in crew),
        tuple(row.number for row in requests),
        _instance(rows[0], crew, requests, sizes),
    )


def _split(text: str, faults: list[str]) -> tuple[list[int], list[_Row]]:
    sizes: list[int] = []
    rows: list[_Row] = []
    awaited, in_rows = False, False
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if words[0] == "CREW":
            awaited = True
        elif words[0] == "ID":
            in_rows = True
        elif awaited and not sizes:
            if len(words) == 4 and all(word.isdecimal() for word in words):
                sizes = [int(word) for word in words]
            else:
                faults.append(f"line {number}: “{line.strip()[:40]}”, expected four whole numbers")
                sizes = [0, 0, 0, 0]
        elif in_rows:
            row = _row(line.strip())
            if row is None:
                faults.append(f"line {number}: “{line.strip()[:60]}”, expected six numbers and three lists")
            else:
                rows.append(row)
    return sizes, rows


def _row(line: str) -> _Row | None:
    match = _ROW.match(line)
    if match is None:
        return None
    try:
        number, *values = match.group(1).split()
        x, y, opening, closing, service = (float(value) for value in values)
        skills, tools, parts = (
            [int(word) for word in match.group(k).replace(",", " ").split()] for k in (2, 3, 4)
        )
        row = _Row(int(number), x, y, opening, closing, service, skills, tools, parts)
    except ValueError:
        return None
    return row if np.isfinite([x, y, opening, closing, service]).all() else None


def _misfits(sizes: list[int], rows: list[_Row]) -> list[str]:
    crew, skills, tools, parts = sizes
    faults = []
    if len(rows) < crew + 2:
        faults.append(f"{len(rows)} rows, expected a depot, {crew} technicians and requests")
    numbers = [row.number for row in rows]
    faults += [
        f"the identifier {n} is there twice" for n in sorted({n for n in numbers if numbers.count(n) > 1})
    ]
    for row in rows:
        who = f"row {row.number}"
        faults += [f"{who}: skill {k}, expected 0 to {skills - 1}" for k in row.skills if not 0 <= k < skills]
        faults += [f"{who}: tool {k}, expected 0 to {tools - 1}" for k in row.tools if not 0 <= k < tools]
        if row.parts and len(row.parts) != parts:
            faults.append(f"{who}: {len(row.parts)} spare parts, expected {parts}")
        if any(quantity < 0 for quantity in row.parts):
            faults.append(f"{who}: spare parts {row.parts}, expected no negative quantity")
        if row.closing < row.opening:
            faults.append(f"{who}: window {row.opening:g}–{row.closing:g} ends before it begins")
        if row.service < 0:
            faults.append(f"{who}: service {row.service:g}, expected 0 or more")
    return faults


def _instance(depot: _Row, crew: list[_Row], requests: list[_Row], sizes: list[int]) -> Instance:
    technicians, visits = len(crew), len(requests)
    rows = [depot, *crew, *requests]
    x, y = np.array([row.x for row in rows]), np.array([row.y for row in rows])
    minutes = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    knows, needs = _member(crew, "skills", sizes[1]), _member(requests, "skills", sizes[1])
    lacking = (needs[None, :, :] & ~knows[:, None, :]).any(axis=2)
    windows = np.array([[row.opening, row.closing] for row in requests], dtype=np.float64)
    return Instance(
        leg_cost=np.zeros_like(minutes),
        leg_min=minutes,
        visit_at=np.arange(1 + technicians, len(rows)),
        service_min=np.array([row.service for row in requests], dtype=np.float64),
        windows=windows.reshape(visits, 1, 1, 2),
        skip_cost=np.full(visits, np.inf),
        choice_cost=np.where(lacking, np.inf, 0.0),
        shift_technician=np.arange(technicians),
        shift_day=np.zeros(technicians, np.int64),
        start_at=np.arange(1, 1 + technicians),
        end_at=np.arange(1, 1 + technicians),
        earliest=np.array([row.opening for row in crew], dtype=np.float64),
        latest=np.array([row.closing for row in crew], dtype=np.float64),
        max_work=np.full(technicians, np.inf),
        max_week_min=np.full(technicians, np.inf),
        max_days=np.ones(technicians, np.int64),
        fair_share=np.full(technicians, 1.0 / technicians),
        minute_cost=1.0,
        depot_at=0,
        depot_min=0.0,
        depot_from=depot.opening,
        depot_until=depot.closing,
        needs_tool=_member(requests, "tools", sizes[2]),
        has_tool=_member(crew, "tools", sizes[2]),
        needs_part=_quantities(requests, sizes[3]),
        has_part=_quantities(crew, sizes[3]),
    )


def _member(rows: list[_Row], field: str, kinds: int) -> np.ndarray:
    table = np.zeros((len(rows), kinds), np.bool_)
    for at, row in enumerate(rows):
        table[at, getattr(row, field)] = True
    return table


def _quantities(rows: list[_Row], kinds: int) -> np.ndarray:
    return np.array([row.parts or [0] * kinds for row in rows], dtype=np.int64).reshape(len(rows), kinds)
