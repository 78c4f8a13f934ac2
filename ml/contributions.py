"""What each original column adds to a client's log-odds, from the fitted members themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from ml.calibration import to_logit
from ml.encoding import origin
from ml.estimators import BoostedTrees


def log_odds_contributions(pipeline: Pipeline, frame: pd.DataFrame) -> pd.DataFrame:
    """Shapley contributions to the log-odds before calibration.

    Linear members: coefficient x scaled value, which is the exact interventional Shapley value of a linear
        model.
    Boosted trees: TreeSHAP of XGBoost itself. Forest: TreeSHAP in probability, stretched to the log-odds.
    Members are summed with their weights. Calibration is monotone, so signs and order hold for the final
    score.

    Returns:
        one row a client (index of `frame`), one column per original column; 0 = as the average client.
    """
    read = pipeline[:-1].transform(frame)
    mixture = pipeline.steps[-1][1]
    total = pd.DataFrame(0.0, index=frame.index, columns=list(read.columns))
    for weight, fitted in zip(mixture.weights_, mixture.members_.values(), strict=True):
        if weight == 0 or not hasattr(fitted.steps[0][1], "get_feature_names_out"):
            continue
        encoding, model = fitted.steps[0][1], fitted.steps[1][1]
        encoded = np.asarray(encoding.transform(read))
        origins = [origin(name) for name in encoding.get_feature_names_out()]
        parts = pd.DataFrame(_member_contributions(model, encoded), columns=origins)
        summed = parts.T.groupby(level=0).sum().T
        for column in summed.columns:
            total[column] += weight * summed[column].to_numpy()
    return total


def _member_contributions(model: object, encoded: np.ndarray) -> np.ndarray:
    """Contributions of the encoded columns, shape (n, k), in log-odds."""
    if isinstance(model, BoostedTrees):
        import xgboost

        rows = xgboost.DMatrix(encoded.astype("float32"))
        return model.booster_.predict(rows, pred_contribs=True)[:, :-1]
    if isinstance(model, RandomForestClassifier):
        import shap

        explainer = shap.TreeExplainer(model)
        values = np.asarray(explainer.shap_values(encoded))
        values = values[..., 1] if values.ndim == 3 else values
        base = float(np.ravel(explainer.expected_value)[-1])
        p = model.predict_proba(encoded)[:, 1]
        gap = p - base
        slope = 1 / (base * (1 - base))
        stretch = np.where(
            np.abs(gap) > 1e-6, (to_logit(p) - to_logit(np.array(base))) / _nonzero(gap), slope
        )
        return values * stretch[:, None]
    coefficients = getattr(model, "model_", model)
    if hasattr(coefficients, "coef_"):
        return encoded * coefficients.coef_[0]
    return np.zeros_like(encoded)


def _nonzero(gap: np.ndarray) -> np.ndarray:
    return np.where(np.abs(gap) > 1e-6, gap, 1.0)


def importance(pipeline: Pipeline, frame: pd.DataFrame) -> pd.Series:
    """Mean absolute contribution of each original column, in log-odds, largest first."""
    return log_odds_contributions(pipeline, frame).abs().mean().sort_values(ascending=False)
