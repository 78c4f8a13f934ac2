"""A planted future column stops training and is named; honest columns pass."""

import numpy as np
import pandas as pd
import pytest

from ml.churn import train
from ml.leakage import LeakageFound, assert_point_in_time, find_leaks

KEY = {"target": "resilie_3m", "entity": "client_id", "as_of": "as_of"}


def columns_of(features: pd.DataFrame) -> list[str]:
    return [c for c in features.columns if c not in KEY.values()]


def future_calls(features: pd.DataFrame, seed: int = 1) -> pd.Series:
    """Calls in the three months *after* as_of: clients who will leave often call about it."""
    rng = np.random.default_rng(seed)
    leaves = features["resilie_3m"].fillna(False).astype(int)
    return leaves * (rng.random(len(features)) < 0.6) + rng.poisson(0.2, len(features))


def test_honest_features_pass(features):
    assert find_leaks(features, columns_of(features), **KEY) == []


def test_a_planted_future_column_is_named(features):
    planted = features.assign(nb_appels=future_calls(features))
    with pytest.raises(LeakageFound, match="nb_appels"):
        assert_point_in_time(planted, columns_of(planted), **KEY)


def test_training_refuses_a_planted_future_column(features):
    with pytest.raises(LeakageFound, match="nb_appels"):
        train(features.assign(nb_appels=future_calls(features)))


def test_a_copy_of_the_target_is_named(features):
    planted = features.assign(statut=features["resilie_3m"].map({True: "parti", False: "actif"}))
    assert [s.column for s in find_leaks(planted, columns_of(planted), **KEY)] == ["statut"]


def test_a_column_named_after_the_target_is_refused(features):
    planted = features.assign(date_resiliation=1)
    assert [s.column for s in find_leaks(planted, columns_of(planted), **KEY)] == ["date_resiliation"]


def test_an_end_date_known_long_ahead_is_no_leak():
    """Clients leave when their contract ends: months to the end tell the moment, and all know them."""
    rng = np.random.default_rng(0)
    rows = []
    for client in range(400):
        end = int(rng.integers(2, 30))
        left = rng.random() < 0.5
        for month in range(18):
            if left and month > end:
                break
            to_end = (end - month) % 12
            gone = left and 0 < end - month <= 3
            rows.append((client, month, to_end, rng.normal(), rng.normal(), gone))
    frame = pd.DataFrame(
        rows, columns=["client_id", "as_of", "mois_avant_echeance", "bruit_1", "bruit_2", "resilie_3m"]
    )
    assert find_leaks(frame, columns_of(frame), **KEY) == []


def test_repeated_keys_are_refused(features):
    with pytest.raises(LeakageFound, match="repeat a key"):
        assert_point_in_time(pd.concat([features, features.head(1)]), columns_of(features), **KEY)
