"""Bytes -> rows, and what is new in a file that changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.sources.catalogue import ERP_TABLES, FEEDS
from warehouse.sources.file_lines import describe, first_new_line, rows_of

EVENTS, SURVEY = FEEDS["app_evenements"], FEEDS["enquete_reponses"]


def _lines(content: bytes, first: int = 1) -> list[tuple[int, str, str]]:
    return [(row.line, row.payload, row.encoding) for row in rows_of(EVENTS, content, first)]


def test_lines_keep_their_number_when_blank_ones_are_left_out() -> None:
    assert _lines(b"a\r\n\n  \nb") == [(1, "a", "utf-8"), (4, "b", "utf-8")]


def test_only_line_feeds_end_a_line() -> None:
    text = "a\u2028b\x0bc\x85d"
    assert _lines(text.encode()) == [(1, text, "utf-8")]


def test_only_the_broken_line_is_read_as_windows_1252() -> None:
    content = "é\n".encode() + "é€\n".encode("cp1252")
    assert _lines(content) == [(1, "é", "utf-8"), (2, "é€", "cp1252")]


def test_an_empty_file_has_no_rows() -> None:
    assert _lines(b"") == []
    assert list(rows_of(SURVEY, b"")) == []


def test_fields_beyond_the_header_are_kept() -> None:
    (row,) = rows_of(SURVEY, b"a;b\n1;2;3;4\n")
    assert json.loads(row.payload) == {"a": "1", "b": "2", "_champs_en_trop": ["3", "4"]}


def test_a_stray_quote_spoils_its_own_record_only() -> None:
    rows = list(rows_of(SURVEY, b'a;b\n1;"x\n2;y\n3;"z\r\nz"\n'))
    assert [(row.line, json.loads(row.payload)) for row in rows] == [
        (2, {"a": "1", "b": '"x'}),
        (3, {"a": "2", "b": "y"}),
        (4, {"a": "3", "b": "z\r\nz"}),
    ]


@pytest.mark.parametrize(
    ("earlier", "later", "first"),
    [
        (b"a\nb\n", b"a\nb\nc\n", 3),
        (b"a\nb", b"a\nbc\n", 2),
        (b"a\nb\n", b"a\nx\nc\n", 1),
        (b"a\nb\n", b"a\n", 1),
        (b"", b"a\n", 1),
    ],
)
def test_where_a_changed_file_starts_to_be_new(earlier: bytes, later: bytes, first: int) -> None:
    assert first_new_line(later, describe("f", "m", earlier)) == first
    assert first_new_line(later, None) == 1


@given(st.binary(max_size=300))
def test_no_bytes_can_stop_a_file(content: bytes) -> None:
    for feed in FEEDS.values():
        for row in rows_of(feed, content):
            assert "\0" not in row.payload
            row.payload.encode("utf-8")


@given(st.lists(st.text(alphabet="ab\té", max_size=5), max_size=6), st.integers(min_value=0, max_value=60))
def test_a_file_read_in_two_deliveries_gives_the_rows_of_the_whole(lines: list[str], cut: int) -> None:
    content = "".join(line + "\n" for line in lines).encode()
    part = content[:cut]
    earlier = describe("f", "m", part)
    whole = {row.line: row.payload for row in rows_of(EVENTS, content)}
    seen = {row.line: row.payload for row in rows_of(EVENTS, part)}
    seen |= {row.line: row.payload for row in rows_of(EVENTS, content, first_new_line(content, earlier))}
    assert seen == whole


def test_landing_names_are_unique() -> None:
    names = [table.landed for table in ERP_TABLES.values()] + list(FEEDS)
    assert len(set(names)) == len(names)
