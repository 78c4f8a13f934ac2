"""The product's churn model on a company whose causes are known."""

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInput
from ml.candidates import BASE_RATE
from ml.causes import CALL, OFFER, VISIT, action_for, explain, phrase
from ml.churn import HIGH, LOW, MEDIUM, RiskLevels, data_version, feature_columns, latest_rows, score
from ml.contributions import log_odds_contributions
from ml.model_card import churn_card
from ml.truth_report import compare_with_truth, expected_auc, model_effects


def test_beats_the_naive_baseline_beyond_noise(trained):
    gap = trained.report.differences[trained.report.selection.winner, BASE_RATE]
    assert gap["log_loss"].high < 0
    assert gap["roc_auc"].low > 0


def test_every_metric_has_an_interval_and_a_baseline(trained):
    for name in (trained.report.selection.winner, BASE_RATE):
        for e in trained.report.metrics[name].values():
            assert e.low <= e.value <= e.high or name == BASE_RATE


def test_scores_carry_level_causes_and_action(trained, features):
    found = score(
        trained.pipeline, latest_rows(features), RiskLevels.from_threshold(trained.threshold.threshold)
    )
    assert set(found["risque_churn"]) <= {LOW, MEDIUM, HIGH}
    assert found["score"].between(0, 1).all()
    assert found["score"].is_monotonic_decreasing
    at_risk = found[found["risque_churn"] != LOW]
    assert at_risk["cause_1"].notna().all()
    assert set(at_risk["action_suggeree"]) <= {CALL, OFFER, VISIT}
    assert found[found["risque_churn"] == LOW]["action_suggeree"].isna().all()


def test_contributions_explain_the_whole_score(trained, features):
    rows = latest_rows(features)
    total = log_odds_contributions(trained.pipeline, rows).sum(axis=1)
    read = trained.pipeline[:-1].transform(rows)
    raw = trained.pipeline.steps[-1][1].raw_logit(read)
    assert np.std(raw - total) < 1e-4  # the same up to the average client's log-odds


def test_causes_are_the_largest_and_only_those_that_raise():
    contributions = pd.DataFrame(
        {"satisfaction_moyenne": [0.9, -1], "nb_interventions_retard": [0.4, -1], "segment": [-0.5, -1]}
    )
    values = pd.DataFrame(
        {"satisfaction_moyenne": [2.6, 5], "nb_interventions_retard": [3, 0], "segment": ["Or", "Or"]}
    )
    found = explain(contributions, values)
    assert found.loc[0].tolist() == [
        "Satisfaction moyenne de 2,6/5",
        "3 interventions en retard de plus de 7 jours",
        None,
        CALL,
    ]
    assert found.loc[1].isna().all()


def test_phrases():
    assert phrase("montant_contrat_annuel", 1234.4) == "Contrat à 1\u202f234 € par an"
    assert phrase("nb_reclamations", 1) == "1 réclamation sur 12 mois"
    assert phrase("satisfaction_moyenne", float("nan")) == "Satisfaction moyenne : inconnu"
    assert phrase("taux_reponse_enquete", 0.25) == "Répond à 25 % des enquêtes"
    assert (action_for("nb_interventions_retard"), action_for("segment")) == (VISIT, OFFER)


def test_a_missing_documented_feature_is_named(features):
    with pytest.raises(InvalidInput, match="nb_reclamations"):
        feature_columns(features.drop(columns="nb_reclamations"))


def test_data_version_depends_on_content_not_on_order(features):
    rows = features[features["resilie_3m"].notna()]
    first = data_version(rows)
    assert data_version(rows.sample(frac=1, random_state=0)) == first
    changed = rows.copy()
    changed.iloc[0, changed.columns.get_loc("nb_reclamations")] += 1
    assert data_version(changed).digest != first.digest


def test_same_seed_same_model(trained, features, monkeypatch):
    from ml.churn import train

    monkeypatch.setattr("ml.churn.N_BLOCKS", 2)
    again = train(features, seed=0)
    np.testing.assert_array_equal(again.out_of_sample, trained.out_of_sample)


def test_the_truth_is_recovered(trained, features, company):
    from synthetic_churn import COEFFICIENTS

    rows = features[features["resilie_3m"].notna()]
    scores = rows[["client_id", "as_of"]].assign(score=trained.pipeline.predict_proba(rows)[:, 1])
    truth = company[["client_id", "as_of"]].assign(probabilite=company["verite"])
    effects = model_effects(trained.pipeline, rows)
    found = compare_with_truth(scores, truth, effects, COEFFICIENTS, rows)
    assert found.rows == len(rows)
    assert found.score_rank_correlation > 0.6
    assert found.calibration_error < 0.05
    assert found.causes["feature"].iloc[0] == "satisfaction_moyenne"
    assert found.causes["found"].iloc[0]


def test_expected_auc_is_what_drawn_labels_give():
    rng = np.random.default_rng(0)
    p = rng.beta(1, 8, 4000)
    from sklearn.metrics import roc_auc_score

    drawn = np.mean([roc_auc_score(rng.random(4000) < p, p) for _ in range(20)])
    assert expected_auc(p) == pytest.approx(drawn, abs=0.01)


def test_the_card_states_what_was_measured(trained):
    card = churn_card(trained, "1 (champion)")
    assert trained.data_version.digest in card
    assert "Taux de base" in card
    assert "nan" not in card.split("## Alert")[0]
