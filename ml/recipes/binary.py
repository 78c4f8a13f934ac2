"""The recipe for a yes/no target on a mixed frame: validate candidates on the same folds, choose, fit.

The product's churn model and `fieldhouse bench churn` both come through here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from ml.candidates import BASE_RATE, BY_NAME, DOCUMENTED_FOREST, GENERIC, PLAIN_LOGISTIC
from ml.folds import Validation
from ml.intervals import Estimate, bootstrap_metrics, metrics_with_intervals, paired_differences
from ml.mixture import fit_candidates
from ml.selection import Selection, choose

N_RESAMPLES = 1000
REFERENCES = (PLAIN_LOGISTIC, BASE_RATE, DOCUMENTED_FOREST)
Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class BinaryReport:
    """What validation found.

    Attributes:
        validation: kind and note of the split; rows and positives tested.
        metrics: candidate → metric → estimate, out of sample.
        differences: (candidate, reference) → metric → candidate minus reference, paired.
        selection: winner and reason.
        tested: row positions; truth: 0/1 of these rows; out_of_sample: candidate → one array per repeat.
    """

    validation: Validation
    metrics: dict[str, dict[str, Estimate]]
    differences: dict[tuple[str, str], dict[str, Estimate]]
    selection: Selection
    tested: np.ndarray
    truth: np.ndarray
    out_of_sample: dict[str, list[np.ndarray]]


@dataclass(frozen=True)
class TrainedBinary:
    """The winner fitted on every row, one pipeline from raw frame to probability, and its report."""

    pipeline: Pipeline
    report: BinaryReport


def predict_out_of_sample(
    frame: pd.DataFrame,
    y: np.ndarray,
    groups: np.ndarray | None,
    validation: Validation,
    candidates: Sequence[str],
    ignore: tuple[str, ...],
    seed: int,
    progress: Progress = silent,
) -> dict[str, list[np.ndarray]]:
    """Probabilities of every candidate on rows it has not seen: candidate → one array per repeat."""
    tested = validation.tested
    place = np.full(len(y), -1)
    place[tested] = np.arange(len(tested))
    out: dict[str, list[np.ndarray]] = {c: [] for c in candidates}
    total = sum(len(folds) for folds in validation.repeats)
    done = 0
    for folds in validation.repeats:
        arrays = {c: np.full(len(tested), np.nan) for c in candidates}
        for fold in folds:
            inner_groups = None if groups is None else groups[fold.train]
            fitted = fit_candidates(
                frame.iloc[fold.train], y[fold.train], inner_groups, candidates, ignore, seed
            )
            for name, pipeline in fitted.items():
                arrays[name][place[fold.test]] = pipeline.predict_proba(frame.iloc[fold.test])[:, 1]
            done += 1
            progress("validation", done, total)
        for c in candidates:
            out[c].append(arrays[c])
    return out


def compare(
    y: np.ndarray,
    groups: np.ndarray | None,
    validation: Validation,
    out_of_sample: dict[str, list[np.ndarray]],
    seed: int,
    n_resamples: int = N_RESAMPLES,
) -> BinaryReport:
    """Intervals, paired differences and the choice, from out-of-sample probabilities."""
    tested = validation.tested
    truth = y[tested]
    clusters = None if groups is None else groups[tested]
    draws = bootstrap_metrics(truth, out_of_sample, clusters, n_resamples, seed)
    metrics = {c: metrics_with_intervals(truth, p, draws[c]) for c, p in out_of_sample.items()}
    best = min((c for c in metrics if BY_NAME[c].eligible), key=lambda c: metrics[c]["log_loss"].value)
    differences = {
        (c, r): paired_differences(truth, out_of_sample, draws, c, r)
        for c in metrics
        for r in dict.fromkeys((*REFERENCES, best))
        if c != r and r in metrics
    }
    return BinaryReport(
        validation,
        metrics,
        differences,
        choose(metrics, differences, int(min(truth.sum(), len(truth) - truth.sum()))),
        tested,
        truth,
        out_of_sample,
    )


def train_binary(
    frame: pd.DataFrame,
    y: np.ndarray,
    validation: Validation,
    groups: np.ndarray | None = None,
    ignore: tuple[str, ...] = (),
    seed: int = 0,
    candidates: Sequence[str] = GENERIC,
    progress: Progress = silent,
) -> TrainedBinary:
    """Validate, choose and fit.

    Args:
        frame: raw features, one row an observation, columns of any type. y: 0/1, shape (n,).
        validation: from `ml.folds`. groups: entity of each row when entities repeat, else None.
        ignore: columns that are no features.

    Returns:
        the winner fitted on all rows, and the report.
    """
    report = evaluate_binary(frame, y, validation, groups, ignore, seed, candidates, progress)
    return TrainedBinary(fit_winner(frame, y, report, groups, ignore, seed), report)


def evaluate_binary(
    frame: pd.DataFrame,
    y: np.ndarray,
    validation: Validation,
    groups: np.ndarray | None = None,
    ignore: tuple[str, ...] = (),
    seed: int = 0,
    candidates: Sequence[str] = GENERIC,
    progress: Progress = silent,
) -> BinaryReport:
    """Validate and choose; arguments as in `train_binary`."""
    y = np.asarray(y).astype(int)
    # tables here are small: threads of linear algebra would wait for each other longer than they work
    with threadpool_limits(1):
        predictions = predict_out_of_sample(frame, y, groups, validation, candidates, ignore, seed, progress)
        return compare(y, groups, validation, predictions, seed)


def fit_winner(
    frame: pd.DataFrame,
    y: np.ndarray,
    report: BinaryReport,
    groups: np.ndarray | None = None,
    ignore: tuple[str, ...] = (),
    seed: int = 0,
) -> Pipeline:
    """Fit the chosen candidate on all given rows, which may be more than it was chosen on."""
    winner = report.selection.winner
    with threadpool_limits(1):
        return fit_candidates(frame, np.asarray(y).astype(int), groups, [winner], ignore, seed)[winner]
