"""At which score it pays to contact a client, given what a contact costs, saves and how many can be made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import InvalidInput

DOCUMENTED_ALERT = 0.6


@dataclass(frozen=True)
class ContactEconomics:
    """What the threshold rests on.

    Args:
        capacity: contacts the planner can make per period (a month).
        cost_contact_eur: cost of one contact, offer included.
        value_client_eur: margin kept when a leaving client stays (the document: 2,000 EUR).
        success_rate: share of leaving clients that a contact keeps, 0-1. An assumption until an A/B test
            measures it.
    """

    capacity: int = 30
    cost_contact_eur: float = 35.0
    value_client_eur: float = 2000.0
    success_rate: float = 0.3

    def __post_init__(self) -> None:
        if self.capacity < 1 or self.cost_contact_eur <= 0 or self.value_client_eur <= 0:
            raise InvalidInput(
                f"{self}", expected="capacity >= 1, cost and value > 0", remedy="correct the economics"
            )
        if not 0 < self.success_rate <= 1:
            raise InvalidInput(
                f"success_rate {self.success_rate}", expected="within ]0, 1]", remedy="give a share, not a %"
            )

    @property
    def break_even(self) -> float:
        """Score from which a contact pays for itself on average, if the score is calibrated."""
        return self.cost_contact_eur / (self.success_rate * self.value_client_eur)


@dataclass(frozen=True)
class ThresholdChoice:
    """The threshold, why, and what it would have given on rows the model had not seen.

    `curve` has one row a threshold: threshold, contacts_per_period, precision, recall, gain_eur_per_period.
    `best_observed` is the curve's own maximum: noisy with few positives, shown as a check only.
    """

    threshold: float
    reason: str
    at_threshold: dict[str, float]
    at_documented: dict[str, float]
    best_observed: float
    curve: pd.DataFrame


def _at(scores: np.ndarray, truth: np.ndarray, n_periods: int, threshold: float, e: ContactEconomics) -> dict:
    chosen = scores >= threshold
    contacts, hits = int(chosen.sum()), int(truth[chosen].sum())
    gain = hits * e.success_rate * e.value_client_eur - contacts * e.cost_contact_eur
    return {
        "threshold": float(threshold),
        "contacts_per_period": contacts / n_periods,
        "precision": hits / contacts if contacts else float("nan"),
        "recall": hits / truth.sum() if truth.sum() else float("nan"),
        "gain_eur_per_period": gain / n_periods,
    }


def choose_threshold(
    scores: np.ndarray, truth: np.ndarray, economics: ContactEconomics, periods: np.ndarray | None = None
) -> ThresholdChoice:
    """Contact whoever pays on average, as far as capacity goes.

    threshold = max(break-even score, score of the last client that capacity reaches in a mean period). It
    rests on calibrated scores, not on the maximum of a curve drawn through a handful of positives.

    Args:
        scores, truth: out of sample, shape (n,). periods: month of each row (None = one period).
    """
    scores, truth = np.asarray(scores, dtype="float64"), np.asarray(truth).astype(int)
    n_periods = 1 if periods is None else max(1, len(np.unique(periods)))
    reach = economics.capacity * n_periods
    ordered = np.sort(scores)[::-1]
    by_capacity = float(ordered[reach - 1]) if reach <= len(ordered) else 0.0
    threshold = max(economics.break_even, by_capacity)
    limited = by_capacity > economics.break_even
    why = "la capacité de contact limite" if limited else "un contact se rentabilise à partir de ce score"
    reason = (
        f"Seuil {threshold:.3f} : {why} (rentable dès {economics.break_even:.3f} ; "
        f"capacité {economics.capacity} contacts par mois atteinte à {by_capacity:.3f})."
    ).replace(".", ",")[:-1] + "."
    grid = np.unique(
        np.round(np.r_[np.quantile(scores, np.linspace(0, 1, 101)), threshold, DOCUMENTED_ALERT], 6)
    )
    curve = pd.DataFrame([_at(scores, truth, n_periods, t, economics) for t in grid])
    return ThresholdChoice(
        threshold=threshold,
        reason=reason,
        at_threshold=_at(scores, truth, n_periods, threshold, economics),
        at_documented=_at(scores, truth, n_periods, DOCUMENTED_ALERT, economics),
        best_observed=float(curve.loc[curve["gain_eur_per_period"].idxmax(), "threshold"]),
        curve=curve,
    )
