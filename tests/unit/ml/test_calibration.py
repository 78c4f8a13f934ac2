"""Calibrators repair what they are made for, and stay away from what is right already."""

import numpy as np
import pytest
from scipy.special import expit, logit

from ml.calibration import CALIBRATORS, choose_calibrator
from ml.metrics import point_metrics
from ml.mixture import blend_weights


@pytest.fixture
def honest():
    rng = np.random.default_rng(0)
    p = expit(rng.normal(-1, 1.3, 6000))
    return p, (rng.random(6000) < p).astype(int)


def test_a_calibrated_score_is_left_alone(honest):
    calibrator, _ = choose_calibrator(*honest, None, 0)
    assert calibrator.name == "aucune"


def test_an_overconfident_score_is_repaired(honest):
    p, y = honest
    bold = expit(2.2 * logit(p) + 0.8)
    calibrator, _ = choose_calibrator(bold, y, None, 0)
    assert calibrator.name != "aucune"
    assert point_metrics(y, calibrator.predict(bold))["ece"] < 0.02 < point_metrics(y, bold)["ece"]


@pytest.mark.parametrize("form", CALIBRATORS)
def test_calibrators_keep_the_order(form, honest):
    p, y = honest
    grid = np.linspace(0.001, 0.999, 200)
    assert (np.diff(form().fit(p, y).predict(grid)) >= -1e-12).all()


def test_blend_prefers_the_informative_member(honest):
    p, y = honest
    noise = np.random.default_rng(1).normal(0, 1, len(p))
    weights = blend_weights(np.column_stack([logit(p), noise]), y)
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.9
