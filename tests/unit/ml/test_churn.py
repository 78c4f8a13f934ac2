"""The product's churn model on a company whose causes are known."""

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInput
from ml.candidates import BASE_RATE
from ml.causes import CALL, OFFER, VISIT, explain, theme_of
from ml.churn import HIGH, LOW, MEDIUM, RiskLevels, data_version, feature_columns, latest_rows, score
from ml.contributions import log_odds_contributions
from ml.model_card import churn_card
from ml.phrases import phrase
from ml.truth_report import cause_effects, compare_with_truth, expected_auc


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
    assert phrase("satisfaction_moyenne", float("nan")) == "Satisfaction moyenne : non connu"
    assert phrase("taux_reponse_enquete", 0.25) == "Répond à 25 % des enquêtes"
    assert phrase("segment", "Or") == "Segment Or"
    assert phrase("hausse_prix", 0.142) == "Prix en hausse de 14 %"
    assert phrase("mois_avant_echeance", 0.4) == "Contrat à échéance dans moins d'un mois"
    assert phrase("colonne_nouvelle", 2.0) == "Colonne nouvelle : 2"


def test_themes_and_their_actions():
    assert theme_of("nb_interventions_retard").action == VISIT
    assert theme_of("mois_avant_echeance").action == OFFER
    assert theme_of("derniere_note_nps").name == theme_of("satisfaction_recente").name
    assert theme_of("inattendue").action == CALL


def test_columns_of_one_theme_are_one_cause():
    contributions = pd.DataFrame(
        {"satisfaction_moyenne": [0.3], "satisfaction_recente": [0.5], "segment": [0.2]}
    )
    values = pd.DataFrame(
        {"satisfaction_moyenne": [3.0], "satisfaction_recente": [2.0], "segment": ["Bronze"]}
    )
    found = explain(contributions, values).loc[0].tolist()
    assert found == ["Satisfaction récente de 2/5", "Segment Bronze", None, CALL]


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
    effects = cause_effects(trained.pipeline, rows, {c: (c,) for c in COEFFICIENTS})
    strengths = {c: abs(v) * rows[c].std() for c, v in COEFFICIENTS.items()}
    found = compare_with_truth(
        scores, truth, effects, strengths, {c: np.sign(v) for c, v in COEFFICIENTS.items()}
    )
    assert found.rows == len(rows)
    assert found.score_rank_correlation > 0.6
    assert found.calibration_error < 0.05
    assert found.causes["cause"].iloc[0] == found.causes.sort_values("model_strength")["cause"].iloc[-1]
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
