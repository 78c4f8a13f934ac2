"""Classifiers that tune themselves inside `fit`, and can be asked for a copy with what they found."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from ml.folds import stratified_folds
from ml.metrics import CLIP

TUNING_SPLITS = 3
PENALTIES = (0.003, 0.01, 0.03, 0.1, 1.0)  # inverse strengths
DEPTHS = (1, 2, 3)
MAX_ROUNDS = 600
PATIENCE = 40
LEARNING_RATE = 0.06
# on small tables threads wait for each other: measured 7 times slower on a busy machine
ROWS_FOR_TWO_THREADS = 30_000


def log_loss(y: np.ndarray, p: np.ndarray) -> float:
    """Mean log-loss, probabilities clipped away from 0 and 1."""
    q = np.clip(np.where(y == 1, p, 1 - p), CLIP, 1.0)
    return float(-np.log(q).mean())


class TunedLogistic(ClassifierMixin, BaseEstimator):
    """Ridge logistic regression; the penalty is the one with the least log-loss over inner folds.

    Args:
        C: inverse strength, or None to tune it.
    """

    def __init__(self, C: float | None = None, seed: int = 0) -> None:
        self.C, self.seed = C, seed

    def _model(self, C: float) -> LogisticRegression:
        return LogisticRegression(C=C, max_iter=3000)

    def fit(self, X: np.ndarray, y: np.ndarray, groups: np.ndarray | None = None) -> TunedLogistic:
        X, y = np.asarray(X), np.asarray(y)
        self.classes_ = np.array([0, 1])
        best = self.C
        if best is None:
            folds = stratified_folds(y, groups, TUNING_SPLITS, self.seed)
            least = np.inf
            for C in PENALTIES:
                fitted = [(f.test, self._model(C).fit(X[f.train], y[f.train])) for f in folds]
                loss = np.mean([log_loss(y[t], m.predict_proba(X[t])[:, 1]) for t, m in fitted])
                if loss >= least:
                    break  # from strong to weak, the loss falls then rises: weaker ones only cost time
                best, least = C, loss
        self.chosen_ = {"C": best}
        self.model_ = self._model(best).fit(X, y)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        return self.model_.predict_proba(np.asarray(X))


class BoostedTrees(ClassifierMixin, BaseEstimator):
    """XGBoost (hist) with small trees; depth and number of rounds by early stopping over inner folds.

    Args:
        depth, rounds: fixed, or None to tune both.
    """

    def __init__(self, depth: int | None = None, rounds: int | None = None, seed: int = 0) -> None:
        self.depth, self.rounds, self.seed = depth, rounds, seed

    def _parameters(self, depth: int, n_rows: int) -> dict[str, object]:
        return {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "max_depth": depth,
            "eta": LEARNING_RATE,
            "subsample": 0.8,
            "colsample_bynode" if depth > 1 else "colsample_bytree": 0.5,
            "min_child_weight": 3,
            "lambda": 5.0,
            "seed": self.seed,
            "nthread": 1 if n_rows < ROWS_FOR_TWO_THREADS else 2,
        }

    def fit(self, X: np.ndarray, y: np.ndarray, groups: np.ndarray | None = None) -> BoostedTrees:
        import xgboost

        X, y = np.asarray(X, dtype="float32"), np.asarray(y)
        self.classes_ = np.array([0, 1])
        rows = xgboost.DMatrix(X, label=y)
        depth, rounds = self.depth, self.rounds
        if depth is None or rounds is None:
            folds = [(f.train, f.test) for f in stratified_folds(y, groups, TUNING_SPLITS, self.seed)]
            tried = {}
            for d in DEPTHS:
                curve = xgboost.cv(
                    self._parameters(d, len(y)),
                    rows,
                    MAX_ROUNDS,
                    folds=folds,
                    metrics="logloss",
                    early_stopping_rounds=PATIENCE,
                    seed=self.seed,
                )["test-logloss-mean"]
                tried[d] = (float(curve.min()), int(curve.to_numpy().argmin()) + 1)
            depth = min(tried, key=lambda d: tried[d][0])
            rounds = tried[depth][1]
        self.chosen_ = {"depth": depth, "rounds": rounds}
        self.booster_ = xgboost.train(self._parameters(depth, len(y)), rows, rounds)
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        import xgboost

        p = self.booster_.predict(xgboost.DMatrix(np.asarray(X, dtype="float32")))
        return np.column_stack([1 - p, p])


class BaseRate(ClassifierMixin, BaseEstimator):
    """The share of positives in training, for everybody: what a model must beat."""

    def fit(self, X: np.ndarray, y: np.ndarray, groups: np.ndarray | None = None) -> BaseRate:
        self.classes_ = np.array([0, 1])
        self.rate_ = float(np.mean(y))
        return self

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        p = np.full(len(X), self.rate_)
        return np.column_stack([1 - p, p])


class RuleRates(ClassifierMixin, BaseEstimator):
    """The share of positives among those a rule points at (any of `columns` above 0), and among others."""

    def __init__(self, columns: tuple[str, ...] = ()) -> None:
        self.columns = columns

    def _pointed(self, X: pd.DataFrame) -> np.ndarray:
        return (X[list(self.columns)].fillna(0) > 0).any(axis=1).to_numpy()

    def fit(self, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray | None = None) -> RuleRates:
        self.classes_ = np.array([0, 1])
        pointed = self._pointed(X)
        # one row more of each kind: a share of 0 or 1 is never certain
        self.rates_ = [
            (y[pointed == side].sum() + y.mean()) / ((pointed == side).sum() + 1) for side in (0, 1)
        ]
        return self

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        p = np.where(self._pointed(X), self.rates_[1], self.rates_[0])
        return np.column_stack([1 - p, p])


def fit_member(member: Pipeline, X: pd.DataFrame, y: np.ndarray, groups: np.ndarray | None) -> Pipeline:
    """Fit a clone of an (encoding, model) pipeline, giving the groups to a model that tunes itself."""
    fresh = clone(member)
    tunes = isinstance(fresh.steps[-1][1], TunedLogistic | BoostedTrees)
    extra = {f"{fresh.steps[-1][0]}__groups": groups} if tunes and groups is not None else {}
    return fresh.fit(X, y, **extra)


def frozen(fitted: Pipeline) -> Pipeline:
    """An unfitted copy that keeps what tuning found, so that inner folds need not tune again."""
    copy = clone(fitted)
    chosen = getattr(fitted.steps[-1][1], "chosen_", {})
    copy.steps[-1][1].set_params(**chosen)
    return copy
