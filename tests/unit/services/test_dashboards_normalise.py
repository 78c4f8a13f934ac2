"""What Superset exports goes back to the files of git unchanged, whatever numbers it was given there."""

from __future__ import annotations

import copy
import json
import random
import shutil
import uuid
from pathlib import Path

import pytest
import yaml

from services.dashboards.assets import SUPERSET, Assets, Document, read, slug_of, uuid_of, write
from services.dashboards.normalise import normalised

DEFAULTS = yaml.safe_load((SUPERSET / "defaults.yaml").read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the dashboards' files."""
    return Path(shutil.copytree(SUPERSET / "assets", tmp_path / "assets"))


def _address(assets: Assets) -> str:
    return assets.objects["databases"]["entrepot"]["sqlalchemy_uri"]


def exported(assets: Assets, seed: int = 1) -> dict[str, Document]:
    """The files as Superset would export them: default values, chart numbers and layout ids of its own."""
    chance = random.Random(seed)
    documents = copy.deepcopy(assets.objects)
    out: dict[str, Document] = {"tags.yaml": {"tags": []}}
    for kind, named in documents.items():
        for slug, document in named.items():
            whole = {**DEFAULTS[kind.removesuffix("s")], **document}
            for key in ("columns", "metrics"):
                if key in whole:
                    whole[key] = [{**DEFAULTS[key.removesuffix("s")], **entry} for entry in whole[key]]
                    chance.shuffle(whole[key])
            if kind == "databases":
                whole["sqlalchemy_uri"] = "postgresql+psycopg2://fieldhouse_reader@10.0.0.5:5432/autre"
            if kind == "charts":
                noise = {"datasource": "12__table", "slice_id": 7, "groupby": [], "dashboards": [1]}
                whole["params"] = {**noise, **whole["params"]}
                whole["query_context"] = json.dumps({"datasource": {"id": 12}})
            if kind == "dashboards":
                whole["position"], whole["metadata"] = _renumbered(whole, chance)
                whole |= {"css": "", "certified_by": "", "certification_details": ""}
            out[f"{kind}/{slug_of(slug)}_{chance.randrange(999)}.yaml"] = whole
    return out


def _renumbered(dashboard: Document, chance: random.Random) -> tuple[Document, Document]:
    numbers: dict[int, int] = {}
    text = json.dumps(dashboard["position"])
    for name in dashboard["position"]:
        if name.startswith(("ROW-", "CHART-")):
            text = text.replace(f'"{name}"', f'"{name.split("-")[0]}-{chance.randrange(10**9)}"')
    position = json.loads(text)
    for node in position.values():
        if isinstance(node, dict) and node["type"] == "CHART":
            numbers[node["meta"]["chartId"]] = node["meta"]["chartId"] + 100
            node["meta"]["chartId"] += 100
    keys = list(position)
    chance.shuffle(keys)
    metadata = dashboard["metadata"]
    metadata |= {"chart_configuration": {"101": {"id": 101}}, "map_label_colors": {"Or": "#fff"}}
    for native_filter in metadata["native_filter_configuration"]:
        native_filter["chartsInScope"] = list(numbers.values())
        native_filter["scope"]["excluded"] = [numbers[n] for n in native_filter["scope"]["excluded"]][::-1]
    return {key: position[key] for key in keys}, metadata


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_unchanged_dashboard_changes_no_file(folder: Path, seed: int) -> None:
    known = read(folder)
    assert write(normalised(exported(known, seed), known, _address(known)), folder) == []


def test_files_of_git_are_canonical(folder: Path) -> None:
    assert write(read(folder), folder) == []


def test_changed_title_changes_one_file(folder: Path) -> None:
    known = read(folder)
    export = exported(known)
    chart = next(d for d in export.values() if d.get("uuid") == uuid_of("charts", "direction-ca-mois"))
    chart["slice_name"] = "CA du mois"
    changed = write(normalised(export, known, _address(known)), folder)
    assert [path.name for path in changed] == ["direction-ca-mois.yaml"]


def test_new_chart_gets_a_slug_and_its_uuid(folder: Path) -> None:
    known = read(folder)
    export = exported(known)
    dashboard = next(d for d in export.values() if d.get("slug") == "direction")
    born = str(uuid.uuid4())
    template = next(d for d in export.values() if d.get("uuid") == uuid_of("charts", "direction-nps"))
    export["charts/Marge_d_avance_99.yaml"] = {**template, "uuid": born, "slice_name": "Marge d'avancé"}
    node = {
        "type": "CHART",
        "id": "CHART-xyz",
        "children": [],
        "meta": {"uuid": born, "chartId": 999, "sliceName": "Marge d'avancé", "width": 4, "height": 50},
    }
    dashboard["position"]["CHART-xyz"] = node
    first_row = dashboard["position"]["GRID_ID"]["children"][0]
    dashboard["position"][first_row]["children"].append("CHART-xyz")
    changed = write(normalised(export, known, _address(known)), folder)
    assert {path.name for path in changed} == {"marge-d-avance.yaml", "direction.yaml"}
    layout = read(folder).objects["dashboards"]["direction"]["position"]
    assert layout["CHART-marge-d-avance"]["meta"]["uuid"] == uuid_of("charts", "marge-d-avance")


def test_chart_taken_off_a_dashboard_leaves_git(folder: Path) -> None:
    known = read(folder)
    export = exported(known)
    dashboard = next(d for d in export.values() if d.get("slug") == "direction")
    gone = uuid_of("charts", "direction-nps")
    node = next(
        name
        for name, entry in dashboard["position"].items()
        if isinstance(entry, dict) and entry.get("meta", {}).get("uuid") == gone
    )
    del dashboard["position"][node]
    for entry in dashboard["position"].values():
        if isinstance(entry, dict) and node in entry.get("children", []):
            entry["children"].remove(node)
    changed = write(normalised(export, known, _address(known)), folder)
    assert {path.name for path in changed} == {"direction-nps.yaml", "direction.yaml"}
    assert not (folder / "charts" / "direction-nps.yaml").exists()


def test_objects_outside_our_dashboards_are_left_out(folder: Path) -> None:
    known = read(folder)
    export = exported(known)
    template = next(d for d in export.values() if d.get("uuid") == uuid_of("charts", "direction-nps"))
    export["charts/essai_5.yaml"] = {**template, "uuid": str(uuid.uuid4()), "slice_name": "Essai"}
    assert write(normalised(export, known, _address(known)), folder) == []
