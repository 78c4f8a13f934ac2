"""Shared small data: one synthetic company and one model trained on it."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from synthetic_churn import synthetic_feat_churn

from ml.churn import TrainedChurn, train


@pytest.fixture(scope="session")
def company() -> pd.DataFrame:
    """feat_churn of 300 clients over 15 labelled months, with the true probability in `verite`."""
    return synthetic_feat_churn(300, 15, seed=1)


@pytest.fixture(scope="session")
def features(company: pd.DataFrame) -> pd.DataFrame:
    """What the warehouse would show: without the truth."""
    return company.drop(columns="verite")


@pytest.fixture(scope="session")
def trained(features: pd.DataFrame) -> TrainedChurn:
    """The product's training, on two blocks of time to stay quick."""
    patch = pytest.MonkeyPatch()
    patch.setattr("ml.churn.N_BLOCKS", 2)
    try:
        return train(features, seed=0)
    finally:
        patch.undo()
