"""One calibrated classifier made of one or several members, weighted and calibrated on out-of-fold scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline

from ml.calibration import AsItIs, choose_calibrator, sigmoid, to_logit
from ml.candidates import BY_NAME, member
from ml.columns import TabularReader
from ml.estimators import fit_member, frozen, log_loss
from ml.folds import stratified_folds

INNER_SPLITS = 5
MIN_POSITIVES_FOR_WEIGHTS = 100  # below, learned weights are noise: members count equally


def blend_weights(logits: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights >= 0 with sum 1 that minimise the log-loss of mean log-odds; logits: shape (n, members)."""
    k = logits.shape[1]
    start = np.full(k, 1 / k)
    if k == 1 or min(y.sum(), len(y) - y.sum()) < MIN_POSITIVES_FOR_WEIGHTS:
        return start
    found = minimize(
        lambda w: log_loss(y, sigmoid(logits @ w)),
        start,
        method="SLSQP",
        bounds=[(0, 1)] * k,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
    )
    weights = np.clip(found.x, 0, None)
    return weights / weights.sum() if found.success else start


class CalibratedMixture(ClassifierMixin, BaseEstimator):
    """Mean of the members' log-odds, then a calibrator. Takes columns read by `TabularReader`.

    Args:
        candidate: name in `ml.candidates`.
        seed: of every draw inside.

    Attributes after fit: members_ (name → fitted pipeline), weights_, calibrator_, calibration_losses_.
    """

    def __init__(self, candidate: str, seed: int = 0) -> None:
        self.candidate, self.seed = candidate, seed

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray | None = None) -> CalibratedMixture:
        part = fit_members(X, np.asarray(y), groups, [self.candidate], self.seed)
        return self.assemble(part, np.asarray(y), groups)

    def assemble(self, part: FittedMembers, y: np.ndarray, groups: np.ndarray | None) -> CalibratedMixture:
        """Put together members that are fitted already (shared by several candidates)."""
        candidate = BY_NAME[self.candidate]
        self.classes_ = np.array([0, 1])
        self.members_ = {name: part.fitted[name] for name in candidate.members}
        self.weights_, self.calibrator_, self.calibration_losses_ = np.ones(1), AsItIs(), {}
        if candidate.calibrated:
            logits = np.column_stack([to_logit(part.out_of_fold[name]) for name in candidate.members])
            self.weights_ = blend_weights(logits, y)
            raw = sigmoid(logits @ self.weights_)
            self.calibrator_, self.calibration_losses_ = choose_calibrator(raw, y, groups, self.seed)
        return self

    def raw_logit(self, X: pd.DataFrame) -> np.ndarray:
        """Weighted mean of the members' log-odds before calibration, shape (n,)."""
        columns = [to_logit(m.predict_proba(X)[:, 1]) for m in self.members_.values()]
        return np.column_stack(columns) @ self.weights_

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        p = self.calibrator_.predict(sigmoid(self.raw_logit(X)))
        return np.column_stack([1 - p, p])

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """0/1 at one half, for tools that want a class; alerts use their own threshold."""
        return (self.predict_proba(X)[:, 1] >= 0.5).astype(int)


class FittedMembers:
    """Members fitted on all given rows, and their out-of-fold probabilities on the same rows."""

    def __init__(self, fitted: dict[str, Pipeline], out_of_fold: dict[str, np.ndarray]) -> None:
        self.fitted, self.out_of_fold = fitted, out_of_fold


def fit_members(
    X: pd.DataFrame, y: np.ndarray, groups: np.ndarray | None, candidates: Sequence[str], seed: int
) -> FittedMembers:
    """Fit each member that the candidates need once, with out-of-fold scores where one is calibrated."""
    chosen = [BY_NAME[c] for c in candidates]
    needed = list(dict.fromkeys(m for c in chosen for m in c.members))
    calibrated = {m for c in chosen if c.calibrated for m in c.members}
    fitted = {name: fit_member(member(name, seed), X, y, groups) for name in needed}
    out_of_fold = {}
    folds = stratified_folds(y, groups, INNER_SPLITS, seed) if calibrated else []
    for name in sorted(calibrated):
        p = np.empty(len(y))
        for fold in folds:
            inner = fit_member(frozen(fitted[name]), X.iloc[fold.train], y[fold.train], None)
            p[fold.test] = inner.predict_proba(X.iloc[fold.test])[:, 1]
        out_of_fold[name] = p
    return FittedMembers(fitted, out_of_fold)


def fit_candidates(
    frame: pd.DataFrame,
    y: np.ndarray,
    groups: np.ndarray | None,
    candidates: Sequence[str],
    ignore: tuple[str, ...],
    seed: int,
) -> dict[str, Pipeline]:
    """Fit several candidates on one raw frame, sharing members: name → whole pipeline (reader, mixture)."""
    reader = TabularReader(ignore).fit(frame)
    read = reader.transform(frame)
    part = fit_members(read, y, groups, candidates, seed)
    return {
        name: Pipeline(
            [("lecture", reader), ("modele", CalibratedMixture(name, seed).assemble(part, y, groups))]
        )
        for name in candidates
    }
