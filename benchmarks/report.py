"""All measures on one page: ``python -m benchmarks.report`` writes ``docs/benchmarks.md``.

The page is nothing but the reports that each benchmark wrote below ``docs/benchmarks``, in one order; a test
holds that it is current.
"""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
# report → the question it answers
PARTS = {
    "tsplib": "Tours without windows, public instances",
    "vrptw": "Routes with time windows, public instances",
    "trsp": "Technicians with skills, tools and parts, public instances",
    "week": "The company's week: five technicians, then fifty",
    "optimality": "What is proved optimal, and how far bounds are",
    "driven": "Kilometres against the order really driven (demo company)",
    "churn": "Customers about to leave",
    "bulk_load": "Bulk load from the ERP",
    "star_build": "Building the star",
}
HEAD = """# Benchmarks

Every figure below was written by a benchmark; none is typed in. Planners, peers and baselines run in the same
run, on the same machine, with the same seconds, on one thread. Run one again with
`python -m benchmarks.<name> --help`, then this page with `python -m benchmarks.report`; the rows behind each
table lie beside it in `docs/benchmarks/<name>.json`. Public instances are not shipped.
"""


def page(docs: Path = DOCS) -> str:
    """The page as Markdown: a table of contents, then each report under one heading."""
    found = {name: docs / "benchmarks" / f"{name}.md" for name in PARTS}
    found = {name: path for name, path in found.items() if path.exists()}
    contents = "\n".join(f"- [{PARTS[name]}](#{_anchor(PARTS[name])})" for name in found)
    parts = [f"## {PARTS[name]}\n\n{_body(path.read_text(encoding='utf-8'))}" for name, path in found.items()]
    return "\n".join([HEAD, contents, "", *parts]).rstrip() + "\n"


def _body(report: str) -> str:
    """A report without its title, its other headings two levels down."""
    lines = report.strip().splitlines()
    lines = lines[1:] if lines and lines[0].startswith("#") else lines
    return "\n".join(re.sub(r"^#+ ", "### ", line) for line in lines).strip() + "\n"


def _anchor(heading: str) -> str:
    """The anchor that Markdown viewers give a heading."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    (DOCS / "benchmarks.md").write_text(page(), encoding="utf-8")
