"""Typed columns → numbers for linear and for tree models. Encoded names keep their origin."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, SplineTransformer, StandardScaler, TargetEncoder

from ml.columns import few_level_columns, many_level_columns, number_columns

ORIGIN = "\x1f"  # encoded name = original column + ORIGIN + what was made of it
MIN_DISTINCT_FOR_SPLINE = 8
N_KNOTS = 6
MAX_COLUMNS_WITH_SPLINES = 60  # beyond, curves for all would cost minutes and overfit


def origin(encoded_name: str) -> str:
    """Original column of an encoded one."""
    return str(encoded_name).split(ORIGIN, 1)[0]


def level_name(feature: str, level: object) -> str:
    """Name of a one-hot column (picklable, unlike a lambda)."""
    return f"{feature}{ORIGIN}{level}"


class NumberBasis(TransformerMixin, BaseEstimator):
    """Median imputation, an indicator where values were missing, and cubic B-splines on quantile knots.

    With `splines=False` each number stays one column: the plain linear model. Columns with few distinct
    values stay linear. Beyond the knots the curve goes on straight, so that a growing seniority does not
    flatten.
    """

    def __init__(self, splines: bool = True) -> None:
        self.splines = splines

    def fit(self, X: pd.DataFrame, y: object = None) -> NumberBasis:
        self.columns_ = [str(c) for c in X.columns]
        self.medians_ = {c: float(np.nan_to_num(X[c].median())) for c in X.columns}
        self.with_missing_ = [c for c in X.columns if X[c].isna().any()]
        self.bases_: dict[str, SplineTransformer] = {}
        curved = self.splines and X.shape[1] <= MAX_COLUMNS_WITH_SPLINES
        for c in X.columns if curved else []:
            filled = X[[c]].fillna(self.medians_[c]).to_numpy()
            knots = np.unique(np.quantile(filled, np.linspace(0, 1, N_KNOTS)))
            if len(np.unique(filled)) >= MIN_DISTINCT_FOR_SPLINE and len(knots) >= 3:
                basis = SplineTransformer(
                    knots=knots.reshape(-1, 1), extrapolation="linear", include_bias=False
                )
                self.bases_[c] = basis.fit(filled)
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        parts = []
        for c in self.columns_:
            filled = X[[c]].fillna(self.medians_[c]).to_numpy()
            parts.append(self.bases_[c].transform(filled) if c in self.bases_ else filled)
            if c in self.with_missing_:
                parts.append(X[[c]].isna().to_numpy().astype("float64"))
        return np.hstack(parts) if parts else np.empty((len(X), 0))

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        names = []
        for c in self.columns_:
            width = self.bases_[c].n_features_out_ if c in self.bases_ else 1
            names += [f"{c}{ORIGIN}{i}" for i in range(width)]
            names += [f"{c}{ORIGIN}manquant"] if c in self.with_missing_ else []
        return np.array(names, dtype=object)


class TargetRates(TransformerMixin, BaseEstimator):
    """Each level replaced by its shrunk target rate, out of fold in training; names keep the column."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def fit(self, X: pd.DataFrame, y: np.ndarray) -> TargetRates:
        self.columns_ = [str(c) for c in X.columns]
        self.encoder_ = TargetEncoder(target_type="binary", cv=3, random_state=self.seed).fit(X, y)
        return self

    def fit_transform(self, X: pd.DataFrame, y: np.ndarray | None = None, **fit_params: object) -> np.ndarray:
        self.columns_ = [str(c) for c in X.columns]
        self.encoder_ = TargetEncoder(target_type="binary", cv=3, random_state=self.seed)
        return self.encoder_.fit_transform(X, y)

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        return self.encoder_.transform(X)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        return np.array([f"{c}{ORIGIN}taux" for c in self.columns_], dtype=object)


def one_hot(min_frequency: int | None = None) -> OneHotEncoder:
    """One column a level; a level never seen in training is all zeros (or joins the rare ones)."""
    return OneHotEncoder(
        handle_unknown="infrequent_if_exist" if min_frequency else "ignore",
        min_frequency=min_frequency,
        sparse_output=False,
        feature_name_combiner=level_name,
    )


def linear_encoding(splines: bool, seed: int) -> Pipeline:
    """Columns for a linear model, scaled to unit variance."""
    columns = ColumnTransformer(
        [
            ("nombres", NumberBasis(splines=splines), number_columns),
            ("modalites", one_hot(min_frequency=5), few_level_columns),
            ("taux", TargetRates(seed=seed), many_level_columns),
        ],
        verbose_feature_names_out=False,
    )
    return Pipeline([("colonnes", columns), ("echelle", StandardScaler())])


def tree_encoding(seed: int, impute: bool) -> ColumnTransformer:
    """Columns for trees: numbers as they are (imputed if the model wants it), levels one-hot or as rates."""
    numbers = NumberBasis(splines=False) if impute else "passthrough"
    return ColumnTransformer(
        [
            ("nombres", numbers, number_columns),
            ("modalites", one_hot(), few_level_columns),
            ("taux", TargetRates(seed=seed), many_level_columns),
        ],
        verbose_feature_names_out=False,
    )
