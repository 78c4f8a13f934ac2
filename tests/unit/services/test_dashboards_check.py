"""The static check finds what would break a dashboard, and is silent on the files of git."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from services.dashboards.assets import SUPERSET, Document, uuid_of
from services.dashboards.check import check, columns_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the dashboards' files."""
    return Path(shutil.copytree(SUPERSET / "assets", tmp_path / "assets"))


def test_files_of_git_agree() -> None:
    assert check() == []


def _edit(folder: Path, name: str, change: Callable[[Document], object]) -> None:
    path = folder / name
    document = yaml.safe_load(path.read_text("utf-8"))
    change(document)
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")


def _set(key: str, value: object) -> Callable[[Document], object]:
    return lambda document: document.update({key: value})


def _param(key: str, value: object) -> Callable[[Document], object]:
    return lambda document: document["params"].update({key: value})


CA, TOP, DATASET = (
    "charts/direction-ca-mois.yaml",
    "charts/direction-top-clients.yaml",
    "datasets/kpi_ca_mensuel.yaml",
)
BREAKS = {
    "metric unknown to the dataset": (CA, _param("metric", "chiffre"), "'chiffre'"),
    "column unknown to the dataset": (TOP, _param("all_columns", ["prenom"]), "'prenom'"),
    "filter on an unknown column": (
        CA,
        _param("adhoc_filters", [{"expressionType": "SIMPLE", "subject": "annee"}]),
        "'annee'",
    ),
    "order by an unknown column": (TOP, _param("order_by_cols", ['["rang", false]']), "'rang'"),
    "SQL metric on an unknown column": (
        CA,
        _param("metric", {"expressionType": "SQL", "sqlExpression": "SUM(ca_ht)", "label": "CA"}),
        "'ca_ht'",
    ),
    "column gone from the mart": (
        DATASET,
        lambda d: d["columns"].append({"column_name": "tva_eur"}),
        "no column 'tva_eur'",
    ),
    "metric on a column gone from the mart": (
        DATASET,
        lambda d: d["metrics"][0].update(expression="SUM(tva_eur)"),
        "reads 'tva_eur'",
    ),
    "dataset without mart": (DATASET, _set("table_name", "kpi_inconnu"), "no mart marts.kpi_inconnu"),
    "dataset outside the marts": (DATASET, _set("schema", "staging"), "no mart"),
    "dataset that is a query": (DATASET, _set("sql", "select 1"), "a query of its own"),
    "slug used twice": ("dashboards/planning.yaml", _set("slug", "direction"), "'direction'"),
    "uuid of another slug": (CA, _set("uuid", uuid_of("charts", "autre")), "not that of its slug"),
    "password in a file": (
        "databases/entrepot.yaml",
        _set("sqlalchemy_uri", "postgresql://lecteur:motdepasse@localhost/fieldhouse"),
        "holds a password",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_break_is_found(folder: Path, name: str) -> None:
    file, change, expected = BREAKS[name]
    _edit(folder, file, change)
    assert any(expected in fault for fault in check(folder)), check(folder)


def test_orphan_chart_is_found(folder: Path) -> None:
    document = yaml.safe_load((folder / CA).read_text("utf-8"))
    document["uuid"] = uuid_of("charts", "orpheline")
    (folder / "charts" / "orpheline.yaml").write_text(yaml.safe_dump(document), "utf-8")
    assert check(folder) == ["charts/orpheline.yaml: on no dashboard"]


def test_missing_files_are_found(folder: Path) -> None:
    (folder / CA).unlink()
    (folder / "datasets" / "kpi_clients_ca.yaml").unlink()
    (folder / "dashboards" / "planning.yaml").unlink()
    faults = "\n".join(check(folder))
    assert "CHART-direction-ca-mois shows no chart of ours" in faults
    assert "direction-top-clients.yaml: its dataset is not among the files" in faults
    assert "roles.yaml: no dashboard 'planning'" in faults


def test_columns_of_expression() -> None:
    expression = "COUNT(*) FILTER (WHERE nature <> 'fin de contrat' AND est_urgente)::numeric"
    assert columns_of(expression) == {"nature", "est_urgente"}
