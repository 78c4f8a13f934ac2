"""Files of routing problems with capacity and windows, Solomon's layout (`.txt`) or sections (`.vrp`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.errors import InvalidInput
from optimisers.vrptw.problem import LIMIT, Vrptw, truncated_distance

EXPECTED = (
    "<instance>.txt (Solomon: VEHICLE with number and capacity, then CUSTOMER with number, x, y, demand, "
    "ready, due, service; 0 = depot) or <instance>.vrp (NODE_COORD, DEMAND, TIME_WINDOW sections, EUC_2D)"
)
SHOWN = 10
COLUMNS = ("x", "y", "demand", "ready time", "due date", "service time")


class _Faults:
    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, text: str) -> None:
        self.found.append(text)

    def number(self, text: str, what: str) -> float:
        """A finite number, or 0 and a fault."""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.add(f"{what} is {text!r}, not a number")
            return 0.0
        return value

    def whole(self, text: str, what: str, *, least: int) -> int:
        """An integer of at least `least`, or `least` and a fault."""
        value = self.number(text, what)
        if value != int(value) or value < least or value > LIMIT:
            self.add(f"{what} is {text}, not an integer from {least} to {LIMIT}")
            return least
        return int(value)


def read(path: Path) -> Vrptw:
    """Read one file; raises InvalidInput that names every fault found (the first ten with their values)."""
    faults = _Faults()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(path, [f"cannot be read ({error})"]) from error
    lines = [line.split() for line in text.splitlines()]
    parse = _sections if path.suffix.lower() == ".vrp" else _solomon
    problem = parse(path.stem, lines, faults)
    if faults.found or problem is None:
        raise _refusal(path, faults.found)
    return problem


def _refusal(path: Path, faults: Sequence[str]) -> InvalidInput:
    more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    return InvalidInput(
        f"{path.name}: " + "; ".join(faults[:SHOWN]) + more,
        expected=EXPECTED,
        remedy="correct these places of the file, or pass a folder that holds only instances",
    )


def _solomon(name: str, lines: list[list[str]], faults: _Faults) -> Vrptw | None:
    words = {line[0].upper(): k for k, line in reversed(list(enumerate(lines))) if line}
    if "VEHICLE" not in words or "CUSTOMER" not in words:
        faults.add("the lines VEHICLE and CUSTOMER are not both there")
        return None
    fleet = [line for line in lines[words["VEHICLE"] + 2 : words["CUSTOMER"]] if line]
    if len(fleet) != 1 or len(fleet[0]) != 2:
        faults.add(f"below VEHICLE there is {fleet}, not one line with number and capacity")
        fleet = [["1", "1"]]
    vehicles = faults.whole(fleet[0][0], "number of vehicles", least=1)
    capacity = faults.whole(fleet[0][1], "capacity", least=0)
    rows = []
    for line in [line for line in lines[words["CUSTOMER"] + 2 :] if line]:
        if len(line) != 7:
            faults.add(f"line {' '.join(line)!r} has {len(line)} columns, not 7")
            continue
        if line[0] != str(len(rows)):
            faults.add(f"customer {line[0]} follows {len(rows) - 1}: numbers count from 0 without gaps")
        rows.append([faults.number(x, f"{c} of {line[0]}") for x, c in zip(line[1:], COLUMNS, strict=True)])
    return _problem(name, vehicles, capacity, rows, faults)


def _sections(name: str, lines: list[list[str]], faults: _Faults) -> Vrptw | None:
    header: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    current: list[list[str]] | None = None
    for line in lines:
        joined = " ".join(line)
        if not line or joined == "EOF":
            continue
        if joined.rstrip(" :").endswith("_SECTION"):
            current = sections.setdefault(joined.rstrip(" :"), [])
        elif ":" in joined:
            key, value = joined.split(":", 1)
            header[key.strip()] = value.strip()
        elif current is None:
            faults.add(f"line {joined!r} is neither a heading nor in a section")
        else:
            current.append(line)
    if header.get("EDGE_WEIGHT_TYPE") != "EUC_2D":
        faults.add(f"EDGE_WEIGHT_TYPE is {header.get('EDGE_WEIGHT_TYPE')}, not EUC_2D")
    depots = [x for line in sections.get("DEPOT_SECTION", [["1"]]) for x in line if x != "-1"]
    if depots != ["1"]:
        faults.add(f"DEPOT_SECTION holds {depots}, not node 1 alone")
    size = faults.whole(header.get("DIMENSION", "missing"), "DIMENSION", least=1)
    capacity = faults.whole(header.get("CAPACITY", "missing"), "CAPACITY", least=0)
    vehicles = faults.whole(header.get("VEHICLES", str(max(1, size - 1))), "VEHICLES", least=1)
    if "SERVICE_TIME" in header and "SERVICE_TIME_SECTION" not in sections:
        times = [[str(k + 1), header["SERVICE_TIME"] if k else "0"] for k in range(size)]
        sections["SERVICE_TIME_SECTION"] = times
    widths = {"NODE_COORD": 2, "DEMAND": 1, "TIME_WINDOW": 2, "SERVICE_TIME": 1}
    columns = []
    for title, width in widths.items():
        table = sections.get(f"{title}_SECTION", [])
        if len(table) != size:
            faults.add(f"{title}_SECTION has {len(table)} lines, DIMENSION is {size}")
        for k, line in enumerate(table):
            if len(line) != width + 1 or line[0] != str(k + 1):
                faults.add(f"{title}_SECTION: {' '.join(line)!r} is not node {k + 1} with {width} numbers")
        if faults.found:
            continue
        columns.append([[faults.number(x, f"{title} of {line[0]}") for x in line[1:]] for line in table])
    if len(columns) < len(widths):
        return None
    rows = [[x for part in parts for x in part] for parts in zip(*columns, strict=True)]
    return _problem(name, vehicles, capacity, rows, faults)


def _problem(
    name: str, vehicles: int, capacity: int, rows: list[list[float]], faults: _Faults
) -> Vrptw | None:
    if not rows:
        faults.add("there is no depot")
        return None
    table = np.array(rows)
    for column, unit in ((2, 1), (3, 10), (4, 10), (5, 10)):
        for k in np.flatnonzero(~_usable(table[:, column], unit)):
            rule = "an integer" if unit == 1 else "a multiple of 0.1"
            faults.add(
                f"{COLUMNS[column]} of {k} is {table[k, column]:g}, not {rule} from 0 to {LIMIT // unit}"
            )
    for k in np.flatnonzero(np.abs(table[:, :2]).max(axis=1) > LIMIT / 40):
        faults.add(f"{k} lies at {table[k, 0]:g}, {table[k, 1]:g}, beyond ±{LIMIT // 40}")
    for k in np.flatnonzero(table[:, 4] < table[:, 3]):
        faults.add(f"the window of {k} ends at {table[k, 4]:g} before it begins at {table[k, 3]:g}")
    for column in (2, 5):
        if table[0, column] != 0:
            faults.add(f"{COLUMNS[column]} of the depot is {table[0, column]:g}, not 0")
    if faults.found:
        return None
    ready, due, service = (np.rint(10 * table[:, column]).astype(np.int64) for column in (3, 4, 5))
    demand = table[:, 2].astype(np.int64)
    return Vrptw(name, vehicles, capacity, demand, ready, due, service, truncated_distance(table[:, :2]))


def _usable(values: np.ndarray, unit: int) -> np.ndarray:
    scaled = values * unit
    return (scaled >= 0) & (scaled <= LIMIT) & (np.abs(scaled - np.rint(scaled)) < 1e-6)
