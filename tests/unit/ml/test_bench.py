"""`bench churn` on small files of every kind somebody may bring."""

import json

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInput
from ml.bench import run_binary_bench
from ml.schema import binary_target


@pytest.fixture(autouse=True)
def few_folds(monkeypatch):
    """One repeat of three folds: what is tested here is reading and writing."""
    monkeypatch.setattr("ml.bench.N_BLOCKS", 2)
    monkeypatch.setattr("ml.bench.FOLDS", ((float("inf"), 3, 1),))


def awkward_rows(n: int, seed: int) -> pd.DataFrame:
    """Numbers as text, blanks, an identifier, many levels, an empty and a constant column."""
    rng = np.random.default_rng(seed)
    age = rng.gamma(2, 20, n)
    z = 1.2 - 0.06 * age + rng.normal(0, 0.3, n)
    return pd.DataFrame(
        {
            "CustomerID": [f"C-{i:05d}-{rng.integers(99)}" for i in range(n)],
            "anciennete": [" " if rng.random() < 0.05 else f"{v:.1f}".replace(".", ",") for v in age],
            "ville": [f"v{rng.integers(60)}" for _ in range(n)],
            "offre": rng.choice(["A", "B", ""], n),
            "vide": "",
            "constante": "x",
            "depuis": [f"{1 + i % 28:02d}/0{1 + i % 9}/2024" for i in range(n)],
            "mois": np.sort(rng.integers(1, 25, n)),
            "client": rng.integers(0, n // 3 + 1, n),
            "cible": np.where(rng.random(n) < 1 / (1 + np.exp(-z)), "1", "0"),
        }
    )


def run(tmp_path, rows: pd.DataFrame, schema: dict, test: pd.DataFrame | None = None):
    data, out = tmp_path / "data", tmp_path / "out"
    data.mkdir()
    rows.to_csv(data / "train.csv", index=False)
    (data / "schema.json").write_text(json.dumps(schema))
    if test is not None:
        test.to_csv(data / "test.csv", index=False)
    run_binary_bench(data, out, seed=1)
    predictions = pd.read_csv(out / "predictions.csv") if test is not None else None
    return json.loads((out / "metrics.json").read_text()), predictions


def test_files_and_their_content(tmp_path):
    test = awkward_rows(50, 9).drop(columns="cible")
    found, predictions = run(tmp_path, awkward_rows(500, 1), {"task": "binary", "target": "cible"}, test)
    assert list(predictions.columns) == ["probability"]
    assert len(predictions) == 50
    assert predictions["probability"].between(0, 1).all()
    assert found["metrics"]["roc_auc"]["low"] > 0.6
    assert set(found["metrics"]) == {"roc_auc", "pr_auc", "brier", "log_loss", "ece"}
    assert {"naive_baseline", "plain_linear_model", "candidates", "winner"} <= set(found)
    assert found["winner"]["reason"]


def test_a_time_column_makes_it_forward(tmp_path):
    schema = {"task": "binary", "target": "cible", "time": "mois", "group": ["client"]}
    found, _ = run(tmp_path, awkward_rows(600, 2), schema)
    assert found["validation"]["kind"] == "forward in time"


def test_groups_stay_together(tmp_path):
    found, _ = run(tmp_path, awkward_rows(300, 3), {"task": "binary", "target": "cible", "group": "client"})
    assert "by group" in found["validation"]["kind"]


def test_tiny_data(tmp_path):
    rows = awkward_rows(40, 4)
    found, predictions = run(tmp_path, rows, {"task": "binary", "target": "cible"}, rows.head(3))
    assert found["rows_tested"] == 40
    assert len(predictions) == 3


@pytest.mark.parametrize(
    "words", [("Yes", "No"), ("True", "False"), (True, False), ("Oui", "Non"), ("1.0", "0.0"), (1, 0)]
)
def test_spellings_of_yes(words):
    y, known = binary_target(pd.Series([words[0], words[1], None, words[1]], dtype="object"), None)
    assert y[known].tolist() == [1, 0, 0]
    assert known.tolist() == [True, True, False, True]


def test_an_ambiguous_target_asks_for_the_positive_class(tmp_path):
    rows = awkward_rows(40, 4)
    rows["cible"] = np.where(rows["cible"] == "1", "rouge", "bleu")
    with pytest.raises(InvalidInput, match="positive"):
        run(tmp_path, rows, {"task": "binary", "target": "cible"})


def test_a_schema_without_target_says_so(tmp_path):
    with pytest.raises(InvalidInput, match="target"):
        run(tmp_path, awkward_rows(40, 4), {"task": "binary"})
