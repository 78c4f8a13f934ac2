"""Does a feature know the future? Checks on a (entity, as_of) frame, run before every training."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

from core.errors import InvalidInput
from ml.columns import USED_ROLES, TabularReader, detect_role
from ml.encoding import linear_encoding, tree_encoding
from ml.folds import stratified_folds

N_SPLITS = 4
IMPLAUSIBLE_AUC = 0.92  # no honest single column tells 3 months ahead this well
SUSPECT_AUC = 0.65
SUSPECT_DROP = 0.10  # lost once a column's moment is taken from it; honest columns of the demo lose <= 0.05
TOLERATED_DEFICIT = 0.02  # a leak is about as good as all the other columns together
MIN_POSITIVES = 10
TARGET_WORDS = re.compile(r"resili|churn|futur|apres_as_of|prochain_mois")


class LeakageFound(InvalidInput):
    """A feature knows the future."""


@dataclass(frozen=True)
class Suspicion:
    """One column and what gives it away."""

    column: str
    why: str
    auc: float


def _out_of_fold_auc(
    model: Pipeline, frame: pd.DataFrame, y: np.ndarray, groups: np.ndarray, seed: int
) -> float:
    scores = np.empty(len(y))
    for fold in stratified_folds(y, groups, N_SPLITS, seed):
        fitted = model.fit(frame.iloc[fold.train], y[fold.train])
        scores[fold.test] = fitted.predict_proba(frame.iloc[fold.test])[:, 1]
    return float(roc_auc_score(y, scores))


def _one_column(seed: int) -> Pipeline:
    """A small tree: any shape of dependence, missing values included."""
    tree = DecisionTreeClassifier(max_leaf_nodes=8, min_samples_leaf=0.01, random_state=seed)
    return Pipeline(
        [("lecture", TabularReader()), ("encodage", tree_encoding(seed, False)), ("modele", tree)]
    )


def _all_columns(seed: int) -> Pipeline:
    model = LogisticRegression(C=0.1, max_iter=2000)
    return Pipeline(
        [("lecture", TabularReader()), ("encodage", linear_encoding(True, seed)), ("modele", model)]
    )


def _shuffled_within(values: pd.Series, entity: np.ndarray, seed: int) -> pd.Series:
    """Same values for each entity, in a random order of its moments."""
    rng = np.random.default_rng(seed)
    by_entity = np.lexsort((np.arange(len(values)), entity))
    shuffled = np.lexsort((rng.random(len(values)), entity))
    out = values.copy()
    out.iloc[by_entity] = values.iloc[shuffled].to_numpy()
    return out


def _earlier_row(rows: pd.DataFrame, entity: str, as_of: str, lag: int) -> np.ndarray:
    """Position of the same entity's row `lag` moments earlier, -1 where there is none."""
    moment = pd.factorize(rows[as_of], sort=True)[0]
    key = pd.MultiIndex.from_arrays([rows[entity], moment])
    return key.get_indexer(pd.MultiIndex.from_arrays([rows[entity], moment - lag]))


def _varies_in_every_fold(values: pd.Series, entity: np.ndarray) -> bool:
    """False where so few entities leave the usual value that a fold could see it constant."""
    usual = values.mode(dropna=False).iloc[0]
    other = values.notna() if pd.isna(usual) else values.ne(usual)
    return pd.unique(entity[other.to_numpy(dtype=bool)]).size >= 4 * N_SPLITS


def find_leaks(
    features: pd.DataFrame,
    columns: list[str],
    target: str,
    entity: str,
    as_of: str,
    horizon: int = 3,
    seed: int = 0,
) -> list[Suspicion]:
    """Look at every column alone; rows without a known target are left out.

    A column is suspect when
    - its name speaks of the target or of the future;
    - alone it reaches an AUC of 0.92;
    - alone it does about as well as all other columns together, and falls by 0.10 of AUC both when its
      moments are shuffled within each entity and when its value is the one of `horizon` + 1 moments before.
      What it knows is the moment (shuffling), and nobody could know it before the horizon opened (lag): a
      contract's end date, known long ahead, passes the second test.
    """
    rows = features[features[target].notna()].reset_index(drop=True)
    y, groups = rows[target].astype(int).to_numpy(), rows[entity].to_numpy()
    why = "its name speaks of the target or of the future"
    found = [Suspicion(c, why, np.nan) for c in columns if TARGET_WORDS.search(c.lower())]
    named = {s.column for s in found}
    usable = [
        c
        for c in columns
        if c not in named
        and detect_role(rows[c], c).role in USED_ROLES
        and _varies_in_every_fold(rows[c], groups)
    ]
    if min(y.sum(), len(y) - y.sum()) < MIN_POSITIVES:
        return found
    earlier = _earlier_row(rows, entity, as_of, horizon + 1)
    paired = np.flatnonzero(earlier >= 0)
    can_lag = min(y[paired].sum(), len(paired) - y[paired].sum()) >= MIN_POSITIVES
    for column in usable:
        values = rows[[column]]
        auc = _out_of_fold_auc(_one_column(seed), values, y, groups, seed)
        if auc >= IMPLAUSIBLE_AUC:
            found.append(Suspicion(column, f"alone it reaches AUC {auc:.3f} (limit {IMPLAUSIBLE_AUC})", auc))
            continue
        if auc < SUSPECT_AUC or len(usable) < 2 or not can_lag:
            continue
        rest = _out_of_fold_auc(_all_columns(seed), rows[[c for c in usable if c != column]], y, groups, seed)
        moved = _shuffled_within(rows[column], groups, seed).to_frame()
        shuffled = _out_of_fold_auc(_one_column(seed), moved, y, groups, seed)
        now = _out_of_fold_auc(_one_column(seed), values.iloc[paired], y[paired], groups[paired], seed)
        past = values.iloc[earlier[paired]]
        lagged = _out_of_fold_auc(_one_column(seed), past, y[paired], groups[paired], seed)
        if auc >= rest - TOLERATED_DEFICIT and min(auc - shuffled, now - lagged) >= SUSPECT_DROP:
            why = (
                f"alone AUC {auc:.3f} (all others together {rest:.3f}), "
                f"{shuffled:.3f} with its moments shuffled, "
                f"{lagged:.3f} with its value of {horizon + 1} moments before"
            )
            found.append(Suspicion(column, why, auc))
    return found


def assert_point_in_time(
    features: pd.DataFrame,
    columns: list[str],
    target: str,
    entity: str,
    as_of: str,
    horizon: int = 3,
    seed: int = 0,
) -> None:
    """Stop training when the key (entity, as_of) repeats or a column seems to know the future.

    Raises LeakageFound naming each column and what gives it away.
    """
    twice = int(features.duplicated([entity, as_of]).sum())
    if twice:
        raise LeakageFound(
            f"{twice} rows repeat a key ({entity}, {as_of})",
            expected="one row an entity and date",
            remedy="look for a join that multiplies rows in the feature query",
        )
    with threadpool_limits(1):
        leaks = find_leaks(features, columns, target, entity, as_of, horizon, seed)
    if leaks:
        raise LeakageFound(
            "columns that seem to know the future: " + "; ".join(f"{s.column}: {s.why}" for s in leaks),
            expected=f"every column computed from rows dated on or before {as_of}",
            remedy="restrict its query to facts dated on or before the as-of date, or leave it out",
        )
