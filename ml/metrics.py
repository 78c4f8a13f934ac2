"""Metrics of a probability under row weights, so that a bootstrap is one matrix product."""

from __future__ import annotations

import numpy as np

METRICS = ("roc_auc", "pr_auc", "brier", "log_loss", "ece")
HIGHER_IS_BETTER = {"roc_auc": True, "pr_auc": True, "brier": False, "log_loss": False, "ece": False}
ECE_BINS = 10
CLIP = 1e-6


def weighted_metrics(
    truth: np.ndarray, probability: np.ndarray, weights: np.ndarray
) -> dict[str, np.ndarray]:
    """Compute every metric under each row of weights.

    Args:
        truth: 0/1, shape (n,).
        probability: of the positive class, shape (n,).
        weights: non-negative row counts, shape (b, n); a bootstrap resample is one row of counts.

    Returns:
        metric name → array of shape (b,); NaN where a resample holds one class only (areas).
        ROC-AUC counts ties as one half; PR-AUC is average precision; ECE has 10 equal-width bins.
    """
    y = np.asarray(truth, dtype="float64")
    p = np.asarray(probability, dtype="float64")
    w = np.atleast_2d(np.asarray(weights, dtype="float64"))
    total = w.sum(axis=1)
    clipped = np.clip(p, CLIP, 1 - CLIP)
    losses = -(y * np.log(clipped) + (1 - y) * np.log(1 - clipped))
    order = np.argsort(-p, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(p[order]) != 0])
    positives = np.add.reduceat(w[:, order] * y[order], starts, axis=1)
    negatives = np.add.reduceat(w[:, order] * (1 - y[order]), starts, axis=1)
    true_above, false_above = positives.cumsum(axis=1), negatives.cumsum(axis=1)
    n_pos, n_neg = true_above[:, -1], false_above[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        # Mann-Whitney: each negative tied with or below a positive counts, ties half
        wins = (negatives * (true_above - positives / 2)).sum(axis=1)
        roc_auc = wins / (n_pos * n_neg)
        precision = np.nan_to_num(true_above / (true_above + false_above))
        pr_auc = (positives * precision).sum(axis=1) / n_pos
    bins = np.minimum((p * ECE_BINS).astype(int), ECE_BINS - 1)
    member = np.eye(ECE_BINS)[bins]
    gap = np.abs((w * (y - p)) @ member).sum(axis=1)
    return {
        "roc_auc": roc_auc,
        "pr_auc": pr_auc,
        "brier": w @ ((p - y) ** 2) / total,
        "log_loss": w @ losses / total,
        "ece": gap / total,
    }


def point_metrics(truth: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Compute every metric once, each row counted once."""
    values = weighted_metrics(truth, probability, np.ones((1, len(truth))))
    return {name: float(v[0]) for name, v in values.items()}
