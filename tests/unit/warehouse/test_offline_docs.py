"""Pages that read without the network, and suites that are well formed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from warehouse.quality.arrivals import probes as arrivals
from warehouse.quality.expected_columns import landing_columns
from warehouse.quality.offline_docs import make_readable_offline, without_remote_references
from warehouse.quality.probes import Severity
from warehouse.quality.served import probes as served
from warehouse.quality.suites import Failure
from warehouse.sources.catalogue import ERP_TABLES, FEEDS

TODAY = date(2025, 11, 14)


@pytest.mark.parametrize(
    "remote",
    [
        '<script src="https://code.jquery.com/jquery.js"></script>',
        "<script>\n$('#x').modal()\n</script>",
        '<link rel="stylesheet" type="text/css" href="https://unpkg.com/x.css">',
        "<img alt='logo' src='http://host/logo.png?d=1'>",
        "<style>@import url(\"https://f/x.css\"); .a { background: url('https://host/x.png') }</style>",
    ],
)
def test_nothing_is_fetched(remote: str) -> None:
    cleaned = without_remote_references(f"<p>avant</p>{remote}<p>après</p>")
    assert "http" not in cleaned
    assert "<p>avant</p>" in cleaned
    assert "<p>après</p>" in cleaned


def test_words_of_links_stay_and_local_files_too() -> None:
    page = '<a href="https://host/x">mot</a><a href="local.html">ici</a><link href="local.css">'
    assert without_remote_references(page) == 'mot<a href="local.html">ici</a><link href="local.css">'


def test_the_index_shows_every_check_with_its_verdict(tmp_path: Path) -> None:
    page = tmp_path / "validations" / "a" / "jour" / "a b.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><head></head></html>")
    failures = [
        Failure("a", "Premier : attendu, beaucoup ; vu : 3", Severity.WARNING),
        Failure("a", "Premier : attendu, présent ; vu : None", Severity.CRITICAL),
    ]
    index = make_readable_offline(tmp_path, "arrivees", {"a": "Premier", "b": "Second <2>"}, failures)
    text = index.read_text()
    assert "✗ échec" in text
    assert 'href="validations/a/jour/a%20b.html"' in text
    assert "Second &lt;2&gt;" in text
    assert 'href="../../../hors_ligne.css"' in page.read_text()


def test_every_landing_table_has_its_columns_declared_and_checked() -> None:
    tables = {table.landed for table in ERP_TABLES.values()} | set(FEEDS)
    assert set(landing_columns()) == tables
    assert tables == {
        p.name.removeprefix("colonnes_") for p in arrivals(TODAY) if p.name.startswith("colonnes_")
    }


@pytest.mark.parametrize("probes", [arrivals(TODAY), served(TODAY)], ids=["arrivees", "servis"])
def test_probes_can_be_told_apart(probes: list) -> None:
    assert len({probe.name for probe in probes}) == len(probes)
    for probe in probes:
        assert len({rule.words for rule in probe.rules}) == len(probe.rules)
