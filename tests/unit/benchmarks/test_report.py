"""The page of measures is the reports and nothing else."""

from __future__ import annotations

from benchmarks.report import DOCS, PARTS, page


def test_the_page_is_current():
    assert (DOCS / "benchmarks.md").read_text(encoding="utf-8") == page(), (
        "run python -m benchmarks.report and commit docs/benchmarks.md"
    )


def test_every_report_is_on_the_page():
    reports = {path.stem for path in (DOCS / "benchmarks").glob("*.md")}
    assert reports <= set(PARTS)
