"""TSPLIB95 files of symmetric travelling-salesman problems: text in, whole-number length matrix out.

Source of formats and of every length: Reinelt, "TSPLIB 95", Heidelberg 1995.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput

MAX_STOPS = 12_000  # the matrix of lengths takes 8 bytes an entry: 1.2 GB
EXPECTED = "a TSPLIB95 file of TYPE TSP: DIMENSION, EDGE_WEIGHT_TYPE, coordinates or weights"
SECTIONS = {
    "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION", "DISPLAY_DATA_SECTION", "FIXED_EDGES_SECTION",
    "EDGE_DATA_SECTION", "DEPOT_SECTION", "DEMAND_SECTION", "TOUR_SECTION",
}  # fmt: skip
IGNORED = {"DISPLAY_DATA_SECTION"}
Lengths = NDArray[np.float64]
Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TsplibInstance:
    """A name and (n, n) whole lengths, held as floats, diagonal 0; row i is the stop called `numbers[i]`."""

    name: str
    numbers: tuple[int, ...]
    lengths: Lengths


def read_tsplib(path: Path) -> TsplibInstance:
    """Read a file; raises InvalidInput that names every fault found."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error}.", expected=EXPECTED) from error
    return parse_tsplib(text, path.stem)


def parse_tsplib(text: str, name: str = "") -> TsplibInstance:
    """Parse the text of a file; `name` is used when the text has none."""
    header, sections, faults = _split(text)
    kind = header.get("TYPE", "TSP").split()[0].upper() if header.get("TYPE", "TSP") else ""
    if kind != "TSP":
        reason = "lengths differ by direction" if kind == "ATSP" else "another problem"
        faults.append(f"TYPE is {kind or 'empty'} ({reason}), only TSP is solved")
    count = _dimension(header, faults)
    weight_type = header.get("EDGE_WEIGHT_TYPE", "").upper()
    if weight_type != "EXPLICIT" and weight_type not in LENGTHS:
        known = ", ".join([*LENGTHS, "EXPLICIT"])
        faults.append(f"EDGE_WEIGHT_TYPE is {weight_type or 'missing'}, expected one of {known}")
    for section in sorted(sections.keys() - {"NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION"} - IGNORED):
        faults.append(f"{section} is not part of a plain symmetric problem and would be left out")
    numbers, lengths = tuple(range(1, count + 1)), np.zeros((count, count))
    if count and weight_type == "EXPLICIT":
        lengths = _explicit(header, sections.get("EDGE_WEIGHT_SECTION"), count, faults)
    elif count and weight_type in LENGTHS:
        dimensions = 3 if weight_type.endswith("_3D") else 2
        numbers, points = _points(sections.get("NODE_COORD_SECTION"), count, dimensions, faults)
        if not faults:
            lengths = LENGTHS[weight_type](points)
            np.fill_diagonal(lengths, 0.0)
    if faults:
        raise InvalidInput(
            f"{header.get('NAME') or name or 'The file'}: " + "; ".join(faults),
            expected=EXPECTED,
            remedy="correct the lines named, or leave the file out",
        )
    return TsplibInstance(header.get("NAME") or name, numbers, lengths)


def _split(text: str) -> tuple[dict[str, str], dict[str, list[str]], list[str]]:
    """Header values by keyword, words of each section, faults."""
    header: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    faults: list[str] = []
    words: list[str] | None = None
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        stripped = line.strip()
        keyword = stripped.split(":")[0].strip().upper()
        if not stripped:
            continue
        if keyword == "EOF":
            break
        if keyword in SECTIONS:
            if keyword in sections:
                faults.append(f"line {number}: a second {keyword}")
            words = sections[keyword] = []
        elif ":" in stripped:
            words = None
            header.setdefault(keyword, stripped.split(":", 1)[1].strip())
        elif words is not None:
            words.extend(stripped.split())
        else:
            faults.append(f"line {number}: “{stripped[:40]}” is neither a keyword nor part of a section")
    return header, sections, faults


def _dimension(header: dict[str, str], faults: list[str]) -> int:
    value = header.get("DIMENSION", "")
    if not value.isdecimal() or not 1 <= int(value) <= MAX_STOPS:
        faults.append(f"DIMENSION is {value or 'missing'}, expected a whole number from 1 to {MAX_STOPS}")
        return 0
    return int(value)


def _numbers(words: list[str], section: str, faults: list[str]) -> NDArray[np.float64] | None:
    try:
        values = np.array(words, dtype=np.float64)
    except ValueError:
        wrong = [word for word in words if not _is_number(word)]
        faults.append(f"{section}: “{wrong[0]}” is not a number ({len(wrong)} such words)")
        return None
    if not np.isfinite(values).all():
        faults.append(f"{section}: {int((~np.isfinite(values)).sum())} numbers are not finite")
        return None
    return values


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _points(
    words: list[str] | None, count: int, dimensions: int, faults: list[str]
) -> tuple[tuple[int, ...], Points]:
    nothing = tuple(range(1, count + 1)), np.zeros((count, dimensions))
    if words is None:
        faults.append("NODE_COORD_SECTION is missing")
        return nothing
    values = _numbers(words, "NODE_COORD_SECTION", faults)
    if values is None:
        return nothing
    width = dimensions + 1
    if len(values) != count * width:
        faults.append(
            f"NODE_COORD_SECTION has {len(values)} numbers, "
            f"expected {count} lines of {width} (DIMENSION {count})"
        )
        return nothing
    table = values.reshape(count, width)
    numbers = tuple(int(number) for number in table[:, 0])
    if any(number != given for number, given in zip(numbers, table[:, 0], strict=True)):
        faults.append("NODE_COORD_SECTION: a stop's number is not whole")
    twice = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if twice:
        faults.append(f"NODE_COORD_SECTION: stops given twice: {', '.join(map(str, twice[:10]))}")
    return numbers, table[:, 1:]


def _explicit(header: dict[str, str], words: list[str] | None, count: int, faults: list[str]) -> Lengths:
    nothing = np.zeros((count, count))
    layout = header.get("EDGE_WEIGHT_FORMAT", "").upper()
    if layout != "FULL_MATRIX" and layout not in TRIANGLES:
        known = ", ".join(["FULL_MATRIX", *TRIANGLES])
        faults.append(f"EDGE_WEIGHT_FORMAT is {layout or 'missing'}, expected one of {known}")
        return nothing
    if words is None:
        faults.append("EDGE_WEIGHT_SECTION is missing")
        return nothing
    values = _numbers(words, "EDGE_WEIGHT_SECTION", faults)
    if values is None:
        return nothing
    rows, columns = (
        np.indices((count, count)).reshape(2, -1) if layout == "FULL_MATRIX" else TRIANGLES[layout](count)
    )
    if len(values) != len(rows):
        faults.append(f"EDGE_WEIGHT_SECTION has {len(values)} numbers, expected {len(rows)} for {layout}")
        return nothing
    if (values != np.round(values)).any():
        faults.append(f"EDGE_WEIGHT_SECTION: {values[values != np.round(values)][0]:g} is not a whole number")
    lengths = nothing
    lengths[rows, columns] = values
    if layout != "FULL_MATRIX":
        lengths[columns, rows] = values
    np.fill_diagonal(lengths, 0.0)
    if (lengths != lengths.T).any():
        i, j = map(int, np.argwhere(lengths != lengths.T)[0])
        faults.append(
            f"EDGE_WEIGHT_SECTION is not symmetric: {i + 1} to {j + 1} is {lengths[i, j]:g}, "
            f"back it is {lengths[j, i]:g}"
        )
    return lengths


# A symmetric matrix read by columns of one triangle is the other triangle read by rows.
TRIANGLES: dict[str, Callable[[int], tuple[NDArray[np.intp], NDArray[np.intp]]]] = {
    "UPPER_ROW": lambda count: np.triu_indices(count, 1),
    "LOWER_COL": lambda count: np.triu_indices(count, 1),
    "LOWER_ROW": lambda count: np.tril_indices(count, -1),
    "UPPER_COL": lambda count: np.tril_indices(count, -1),
    "UPPER_DIAG_ROW": lambda count: np.triu_indices(count, 0),
    "LOWER_DIAG_COL": lambda count: np.triu_indices(count, 0),
    "LOWER_DIAG_ROW": lambda count: np.tril_indices(count, 0),
    "UPPER_DIAG_COL": lambda count: np.tril_indices(count, 0),
}


def _differences(points: Points) -> Iterator[NDArray[np.float64]]:
    for axis in range(points.shape[1]):
        yield np.abs(points[:, None, axis] - points[None, :, axis])


def _euclid(points: Points) -> Lengths:
    return np.sqrt(sum(difference**2 for difference in _differences(points)))


def _nearest(values: Lengths) -> Lengths:
    return np.floor(values + 0.5)


def _att(points: Points) -> Lengths:
    """Pseudo-Euclidean: squares over 10, rounded to the nearest and never below the exact root."""
    exact = np.sqrt(sum(difference**2 for difference in _differences(points)) / 10.0)
    near = _nearest(exact)
    return near + (near < exact)


def _geo(points: Points) -> Lengths:
    """Kilometres on a sphere of 6378.388 km; coordinates are DDD.MM; 3.141592 is the standard's own π."""
    degrees = np.trunc(points)
    radians = 3.141592 * (degrees + 5.0 * (points - degrees) / 3.0) / 180.0
    latitude, longitude = radians[:, 0], radians[:, 1]
    q1 = np.cos(longitude[:, None] - longitude[None])
    q2 = np.cos(latitude[:, None] - latitude[None])
    q3 = np.cos(latitude[:, None] + latitude[None])
    angle = np.arccos(np.clip(0.5 * ((1.0 + q1) * q2 - (1.0 - q1) * q3), -1.0, 1.0))
    return np.trunc(6378.388 * angle + 1.0)


LENGTHS: dict[str, Callable[[Points], Lengths]] = {
    "EUC_2D": lambda points: _nearest(_euclid(points)),
    "EUC_3D": lambda points: _nearest(_euclid(points)),
    "CEIL_2D": lambda points: np.ceil(_euclid(points)),
    "MAN_2D": lambda points: _nearest(sum(_differences(points))),
    "MAN_3D": lambda points: _nearest(sum(_differences(points))),
    "MAX_2D": lambda points: np.maximum.reduce([_nearest(axis) for axis in _differences(points)]),
    "MAX_3D": lambda points: np.maximum.reduce([_nearest(axis) for axis in _differences(points)]),
    "ATT": _att,
    "GEO": _geo,
}
