"""The rule that chooses, on made-up figures."""

from ml.intervals import Estimate
from ml.selection import choose


def figures(losses: dict[str, float]) -> dict:
    return {c: {"log_loss": Estimate(v, v - 0.01, v + 0.01)} for c, v in losses.items()}


def gap(value: float, noise: float) -> dict:
    return {"log_loss": Estimate(value, value - noise, value + noise)}


def test_the_least_loss_wins_beyond_noise():
    found = choose(
        figures({"logistique": 0.45, "xgboost": 0.40}), {("logistique", "xgboost"): gap(0.05, 0.01)}, 500
    )
    assert found.winner == "xgboost"


def test_a_negligible_loss_keeps_the_simpler_one():
    found = choose(
        figures({"logistique": 0.4001, "xgboost": 0.4}), {("logistique", "xgboost"): gap(0.0001, 0.01)}, 500
    )
    assert found.winner == "logistique"
    assert "plus simple" in found.reason


def test_a_useful_gain_within_noise_is_taken_when_there_is_data_to_judge():
    differences = {("logistique", "xgboost"): gap(0.005, 0.01)}
    assert choose(figures({"logistique": 0.405, "xgboost": 0.4}), differences, 500).winner == "xgboost"
    assert choose(figures({"logistique": 0.405, "xgboost": 0.4}), differences, 40).winner == "logistique"


def test_references_cannot_win():
    found = choose(
        figures({"foret_documentee": 0.3, "taux_de_base": 0.35, "logistique": 0.4}),
        {("logistique", "taux_de_base"): gap(0.05, 0.01)},
        500,
    )
    assert found.winner == "logistique"
    assert "moins bien" in found.reason
