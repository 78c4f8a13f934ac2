"""Bytes of one delivered file -> numbered rows of text. Pure: no file system, no database."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.sources.catalogue import Feed

_UTF8_BOM = b"\xef\xbb\xbf"
# PostgreSQL text cannot hold NUL. The replacement character says that something unreadable stood there.
_NUL_STAND_IN = "\ufffd"
_EXTRA_FIELDS = "_champs_en_trop"
_LONGEST_RECORD = 100  # lines


@dataclass(frozen=True)
class Row:
    """One landed row: ``line`` counts from 1 in the file, ``encoding`` is utf-8 or cp1252."""

    line: int
    payload: str
    encoding: str


@dataclass(frozen=True)
class Delivery:
    """What the ledger remembers of one version of a file.

    Attributes:
        mark: what a listing shows of a version (entity tag or change time), to skip it without reading.
        digest: hash of the whole content.
        complete_bytes, complete_digest, complete_lines: the part up to the last line feed. A later version
            that starts with the same part is the same file, grown.
        lines: lines in the file, a last one without line feed included.
    """

    path: str
    size: int
    mark: str
    digest: str
    complete_bytes: int
    complete_digest: str
    complete_lines: int
    lines: int


def describe(path: str, mark: str, content: bytes) -> Delivery:
    """The ledger's view of ``content``."""
    complete = content.rfind(b"\n") + 1
    complete_lines = content.count(b"\n")
    return Delivery(
        path=path,
        size=len(content),
        mark=mark,
        digest=_digest(content),
        complete_bytes=complete,
        complete_digest=_digest(content[:complete]),
        complete_lines=complete_lines,
        lines=complete_lines + (len(content) > complete),
    )


def first_new_line(content: bytes, earlier: Delivery | None) -> int:
    """First line to land: 1 for a new or rewritten file, the one after the known ones if it grew.

    A last line without line feed was landed as it stood; it is landed again, same number, once complete.
    """
    if earlier is None or _digest(content[: earlier.complete_bytes]) != earlier.complete_digest:
        return 1
    return earlier.complete_lines + 1


def rows_of(feed: Feed, content: bytes, first_line: int = 1) -> Iterator[Row]:
    """Rows of a file from ``first_line`` on: each JSON line as it came, each CSV record as a JSON object."""
    lines = _decoded_lines(content.removeprefix(_UTF8_BOM))
    rows = _json_lines(lines) if feed.csv_delimiter is None else _csv_records(lines, feed.csv_delimiter)
    return (row for row in rows if row.line >= first_line)


def _decoded_lines(content: bytes) -> list[tuple[str, str]]:
    """(text, encoding) of each line; only lines that are not UTF-8 are read as Windows-1252."""
    try:
        return [(text, "utf-8") for text in content.decode("utf-8").replace("\0", _NUL_STAND_IN).split("\n")]
    except UnicodeDecodeError:
        return [_decoded(line) for line in content.split(b"\n")]


def _decoded(line: bytes) -> tuple[str, str]:
    try:
        text, encoding = line.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Five byte values mean nothing in Windows-1252: replaced, not refused, the row is landed anyway.
        text, encoding = line.decode("cp1252", errors="replace"), "cp1252"
    return text.replace("\0", _NUL_STAND_IN), encoding


def _json_lines(lines: list[tuple[str, str]]) -> Iterator[Row]:
    for number, (text, encoding) in enumerate(lines, start=1):
        text = text.removesuffix("\r")
        if text.strip():
            yield Row(number, text, encoding)


def _csv_records(lines: list[tuple[str, str]], delimiter: str) -> Iterator[Row]:
    """Records by the file's own header; ``line`` is its first line (quoted fields may span several)."""
    header, number = _record(lines, 0, delimiter)
    while number < len(lines):
        start = number
        fields, number = _record(lines, start, delimiter)
        if any(field.strip() for field in fields):
            record: dict[str, object] = dict(zip(header, fields, strict=False))
            if len(fields) > len(header):
                record[_EXTRA_FIELDS] = fields[len(header) :]
            encoding = "cp1252" if any(used == "cp1252" for _, used in lines[start:number]) else "utf-8"
            yield Row(start + 1, json.dumps(record, ensure_ascii=False), encoding)


def _record(lines: list[tuple[str, str]], start: int, delimiter: str) -> tuple[list[str], int]:
    """Fields of the record that begins at index ``start``, and the index after it.

    A stray quote must not swallow the rest of the file: a line that is not proper CSV is split as it stands.
    """
    spanned = (text + "\n" for text, _ in lines[start : start + _LONGEST_RECORD])
    reader = csv.reader(spanned, delimiter=delimiter, strict=True)
    try:
        return next(reader, []), start + reader.line_num
    except csv.Error:
        return lines[start][0].removesuffix("\r").split(delimiter), start + 1


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
