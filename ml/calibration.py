"""Calibration of a score on out-of-fold scores; the form is chosen by its own cross-validation."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from ml.folds import stratified_folds
from ml.metrics import CLIP

N_SPLITS = 5


class Calibrator(Protocol):
    """A map from a raw probability to a calibrated one."""

    name: str

    def fit(self, p: np.ndarray, y: np.ndarray) -> Calibrator: ...

    def predict(self, p: np.ndarray) -> np.ndarray: ...


def to_logit(p: np.ndarray) -> np.ndarray:
    """Log-odds, kept finite."""
    return logit(np.clip(p, CLIP, 1 - CLIP))


class AsItIs:
    """No change: the right one for a model that is already calibrated."""

    name = "aucune"

    def fit(self, p: np.ndarray, y: np.ndarray) -> AsItIs:
        return self

    def predict(self, p: np.ndarray) -> np.ndarray:
        return np.clip(p, CLIP, 1 - CLIP)


class Platt:
    """A straight line on the log-odds (Platt 1999)."""

    name = "platt"

    def fit(self, p: np.ndarray, y: np.ndarray) -> Platt:
        self.line_ = LogisticRegression(C=1e4).fit(to_logit(p).reshape(-1, 1), y)
        return self

    def predict(self, p: np.ndarray) -> np.ndarray:
        return self.line_.predict_proba(to_logit(p).reshape(-1, 1))[:, 1]


class Beta:
    """Kull, Silva Filho & Flach 2017: logistic regression on ln p and -ln(1-p), slopes kept non-negative."""

    name = "beta"

    def fit(self, p: np.ndarray, y: np.ndarray) -> Beta:
        columns = self._columns(p)
        self.kept_ = [0, 1]
        self.line_ = LogisticRegression(C=1e4).fit(columns, y)
        if (self.line_.coef_[0] < 0).any():
            # a negative slope would turn the ranking round: leave that side out
            self.kept_ = [int(np.argmax(self.line_.coef_[0]))]
            self.line_ = LogisticRegression(C=1e4).fit(columns[:, self.kept_], y)
        return self

    @staticmethod
    def _columns(p: np.ndarray) -> np.ndarray:
        q = np.clip(p, CLIP, 1 - CLIP)
        return np.column_stack([np.log(q), -np.log1p(-q)])

    def predict(self, p: np.ndarray) -> np.ndarray:
        return self.line_.predict_proba(self._columns(p)[:, self.kept_])[:, 1]


class Isotonic:
    """A monotone step curve; never says 0 or 1 (half a row of doubt)."""

    name = "isotonique"

    def fit(self, p: np.ndarray, y: np.ndarray) -> Isotonic:
        floor = 0.5 / len(y)
        self.curve_ = IsotonicRegression(y_min=floor, y_max=1 - floor, out_of_bounds="clip").fit(p, y)
        return self

    def predict(self, p: np.ndarray) -> np.ndarray:
        return self.curve_.predict(p)


CALIBRATORS = (AsItIs, Platt, Beta, Isotonic)  # from the simplest


def choose_calibrator(
    p: np.ndarray, y: np.ndarray, groups: np.ndarray | None, seed: int
) -> tuple[Calibrator, dict[str, float]]:
    """Pick by cross-validated log-loss, the simplest within one standard error of the best; refit on all.

    Args:
        p: out-of-fold probabilities, shape (n,). y: 0/1, shape (n,). groups: cluster of each row or None.

    Returns:
        the fitted calibrator and the cross-validated log-loss of each form.
    """
    losses = {c.name: np.zeros(len(y)) for c in CALIBRATORS}
    for fold in stratified_folds(y, groups, N_SPLITS, seed):
        for form in CALIBRATORS:
            q = form().fit(p[fold.train], y[fold.train]).predict(p[fold.test])
            q = np.clip(q, CLIP, 1 - CLIP)
            losses[form.name][fold.test] = -np.log(np.where(y[fold.test] == 1, q, 1 - q))
    means = {name: float(v.mean()) for name, v in losses.items()}
    best = min(means, key=means.__getitem__)
    for form in CALIBRATORS:
        excess = losses[form.name] - losses[best]
        if excess.mean() <= excess.std() / np.sqrt(len(y)):
            return form().fit(p, y), means
    raise AssertionError("the best form is always within its own error")


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Probability of log-odds."""
    return expit(z)
