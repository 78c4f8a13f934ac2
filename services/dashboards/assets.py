"""The dashboards' files: Superset's own YAML, one object a file, named by slug, always written the same way.

``superset/assets/<kind>/<slug>.yaml`` with kind databases, datasets, charts or dashboards. The uuid of an
object is computed from its kind and slug, so that a file can be written by hand and a copy cannot hide.
Values equal to Superset's defaults (``superset/defaults.yaml``) are left out.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from core.errors import InvalidInput
from core.settings import PROJECT_ROOT

SUPERSET = PROJECT_ROOT / "superset"
KINDS = ("databases", "datasets", "charts", "dashboards")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "assets.fieldhouse")
_REFERENCES = ("dataset_uuid", "database_uuid", "datasetUuid")
# What a reader looks for first; the rest follows in alphabetical order.
_FIRST = [
    "slug",
    "dashboard_title",
    "slice_name",
    "viz_type",
    "table_name",
    "schema",
    "database_name",
    "sqlalchemy_uri",
    "column_name",
    "metric_name",
    "expression",
    "verbose_name",
    "type",
    "id",
    "name",
    "filterType",
    "uuid",
    "database_uuid",
    "dataset_uuid",
]
_LAST = ("params", "metrics", "columns", "metadata", "position", "version")

Document = dict[str, Any]


def uuid_of(kind: str, slug: str) -> str:
    """The uuid of the object ``kind/slug``."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{slug}"))


def slug_of(title: str) -> str:
    """A file name made from a title: ASCII, lower case, hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-") or "sans-titre"


def load_yaml(path: Path) -> Any:
    """Content of a YAML file, by the C parser: the pure Python one takes seconds for all files."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


@dataclass
class Assets:
    """Every object of a folder, as kind -> slug -> document."""

    objects: dict[str, dict[str, Document]] = field(default_factory=lambda: {kind: {} for kind in KINDS})

    def slugs(self) -> dict[str, tuple[str, str]]:
        """uuid -> (kind, slug)."""
        return {
            str(document.get("uuid")): (kind, slug)
            for kind, documents in self.objects.items()
            for slug, document in documents.items()
        }


def read(folder: Path = SUPERSET / "assets") -> Assets:
    """Read every file under ``folder``.

    Raises:
        InvalidInput: a file is not a YAML mapping.
    """
    assets = Assets()
    for kind in KINDS:
        for path in sorted((folder / kind).glob("*.yaml")):
            document = load_yaml(path)
            if not isinstance(document, dict):
                raise InvalidInput(
                    f"{path} holds {type(document).__name__}.",
                    expected="one mapping: an exported Superset object",
                    remedy="restore the file from git or pull it again",
                )
            assets.objects[kind][path.stem] = document
    return assets


def write(assets: Assets, folder: Path = SUPERSET / "assets") -> list[Path]:
    """Make ``folder`` hold exactly ``assets``; the files created, changed or removed."""
    changed = []
    names = {identifier: slug for identifier, (_, slug) in assets.slugs().items()}
    for kind in KINDS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for slug, document in assets.objects[kind].items():
            path, text = folder / kind / f"{slug}.yaml", dump(document, names)
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")
                changed.append(path)
        for path in sorted((folder / kind).glob("*.yaml")):
            if path.stem not in assets.objects[kind]:
                path.unlink()
                changed.append(path)
    return changed


def dump(document: Document, names: dict[str, str]) -> str:
    """Canonical YAML text; a reference by uuid is followed by the slug it leads to."""
    text = yaml.safe_dump(_ordered(document), allow_unicode=True, sort_keys=False, width=110)

    def named(match: re.Match[str]) -> str:
        slug = names.get(match["uuid"])
        return f"{match[0]}  # {slug}" if slug else match[0]

    return re.sub(rf"^[ -]*(?:{'|'.join(_REFERENCES)}): (?P<uuid>[0-9a-f-]{{36}})$", named, text, flags=re.M)


def _ordered(value: Any, inside_position: bool = False) -> Any:
    if isinstance(value, list):
        return [_ordered(entry) for entry in value]
    if not isinstance(value, dict):
        return value

    def rank(key: str) -> tuple[int, int, str]:
        if key in _FIRST:
            return 0, _FIRST.index(key), key
        return (2, _LAST.index(key), key) if key in _LAST else (1, 0, key)

    # A layout is read from top to bottom: its nodes keep the order of the page.
    keys = list(value) if inside_position else sorted(value, key=rank)
    return {key: _ordered(value[key], inside_position=key == "position") for key in keys}
