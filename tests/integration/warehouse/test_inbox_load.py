"""Inbox -> landing: each line once, as it came, whatever happens to its file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core.errors import InvalidInput, SourceUnavailable
from tests.integration.warehouse.systems import NOW, Systems
from warehouse.sources.arrivals import inbox_mark
from warehouse.sources.inbox import load_inbox


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox with one file of two events."""
    folder = tmp_path / "inbox"
    (folder / "app" / "2025" / "11" / "14").mkdir(parents=True)
    (folder / "app" / "2025" / "11" / "14" / "evenements_202511141200.jsonl").write_bytes(
        b'{"a": 1}\n{"a": 2}\n'
    )
    return folder


def _load(systems: Systems, inbox: Path | str, batch: str = "lot-1", feed: str = "app_evenements", **options):
    return load_inbox(str(inbox), systems.warehouse, feed=feed, batch=batch, now=NOW, **options)


def _rows(systems: Systems, feed: str = "app_evenements") -> list:
    return systems.landed(
        f"select ligne, payload, encodage, _lot from landing.{feed} order by fichier, _lot, ligne"
    )


def _only_file(inbox: Path) -> Path:
    return next(inbox.rglob("*.jsonl"))


def test_each_line_lands_once_with_its_origin(systems: Systems, inbox: Path) -> None:
    summary = _load(systems, inbox)
    assert (summary.rows, summary.files) == (2, 1)
    assert _load(systems, inbox, "lot-2").files == 0
    rows = systems.landed(
        "select fichier, ligne, payload, encodage, _source, _charge_at from landing.app_evenements"
    )
    path = "app/2025/11/14/evenements_202511141200.jsonl"
    assert rows == [
        (path, 1, '{"a": 1}', "utf-8", "app_mobile", NOW),
        (path, 2, '{"a": 2}', "utf-8", "app_mobile", NOW),
    ]


def test_the_same_content_delivered_again_brings_nothing(systems: Systems, inbox: Path) -> None:
    _load(systems, inbox)
    os.utime(_only_file(inbox), (1, 1))
    summary = _load(systems, inbox, "lot-2")
    assert (summary.rows, summary.warnings) == (0, [])
    assert _load(systems, inbox, "lot-3").files == 0


def test_a_grown_file_brings_its_new_lines(systems: Systems, inbox: Path) -> None:
    with _only_file(inbox).open("ab") as file:
        file.write(b'{"a": 3')
    _load(systems, inbox)
    with _only_file(inbox).open("ab") as file:
        file.write(b'}\n{"a": 4}\n')
    summary = _load(systems, inbox, "lot-2")
    assert (summary.rows, len(summary.warnings)) == (2, 1)
    assert [row[:2] for row in _rows(systems)] == [
        (1, '{"a": 1}'),
        (2, '{"a": 2}'),
        (3, '{"a": 3'),
        (3, '{"a": 3}'),
        (4, '{"a": 4}'),
    ]


def test_a_rewritten_file_brings_all_its_lines_again(systems: Systems, inbox: Path) -> None:
    _load(systems, inbox)
    _only_file(inbox).write_bytes(b'{"a": 1}\n{"a": 20}\n')
    assert _load(systems, inbox, "lot-2").rows == 2


def test_files_still_being_written_wait(systems: Systems, inbox: Path) -> None:
    (inbox / "app" / ".evenements_202511141205.jsonl").write_text('{"a"')
    (inbox / "app" / "evenements_202511141205.jsonl.tmp").write_text('{"a"')
    assert _load(systems, inbox).files == 1


def test_bytes_that_are_not_text_do_not_stop_a_load(systems: Systems, inbox: Path) -> None:
    _only_file(inbox).write_bytes(
        '{"a": "é"}\n'.encode() + '{"a": "é"}\n'.encode("cp1252") + b'{"a": "\x00\x81\t\\"}\n'
    )
    _load(systems, inbox)
    assert [row[1:3] for row in _rows(systems)] == [
        ('{"a": "é"}', "utf-8"),
        ('{"a": "é"}', "cp1252"),
        ('{"a": "\ufffd\ufffd\t\\"}', "cp1252"),
    ]


def test_survey_records_become_objects_by_header(systems: Systems, inbox: Path) -> None:
    (inbox / "enquete").mkdir()
    (inbox / "enquete" / "reponses_20251110.csv").write_bytes(
        '\ufeffInvitation;Q2 Commentaire\r\n1;"oui\r\nnon"\r\n2;très bien\r\n'.encode()
    )
    assert _load(systems, inbox, feed="enquete_reponses").rows == 2
    rows = _rows(systems, "enquete_reponses")
    assert [row[0] for row in rows] == [2, 4]
    assert json.loads(rows[0][1]) == {"Invitation": "1", "Q2 Commentaire": "oui\r\nnon"}


def test_thousands_of_small_files_land_in_one_load(systems: Systems, inbox: Path) -> None:
    for number in range(2_000):
        (inbox / "app" / f"evenements_{number:06d}.jsonl").write_text(f'{{"n": {number}}}\n')
    assert _load(systems, inbox).rows == 2_002
    assert _load(systems, inbox, "lot-2").files == 0


def test_any_fsspec_address_serves_as_inbox(systems: Systems) -> None:
    import fsspec

    files = fsspec.filesystem("memory")
    files.pipe("/boite/app/2025/evenements_1.jsonl", b'{"a": 1}\n')
    assert _load(systems, "memory://boite").rows == 1
    files.pipe("/boite/app/2025/evenements_2.jsonl", b'{"a": 2}\n')
    assert _load(systems, "memory://boite", "lot-2").rows == 1
    files.rm("/boite", recursive=True)


def test_a_missing_inbox_is_named_and_a_feed_without_files_is_empty(systems: Systems, inbox: Path) -> None:
    assert _load(systems, inbox, feed="portail_demandes").rows == 0
    with pytest.raises(SourceUnavailable, match="inbox"):
        _load(systems, inbox / "ailleurs", attempts=2)
    with pytest.raises(InvalidInput, match="pigeons"):
        _load(systems, inbox, feed="pigeons")


def test_the_mark_changes_with_each_arrival(inbox: Path) -> None:
    before = inbox_mark(str(inbox))
    assert inbox_mark(str(inbox)) == before
    (inbox / "portail").mkdir()
    (inbox / "portail" / "demandes_20251114.jsonl").write_text("{}\n")
    assert inbox_mark(str(inbox)) != before
