"""The alert threshold follows costs and capacity."""

import numpy as np
import pytest

from core.errors import InvalidInput
from ml.churn import RiskLevels
from ml.thresholds import ContactEconomics, choose_threshold


@pytest.fixture
def calibrated():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 12, 5000)
    return p, (rng.random(5000) < p).astype(int)


def test_without_a_tight_capacity_the_break_even_rules(calibrated):
    economics = ContactEconomics(
        capacity=10_000, cost_contact_eur=60, value_client_eur=2000, success_rate=0.3
    )
    choice = choose_threshold(*calibrated, economics)
    assert choice.threshold == pytest.approx(0.1)
    best = choice.curve["gain_eur_per_period"].max()
    assert choice.at_threshold["gain_eur_per_period"] >= 0.9 * best


def test_capacity_limits_contacts(calibrated):
    periods = np.repeat(np.arange(5), 1000)
    choice = choose_threshold(*calibrated, ContactEconomics(capacity=20), periods)
    assert choice.at_threshold["contacts_per_period"] == pytest.approx(20)
    assert "capacité" in choice.reason


def test_the_documented_threshold_is_reported_next_to_it(calibrated):
    choice = choose_threshold(*calibrated, ContactEconomics())
    assert choice.at_documented["threshold"] == 0.6
    assert choice.at_documented["gain_eur_per_period"] <= choice.at_threshold["gain_eur_per_period"]


def test_levels_never_start_above_the_documented_alert():
    assert RiskLevels.from_threshold(0.9).of(np.array([0.61, 0.4, 0.1])).tolist() == [
        "Eleve",
        "Moyen",
        "Faible",
    ]


def test_a_percentage_for_a_share_is_refused():
    with pytest.raises(InvalidInput, match="share"):
        ContactEconomics(success_rate=30)
