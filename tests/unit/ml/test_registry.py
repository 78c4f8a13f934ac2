"""Champion or challenger, and what MLflow keeps."""

import numpy as np
import pytest

from ml.challenge import challenge, same_window
from ml.churn import latest_rows
from ml.registry import CHAMPION, decide
from ml.tracking import apply_alias, load_champion, log_training


@pytest.fixture
def window():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 10, 3000)
    return p, (rng.random(3000) < p).astype(int), np.repeat(np.arange(1000), 3)


def test_the_first_model_must_beat_the_base_rate(window):
    p, y, clients = window
    assert decide(None, p, y, clients).promote
    noise = np.random.default_rng(1).permutation(p)
    found = decide(None, noise, y, clients)
    assert not found.promote
    assert "reste challenger" in found.reason


def test_an_equal_model_stays_challenger(window):
    p, y, clients = window
    found = decide(p, p, y, clients)
    assert not found.promote
    assert found.delta == 0


def test_a_gain_within_noise_is_not_enough(window):
    p, y, clients = window
    found = decide(np.clip(p * 1.02, 0, 1), p, y, clients)
    assert not found.promote
    assert found.low < 0 < found.high


def test_a_clearly_better_model_is_promoted(window):
    p, y, clients = window
    found = decide(np.clip(0.5 * p + 0.2, 0, 1), p, y, clients)
    assert found.promote
    assert found.high < 0


def test_a_champion_that_learned_the_window_is_judged_by_its_recipe(trained, features):
    found = same_window(trained.pipeline, trained.data_version.as_of_last, features, trained)
    # the recipe fitted again on each block's past, not the fitted model itself
    seen = trained.pipeline.predict_proba(
        features[features["resilie_3m"].notna()]
        .sort_values(["as_of", "client_id"])
        .iloc[trained.report.tested]
    )[:, 1]
    assert np.corrcoef(found.champion, found.challenger)[0, 1] > 0.95
    assert not np.allclose(found.champion, seen)
    assert not challenge(trained.pipeline, trained.data_version.as_of_last, features, trained).promote


def test_a_champion_of_older_months_scores_the_window_itself(trained, features):
    found = same_window(trained.pipeline, "2020-01-01", features, trained)
    assert len(found.truth) == len(trained.report.truth)
    assert "tel quel" in found.note


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    return f"sqlite:///{folder / 'mlflow.db'}", (folder / "artifacts").as_uri()


def test_runs_versions_and_aliases(store, trained, features):
    from mlflow import MlflowClient

    uri, artifacts = store
    assert load_champion(uri) is None
    logged = log_training(uri, "churn", trained, trained.data_version, artifact_location=artifacts)
    assert load_champion(uri) is None
    apply_alias(uri, "churn", logged.version, CHAMPION, "premier modèle")
    champion = load_champion(uri)
    assert champion.version == logged.version
    assert champion.tags["reason"] == "premier modèle"
    rows = latest_rows(features)
    np.testing.assert_allclose(champion.pipeline.predict_proba(rows), trained.pipeline.predict_proba(rows))
    client = MlflowClient(uri)
    run = client.get_run(logged.run_id)
    assert run.data.params["data_digest"] == trained.data_version.digest
    assert run.data.params["data_rows"] == str(trained.data_version.rows)
    assert {"roc_auc", "roc_auc_low", "roc_auc_high", "naive_roc_auc", "logistic_brier"} <= set(
        run.data.metrics
    )
    names = {f.path for f in client.list_artifacts(logged.run_id)}
    assert {"roc.png", "precision_rappel.png", "calibration.png", "importance.png", "model_card.md"} <= names
