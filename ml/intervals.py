"""Bootstrap intervals of metrics, by row or by cluster, and paired differences on the same resamples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ml.metrics import METRICS, point_metrics, weighted_metrics

LEVEL = 0.95
CHUNK_CELLS = 4_000_000  # resamples are drawn in chunks of at most this many counts: 32 MB


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % percentile interval."""

    value: float
    low: float
    high: float

    def excludes_zero(self) -> bool:
        """Whether a difference is beyond noise."""
        return self.low > 0 or self.high < 0


def resample_counts(
    n_rows: int, groups: np.ndarray | None, n_resamples: int, seed: int
) -> Iterator[np.ndarray]:
    """Yield chunks of row counts, shape (b, n_rows).

    With `groups` whole clusters are drawn: repeated rows of one client are not independent, and drawing them
    one by one would make intervals too narrow.
    """
    rng = np.random.default_rng(seed)
    if groups is None:
        member, n_units = np.arange(n_rows), n_rows
    else:
        _, member = np.unique(np.asarray(groups).astype(str), return_inverse=True)
        n_units = int(member.max()) + 1
    chunk = max(1, CHUNK_CELLS // max(n_rows, 1))
    done = 0
    while done < n_resamples:
        size = min(chunk, n_resamples - done)
        units = np.stack(
            [np.bincount(rng.integers(0, n_units, n_units), minlength=n_units) for _ in range(size)]
        )
        yield units[:, member]
        done += size


def bootstrap_metrics(
    truth: np.ndarray,
    predictions: Mapping[str, list[np.ndarray]],
    groups: np.ndarray | None,
    n_resamples: int,
    seed: int,
) -> dict[str, dict[str, np.ndarray]]:
    """Metrics of every candidate under the same resamples.

    Args:
        truth: 0/1, shape (n,).
        predictions: candidate → one array (n,) per repeat of the validation; a metric is the mean over
            repeats.
        groups: cluster of each row or None.

    Returns:
        candidate → metric → array (n_resamples,).
    """
    draws: dict[str, dict[str, list[np.ndarray]]] = {c: {m: [] for m in METRICS} for c in predictions}
    for counts in resample_counts(len(truth), groups, n_resamples, seed):
        for candidate, repeats in predictions.items():
            values = [weighted_metrics(truth, p, counts) for p in repeats]
            for metric in METRICS:
                draws[candidate][metric].append(np.mean([v[metric] for v in values], axis=0))
    return {c: {m: np.concatenate(v) for m, v in by.items()} for c, by in draws.items()}


def estimate(value: float, draws: np.ndarray) -> Estimate:
    """Percentile interval around a point value; a metric that no resample defines gets NaN bounds."""
    known = draws[np.isfinite(draws)]
    if not len(known):
        return Estimate(float(value), float("nan"), float("nan"))
    low, high = np.quantile(known, [(1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2])
    return Estimate(float(value), float(low), float(high))


def metrics_with_intervals(
    truth: np.ndarray, repeats: list[np.ndarray], draws: Mapping[str, np.ndarray]
) -> dict[str, Estimate]:
    """Point metrics (mean over repeats) with the intervals of the given resamples."""
    points = [point_metrics(truth, p) for p in repeats]
    means = {m: float(np.mean([v[m] for v in points])) for m in METRICS}
    return {m: estimate(means[m], _centred(draws[m], means[m]) if m == "ece" else draws[m]) for m in METRICS}


def _centred(draws: np.ndarray, value: float) -> np.ndarray:
    """ECE adds absolute gaps, so resampling inflates it: move the draws back onto the value, not below 0."""
    return np.clip(draws - np.nanmean(draws) + value, 0, None)


def paired_differences(
    truth: np.ndarray,
    predictions: Mapping[str, list[np.ndarray]],
    draws: Mapping[str, Mapping[str, np.ndarray]],
    candidate: str,
    reference: str,
) -> dict[str, Estimate]:
    """Candidate minus reference for every metric, on the same rows and the same resamples."""
    out = {}
    for metric in METRICS:
        values = [
            float(np.mean([point_metrics(truth, p)[metric] for p in predictions[name]]))
            for name in (candidate, reference)
        ]
        out[metric] = estimate(values[0] - values[1], draws[candidate][metric] - draws[reference][metric])
    return out
