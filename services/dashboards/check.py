"""Check: follow each dashboard down to a column of a mart, without a server.

dashboard → chart → dataset → mart (the contract in the mart's YAML). By convention, expressions of metrics
write SQL words in capitals and columns in lower case, so that columns can be told from words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.settings import PROJECT_ROOT
from services.dashboards.assets import KINDS, SUPERSET, Assets, Document, load_yaml, read, uuid_of

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
# Parameters of charts that name columns or metrics of their dataset.
_FIELDS = [
    "all_columns",
    "columns",
    "end_time",
    "entity",
    "groupby",
    "groupbyColumns",
    "groupbyRows",
    "metric",
    "metrics",
    "metrics_b",
    "percent_metrics",
    "secondary_metric",
    "series",
    "size",
    "start_time",
    "timeseries_limit_metric",
    "tooltip_columns",
    "x",
    "x_axis",
    "x_axis_sort",
    "y",
    "y_axis",
]


def check(assets_folder: Path = SUPERSET / "assets", marts: Path = MARTS) -> list[str]:
    """Every fault found, each with the file it is in; none when all agree."""
    assets = read(assets_folder)
    contracts = mart_columns(marts)
    roles = load_yaml(SUPERSET / "roles.yaml")
    return [
        *_identities(assets),
        *_dashboards(assets),
        *_charts(assets),
        *_datasets(assets, contracts),
        *_databases(assets),
        *_roles(assets, roles),
    ]


def mart_columns(marts: Path = MARTS) -> dict[str, set[str]]:
    """Model -> columns of its contract, read from the models' YAML."""
    found: dict[str, set[str]] = {}
    for path in sorted(marts.rglob("*.yml")):
        for model in (load_yaml(path) or {}).get("models", []):
            found[model["name"]] = {column["name"] for column in model.get("columns", [])}
    return found


def _identities(assets: Assets) -> Iterator[str]:
    for kind in KINDS:
        owners: dict[str, str] = {}
        for slug, document in assets.objects[kind].items():
            expected = uuid_of(kind, slug)
            if str(document.get("uuid")) != expected:
                yield f"{kind}/{slug}.yaml: uuid {document.get('uuid')} is not that of its slug ({expected})"
            own = document.get("slug") if kind == "dashboards" else slug
            if own != slug:
                yield f"{kind}/{slug}.yaml: its slug is {own!r}, not the file's name"
            name = str(own or document.get("dashboard_title"))
            if name in owners:
                yield f"{kind}/{slug}.yaml: the slug {name!r} is taken by {owners[name]}.yaml"
            owners.setdefault(name, slug)


def _dashboards(assets: Assets) -> Iterator[str]:
    charts = {str(chart.get("uuid")) for chart in assets.objects["charts"].values()}
    datasets = {str(d.get("uuid")): d for d in assets.objects["datasets"].values()}
    shown: set[str] = set()
    for slug, dashboard in assets.objects["dashboards"].items():
        for node in dashboard.get("position", {}).values():
            if isinstance(node, dict) and node.get("type") == "CHART":
                shown.add(node["meta"]["uuid"])
                if node["meta"]["uuid"] not in charts:
                    yield f"dashboards/{slug}.yaml: {node['id']} shows no chart of ours"
        for native_filter in dashboard.get("metadata", {}).get("native_filter_configuration", []):
            for target in native_filter.get("targets", []):
                if not target:
                    continue
                dataset = datasets.get(str(target.get("datasetUuid")))
                column = target.get("column", {}).get("name")
                if dataset is None or column not in _names(dataset["columns"], "column_name"):
                    yield f"dashboards/{slug}.yaml: filter {native_filter['name']!r} has no column {column!r}"
    for slug, chart in assets.objects["charts"].items():
        if str(chart.get("uuid")) not in shown:
            yield f"charts/{slug}.yaml: on no dashboard"


def _charts(assets: Assets) -> Iterator[str]:
    datasets = {str(d.get("uuid")): d for d in assets.objects["datasets"].values()}
    used = {str(chart.get("dataset_uuid")) for chart in assets.objects["charts"].values()}
    for slug, chart in assets.objects["charts"].items():
        dataset = datasets.get(str(chart.get("dataset_uuid")))
        if dataset is None:
            yield f"charts/{slug}.yaml: its dataset is not among the files"
            continue
        columns = _names(dataset["columns"], "column_name")
        known = columns | _names(dataset["metrics"], "metric_name")
        for name in sorted(set(_used_by(chart["params"])) - known):
            yield f"charts/{slug}.yaml: {dataset['table_name']} has neither column nor metric {name!r}"
    for slug, dataset in assets.objects["datasets"].items():
        if str(dataset.get("uuid")) not in used:
            yield f"datasets/{slug}.yaml: no chart reads it"


def _used_by(params: Document) -> Iterator[str]:
    """Names of columns and saved metrics that a chart asks for."""
    for key in _FIELDS:
        for entry in _listed(params.get(key)):
            yield from _named(entry)
    for adhoc in [*params.get("adhoc_filters", []), *params.get("adhoc_filters_b", [])]:
        if adhoc.get("expressionType") == "SQL":
            yield from columns_of(adhoc["sqlExpression"])
        else:
            yield adhoc["subject"]
    for order in params.get("order_by_cols", []):
        yield json.loads(order)[0]
    labels = {entry.get("label") for entry in _listed(params.get("metrics")) if isinstance(entry, dict)}
    for rule in params.get("conditional_formatting", []):
        if rule["column"] not in labels:
            yield rule["column"]
    yield from (name for name in params.get("column_config", {}) if name not in labels)


def _named(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    elif isinstance(entry, dict) and entry.get("expressionType") == "SQL":
        yield from columns_of(entry["sqlExpression"])
    elif isinstance(entry, dict) and "column" in entry:
        yield entry["column"]["column_name"]


def columns_of(expression: str) -> set[str]:
    """Columns a SQL expression reads: lower-case words that are neither quoted, called nor a type.

    >>> sorted(columns_of("SUM(ca_eur) FILTER (WHERE zone <> 'seynod')::numeric"))
    ['ca_eur', 'zone']
    """
    bare = re.sub(r"'[^']*'", "''", expression)
    return set(re.findall(r"(?<![:\w])[a-z_][a-z0-9_]*\b(?!\s*\()", bare))


def _datasets(assets: Assets, contracts: dict[str, set[str]]) -> Iterator[str]:
    databases = {str(d.get("uuid")) for d in assets.objects["databases"].values()}
    for slug, dataset in assets.objects["datasets"].items():
        where, table = f"datasets/{slug}.yaml", dataset["table_name"]
        if str(dataset.get("database_uuid")) not in databases:
            yield f"{where}: its database is not among the files"
        if dataset.get("sql"):
            yield f"{where}: holds a query of its own; KPIs are defined in marts"
        if dataset.get("schema") != "marts" or table not in contracts:
            yield f"{where}: no mart marts.{table} has a contract"
            continue
        columns = _names([c for c in dataset["columns"] if not c.get("expression")], "column_name")
        for name in sorted(columns - contracts[table]):
            yield f"{where}: {table} has no column {name!r}"
        for metric in dataset["metrics"]:
            for name in sorted(columns_of(metric["expression"]) - contracts[table]):
                yield f"{where}: metric {metric['metric_name']!r} reads {name!r}, unknown to {table}"


def _databases(assets: Assets) -> Iterator[str]:
    for slug, database in assets.objects["databases"].items():
        if re.search(r"://[^/@:]+:[^/@]+@", database["sqlalchemy_uri"]) or database.get("password"):
            yield f"databases/{slug}.yaml: holds a password"


def _roles(assets: Assets, roles: Document) -> Iterator[str]:
    dashboards, datasets = set(assets.objects["dashboards"]), set(assets.objects["datasets"])
    given = {slug for role in roles["roles"].values() for slug in role["dashboards"]}
    yield from (f"roles.yaml: no dashboard {slug!r}" for slug in sorted(given - dashboards))
    yield from (f"roles.yaml: nobody may see {slug!r}" for slug in sorted(dashboards - given))
    for name, rule in roles["row_level_security"].items():
        for dataset in sorted(set(rule["datasets"]) - datasets):
            yield f"roles.yaml: filter {name!r} names no dataset {dataset!r}"


def _names(entries: list[Document], key: str) -> set[str]:
    return {entry[key] for entry in entries}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
