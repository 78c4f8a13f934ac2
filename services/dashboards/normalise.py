"""From what Superset exports to the files of git: what changes by itself is dropped, names come back.

An export is full of identifiers of one installation (chart numbers, random layout ids, positions of columns
in a table). ``normalised`` removes them all, so that an unchanged dashboard gives unchanged files.
"""

from __future__ import annotations

import json
from typing import Any

from services.dashboards.assets import KINDS, SUPERSET, Assets, Document, load_yaml, slug_of, uuid_of

# Written by Superset when it opens or saves an object; none carries a decision of its author.
_CHART_NOISE = ("datasource", "slice_id", "url_params", "dashboards", "dashboardId", "query_context", "force")
_METADATA_NOISE = (
    "chart_configuration",
    "color_scheme_domain",
    "default_filters",
    "map_label_colors",
    "positions",
    "shared_label_colors",
)
_FILTER_NOISE = ("chartsInScope", "tabsInScope")
_EMPTY: tuple[Any, ...] = (None, {}, [], "")
_KEPT_KEYS = {"databases": ("database_name", "sqlalchemy_uri", "uuid", "extra", "version")}


def normalised(exported: dict[str, Document], known: Assets, database_uri: str) -> Assets:
    """Turn an export into files.

    Args:
        exported: path inside the export (``charts/CA_12.yaml``) -> document.
        known: the files of git, which name the objects that exist already.
        database_uri: address written for the warehouse, whatever the installation's own.

    Returns:
        Assets: the objects that hang below a dashboard with a slug; nothing else is ours.
    """
    defaults = load_yaml(SUPERSET / "defaults.yaml")
    by_kind: dict[str, dict[str, Document]] = {kind: {} for kind in KINDS}
    for path, document in exported.items():
        kind = path.split("/", 1)[0]
        if kind in by_kind:
            by_kind[kind][document["uuid"]] = document
    wanted = _below_our_dashboards(by_kind)
    slugs = _name(by_kind, wanted, known)
    # A new object gets the uuid of its slug, everywhere it is mentioned.
    renamed = {old: uuid_of(kind, slug) for old, (kind, slug) in slugs.items()}
    result = Assets()
    for old, (kind, slug) in slugs.items():
        document = _with_uuids(by_kind[kind][old], renamed)
        document = _CLEANERS[kind](document, defaults)
        if kind == "databases":
            document["sqlalchemy_uri"] = database_uri
        if kind == "dashboards":
            names = {renamed[uuid]: name for uuid, (_, name) in slugs.items()}
            document = _clean_layout(document, names)
        result.objects[kind][slug] = document
    return result


def _below_our_dashboards(by_kind: dict[str, dict[str, Document]]) -> set[str]:
    """uuids of the dashboards that have a slug, of their charts, and of what those need."""
    wanted = {uuid for uuid, document in by_kind["dashboards"].items() if document.get("slug")}
    for dashboard in [by_kind["dashboards"][uuid] for uuid in wanted]:
        wanted |= {node["meta"]["uuid"] for node in _charts(dashboard["position"])}
        for native_filter in dashboard.get("metadata", {}).get("native_filter_configuration", []):
            wanted |= {target.get("datasetUuid") for target in native_filter.get("targets", [])}
    wanted |= {chart["dataset_uuid"] for uuid, chart in by_kind["charts"].items() if uuid in wanted}
    return wanted | {d["database_uuid"] for uuid, d in by_kind["datasets"].items() if uuid in wanted}


def _charts(position: Document) -> list[Document]:
    return [node for node in position.values() if isinstance(node, dict) and node.get("type") == "CHART"]


def _name(
    by_kind: dict[str, dict[str, Document]], wanted: set[str], known: Assets
) -> dict[str, tuple[str, str]]:
    slugs: dict[str, tuple[str, str]] = {}
    existing = known.slugs()
    title = {"databases": "database_name", "datasets": "table_name", "charts": "slice_name"}
    for kind in KINDS:
        taken = set(known.objects[kind])
        for uuid in sorted(wanted & set(by_kind[kind])):
            document = by_kind[kind][uuid]
            if uuid in existing:
                slugs[uuid] = existing[uuid]
                continue
            base = slug = document["slug"] if kind == "dashboards" else slug_of(document[title[kind]])
            number = 2
            while slug in taken:
                slug, number = f"{base}-{number}", number + 1
            taken.add(slug)
            slugs[uuid] = (kind, slug)
    return slugs


def _with_uuids(document: Document, renamed: dict[str, str]) -> Document:
    text = json.dumps(document)
    for old, new in renamed.items():
        text = text.replace(old, new)
    return json.loads(text)


def _without(document: Document, defaults: Document) -> Document:
    # The pages save an empty text where the files say nothing.
    values = {k: None if v == "" and defaults.get(k, "") is None else v for k, v in document.items()}
    return {k: v for k, v in values.items() if not (k in defaults and v == defaults[k])}


def _clean_database(document: Document, defaults: Document) -> Document:
    kept = {k: v for k, v in document.items() if k in _KEPT_KEYS["databases"] or k in defaults["database"]}
    return _without(kept, defaults["database"])


def _clean_dataset(document: Document, defaults: Document) -> Document:
    cleaned = _without(document, defaults["dataset"])
    for key, name in (("columns", "column_name"), ("metrics", "metric_name")):
        entries = [_without(entry, defaults[key.removesuffix("s")]) for entry in document.get(key, [])]
        cleaned[key] = sorted(entries, key=lambda entry: entry[name])
    return cleaned


def _clean_chart(document: Document, defaults: Document) -> Document:
    cleaned = _without({k: v for k, v in document.items() if k != "query_context"}, defaults["chart"])
    params = document.get("params") or {}
    cleaned["params"] = {k: v for k, v in params.items() if k not in _CHART_NOISE and v not in _EMPTY}
    return cleaned


def _clean_dashboard(document: Document, defaults: Document) -> Document:
    cleaned = _without({k: v for k, v in document.items() if k != "theme_id"}, defaults["dashboard"])
    metadata = {
        k: v
        for k, v in document.get("metadata", {}).items()
        if k not in _METADATA_NOISE and (v not in _EMPTY or k == "color_scheme")
    }
    for native_filter in metadata.get("native_filter_configuration", []):
        for key in _FILTER_NOISE:
            native_filter.pop(key, None)
    metadata.get("global_chart_configuration", {}).pop("chartsInScope", None)
    return {**cleaned, "metadata": metadata}


_CLEANERS = {
    "databases": _clean_database,
    "datasets": _clean_dataset,
    "charts": _clean_chart,
    "dashboards": _clean_dashboard,
}


def _clean_layout(dashboard: Document, names: dict[str, str]) -> Document:
    """Number the nodes of the page from top to bottom and name the charts by their slug."""
    position = dashboard["position"]
    ids: dict[str, str] = {}
    numbers: dict[int, int] = {}
    counters: dict[str, int] = {}

    def visit(node_id: str) -> None:
        node = position[node_id]
        kind = node["type"]
        if kind == "CHART":
            ids[node_id] = f"CHART-{names[node['meta']['uuid']]}"
            numbers[node["meta"]["chartId"]] = len(numbers) + 1
        elif kind in ("ROOT", "GRID"):
            ids[node_id] = node_id
        else:
            counters[kind] = counters.get(kind, 0) + 1
            ids[node_id] = f"{kind}-{counters[kind]}"
        for child in node.get("children", []):
            visit(child)

    visit("ROOT_ID")
    layout: Document = {"DASHBOARD_VERSION_KEY": position["DASHBOARD_VERSION_KEY"]}
    if "HEADER_ID" in position:
        layout["HEADER_ID"] = position["HEADER_ID"]
    for old, new in ids.items():
        node = {**position[old], "id": new}
        for key in ("children", "parents"):
            if key in node:
                node[key] = [ids.get(other, other) for other in node[key]]
        if node["type"] == "CHART":
            kept = {k: v for k, v in node["meta"].items() if k not in ("sliceName", "chartId")}
            kept["chartId"], kept["sliceName"] = numbers[node["meta"]["chartId"]], node["meta"]["sliceName"]
            node["meta"] = kept
        layout[new] = node
    metadata = dashboard["metadata"]
    for scope in [f.get("scope", {}) for f in metadata.get("native_filter_configuration", [])]:
        scope["excluded"] = sorted(numbers[c] for c in scope.get("excluded", []) if c in numbers)
        scope["rootPath"] = [ids.get(node, node) for node in scope.get("rootPath", [])]
    if immune := metadata.get("timed_refresh_immune_slices"):
        metadata["timed_refresh_immune_slices"] = sorted(numbers[c] for c in immune if c in numbers)
    return {**dashboard, "metadata": metadata, "position": layout}
