"""Champion or challenger: the rule that decides, apart from where models are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.intervals import bootstrap_metrics, paired_differences
from ml.selection import DECIDING_METRIC, shown

CHAMPION, CHALLENGER = "champion", "challenger"
N_RESAMPLES = 2000


@dataclass(frozen=True)
class Decision:
    """Whether to promote, why (French), paired difference of log-loss (new - standing; < 0 = better)."""

    promote: bool
    reason: str
    delta: float
    low: float
    high: float


def decide(
    champion_scores: np.ndarray | None,
    challenger_scores: np.ndarray,
    truth: np.ndarray,
    groups: np.ndarray | None,
    seed: int = 0,
    base_rate: float | np.ndarray | None = None,
) -> Decision:
    """Promote only what is better beyond noise, on the same rows that neither model has learned from.

    Args:
        champion_scores: probabilities of the standing champion, or None when there is none: then the opponent
            is the naive baseline `base_rate` (rate known before the window; the window's own rate when not
            given).
        challenger_scores, truth, groups: probabilities, 0/1 and client of each row, shape (n,).
    """
    truth = np.asarray(truth).astype(int)
    if champion_scores is None:
        rate = truth.mean() if base_rate is None else base_rate
        opponent, name = np.broadcast_to(np.asarray(rate, dtype="float64"), truth.shape), "le taux de base"
    else:
        opponent, name = np.asarray(champion_scores, dtype="float64"), "le champion en place"
    predictions = {"new": [np.asarray(challenger_scores, dtype="float64")], "old": [np.array(opponent)]}
    draws = bootstrap_metrics(truth, predictions, groups, N_RESAMPLES, seed)
    found = paired_differences(truth, predictions, draws, "new", "old")
    gap, auc = found[DECIDING_METRIC], found["roc_auc"]
    promote = gap.high < 0
    outcome = "promu champion : bat" if promote else "reste challenger : ne bat pas"
    reason = (
        f"Modèle {outcome} {name} au-delà du bruit sur {len(truth)} lignes "
        f"({int(truth.sum())} résiliations) ; perte logarithmique {shown(gap)}, "
        f"ROC-AUC {shown(auc)} (intervalles appariés à 95 %)."
    )
    return Decision(promote, reason, gap.value, gap.low, gap.high)
