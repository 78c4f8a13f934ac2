"""Metrics against scikit-learn, and the behaviour of intervals."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from ml.intervals import bootstrap_metrics, metrics_with_intervals, paired_differences, resample_counts
from ml.metrics import METRICS, point_metrics, weighted_metrics


@pytest.fixture
def tied():
    rng = np.random.default_rng(3)
    y = rng.integers(0, 2, 400)
    return y, np.round(0.3 * y + 0.7 * rng.random(400), 2)


def test_metrics_equal_scikit_learn_with_ties(tied):
    y, p = tied
    found = point_metrics(y, p)
    assert found["roc_auc"] == pytest.approx(roc_auc_score(y, p))
    assert found["pr_auc"] == pytest.approx(average_precision_score(y, p))
    assert found["brier"] == pytest.approx(brier_score_loss(y, p))
    assert found["log_loss"] == pytest.approx(log_loss(y, np.clip(p, 1e-6, 1 - 1e-6)))


def test_weights_count_as_repeated_rows(tied):
    y, p = tied
    counts = np.random.default_rng(0).integers(0, 4, len(y))
    weighted = weighted_metrics(y, p, counts)
    repeated = point_metrics(np.repeat(y, counts), np.repeat(p, counts))
    for metric in METRICS:
        assert weighted[metric][0] == pytest.approx(repeated[metric])


def test_ece_of_a_known_gap():
    assert point_metrics(np.array([0, 0, 1, 1]), np.full(4, 0.75))["ece"] == pytest.approx(0.25)


def test_clusters_are_drawn_whole():
    groups = np.repeat([1, 2, 3], [2, 3, 1])
    for counts in resample_counts(6, groups, 20, seed=0):
        assert (counts[:, 0] == counts[:, 1]).all()
        assert (counts[:, 2] == counts[:, 4]).all()


def test_repeated_rows_widen_the_interval_of_a_cluster_bootstrap(tied):
    y, p = (np.repeat(v, 5) for v in tied)
    widths = []
    for groups in (None, np.repeat(np.arange(400), 5)):
        draws = bootstrap_metrics(y, {"a": [p]}, groups, 200, seed=0)["a"]
        e = metrics_with_intervals(y, [p], draws)["roc_auc"]
        widths.append(e.high - e.low)
    assert widths[1] > 1.8 * widths[0]


def test_a_model_differs_from_itself_by_nothing(tied):
    y, p = tied
    draws = bootstrap_metrics(y, {"a": [p], "b": [p]}, None, 50, seed=0)
    for e in paired_differences(y, {"a": [p], "b": [p]}, draws, "a", "b").values():
        assert (e.value, e.low, e.high) == (0, 0, 0)
