"""How close the model came to the simulator's truth: probabilities, and which causes it recovered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.pipeline import Pipeline

from core.errors import InvalidInput
from ml.contributions import log_odds_contributions
from ml.metrics import ECE_BINS


@dataclass(frozen=True)
class TruthReport:
    """Distance to the truth.

    Attributes:
        rows: clients compared.
        mean_absolute_error, calibration_error: score against true probability (0-1), row by row and by tenth.
        score_rank_correlation: Spearman.
        irreducible_auc: the AUC that the true probabilities themselves would have in expectation, a ceiling.
        cause_rank_correlation: Spearman of model importance against the true strength of causes.
        causes: cause, true and model strength (log-odds), true and model sign, found (signs agree).
        by_tenth: rows, score, truth for each tenth of clients.
    """

    rows: int
    mean_absolute_error: float
    calibration_error: float
    score_rank_correlation: float
    irreducible_auc: float
    cause_rank_correlation: float
    causes: pd.DataFrame
    by_tenth: pd.DataFrame


def expected_auc(probability: np.ndarray) -> float:
    """AUC that a perfect model reaches on average when labels are drawn with these probabilities."""
    p = np.sort(np.asarray(probability, dtype="float64"))
    above = p.sum() - np.cumsum(p)
    pairs = ((1 - p) * above).sum()
    reverse = (p * ((1 - p).sum() - np.cumsum(1 - p))).sum()
    return float(pairs / (pairs + reverse)) if pairs + reverse > 0 else float("nan")


def cause_effects(
    pipeline: Pipeline, features: pd.DataFrame, columns_of: Mapping[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Strength and sign that the model gives to each cause.

    Args:
        columns_of: cause → the columns of `features` that show it; the first one carries the sign.

    Returns:
        cause, model_strength (standard deviation of the columns' summed contribution, log-odds) and
        model_sign (of the rank correlation between the first column and that sum; 0 where the column is not
        a number).
    """
    contributions = log_odds_contributions(pipeline, features)
    rows = []
    for cause, wanted in columns_of.items():
        columns = [c for c in wanted if c in contributions.columns]
        if not columns:
            continue
        part = contributions[columns].sum(axis=1).to_numpy()
        values = features[columns[0]]
        sign = 0.0
        if pd.api.types.is_numeric_dtype(values) and values.nunique() > 1 and part.std() > 0:
            known = values.notna().to_numpy()
            sign = float(
                np.sign(np.nan_to_num(spearmanr(values[known].astype(float), part[known]).statistic))
            )
        rows.append((cause, float(part.std()), sign))
    return pd.DataFrame(rows, columns=["cause", "model_strength", "model_sign"])


def compare_with_truth(
    scores: pd.DataFrame,
    truth: pd.DataFrame,
    effects: pd.DataFrame,
    true_strengths: Mapping[str, float],
    true_signs: Mapping[str, float],
    key: tuple[str, ...] = ("client_id", "as_of"),
    probability: str = "probabilite",
) -> TruthReport:
    """Compare scores and effects with what the simulator knows.

    Args:
        scores: key columns and `score`. truth: key columns and the true probability of leaving.
        effects: from `cause_effects`.
        true_strengths: cause → |coefficient| x standard deviation, log-odds.
        true_signs: cause → sign of its first column's effect.

    Raises InvalidInput when scores and truth share no row.
    """
    both = scores.merge(truth, on=list(key), how="inner")
    if both.empty:
        raise InvalidInput(
            f"{len(scores)} scores and {len(truth)} truths share no {key}",
            expected="the same clients and dates",
            remedy="score the simulated company whose truth file this is",
        )
    p, q = both["score"].to_numpy(), both[probability].to_numpy()
    tenth = pd.qcut(pd.Series(p).rank(method="first"), min(ECE_BINS, len(p)), labels=False)
    by_tenth = pd.DataFrame({"score": p, "truth": q}).groupby(tenth.to_numpy()).mean()
    by_tenth.insert(0, "rows", tenth.value_counts().sort_index().to_numpy())
    causes = effects[effects["cause"].isin(list(true_strengths))].copy()
    causes["true_strength"] = causes["cause"].map(true_strengths)
    causes["true_sign"] = causes["cause"].map(true_signs)
    causes["found"] = causes["true_sign"] == causes["model_sign"]
    causes = causes.sort_values("true_strength", ascending=False).reset_index(drop=True)
    ranks = (
        spearmanr(causes["true_strength"], causes["model_strength"]).statistic if len(causes) > 2 else np.nan
    )
    gaps = (by_tenth["score"] - by_tenth["truth"]).abs()
    return TruthReport(
        rows=len(both),
        mean_absolute_error=float(np.abs(p - q).mean()),
        calibration_error=float(np.average(gaps, weights=by_tenth["rows"])),
        score_rank_correlation=float(spearmanr(p, q).statistic),
        irreducible_auc=expected_auc(q),
        cause_rank_correlation=float(ranks),
        causes=causes,
        by_tenth=by_tenth,
    )
