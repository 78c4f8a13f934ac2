"""Data Docs without the network: Great Expectations' pages lean on style sheets and scripts of seven hosts.

Remote references are taken out, a small style sheet stands in for them, and the index, which a script draws,
is written anew.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL | re.IGNORECASE)
_REMOTE_TAG = re.compile(r"<(?:link|img|iframe)\b[^>]*(?:href|src)=[\"']https?://[^>]*>", re.IGNORECASE)
_REMOTE_ANCHOR = re.compile(r"<a\b[^>]*href=[\"']https?://[^>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_REMOTE_URL = re.compile(r"url\(\s*[\"']?https?://[^)]*\)", re.IGNORECASE)
_IMPORT = re.compile(r"@import\s+[^;]*https?://[^;]*;", re.IGNORECASE)
_STYLE_NAME = "hors_ligne.css"
_MARKS = {"critical": "✗ échec", "warning": "! à regarder", "ok": "✓ conforme"}
_STYLE = Path(__file__).with_name(_STYLE_NAME)


class Fault(Protocol):
    """What the index shows of a failed expectation."""

    probe: str
    words: str
    severity: str


def without_remote_references(text: str) -> str:
    """HTML or CSS without anything fetched from the network; scripts go, they all need a remote library."""
    text = _SCRIPT.sub("", text)
    text = _REMOTE_TAG.sub("", text)
    text = _REMOTE_ANCHOR.sub(r"\1", text)
    text = _IMPORT.sub("", text)
    return _REMOTE_URL.sub("none", text)


def make_readable_offline(
    folder: Path, heading: str, titles: Mapping[str, str], failures: Sequence[Fault]
) -> Path:
    """Rewrite the pages under ``folder`` and its index; returns the index.

    ``titles`` holds, for each Great Expectations suite of the folder, what to call it.
    """
    (folder / _STYLE_NAME).write_text(_STYLE.read_text())
    for path in [*folder.rglob("*.html"), *folder.rglob("*.css")]:
        text = without_remote_references(path.read_text(encoding="utf-8"))
        if path.suffix == ".html":
            depth = "../" * (len(path.relative_to(folder).parts) - 1)
            text = text.replace("</head>", f'<link rel="stylesheet" href="{depth}{_STYLE_NAME}">\n</head>', 1)
        path.write_text(text, encoding="utf-8")
    index = folder / "index.html"
    index.write_text(_index(folder, heading, titles, failures), encoding="utf-8")
    return index


def _index(folder: Path, heading: str, titles: Mapping[str, str], failures: Sequence[Fault]) -> str:
    pages = {page.relative_to(folder).parts[1]: page for page in folder.glob("validations/*/**/*.html")}
    rows = []
    for name, title in titles.items():
        mine = [failure for failure in failures if failure.probe == name]
        worst = min((str(failure.severity) for failure in mine), default="ok")
        words = "<br>".join(html.escape(failure.words.removeprefix(f"{title} : ")) for failure in mine)
        label = html.escape(title)
        if name in pages:
            label = f'<a href="{quote(pages[name].relative_to(folder).as_posix())}">{label}</a>'
        rows.append(f'<tr class="{worst}"><td>{_MARKS[worst]}</td><td>{label}</td><td>{words}</td></tr>')
    return f"""<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Qualité : {html.escape(heading)}</title>
<link rel="stylesheet" href="{_STYLE_NAME}"></head>
<body><h1>Qualité des données : {html.escape(heading)}</h1>
<p>Contrôles : {len(titles)}. Constats : {len(failures)}.</p>
<table class="table"><thead><tr><th>Verdict</th><th>Contrôle</th><th>Constat</th></tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody></table></body></html>
"""
