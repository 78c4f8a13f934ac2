"""The standing champion and the new model on the same rows, none of which either has learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from ml.candidates import BASE_RATE
from ml.churn import AS_OF, ENTITY, HORIZON_MONTHS, TARGET, TrainedChurn, labelled_rows
from ml.registry import Decision, decide

MIN_UNSEEN_POSITIVES = 20


@dataclass(frozen=True)
class Window:
    """Scores of both on the same rows; `note` (French) says how the champion was scored fairly."""

    champion: np.ndarray | None
    challenger: np.ndarray
    truth: np.ndarray
    clients: np.ndarray
    note: str


def same_window(
    champion: Pipeline | None, champion_as_of_last: str | None, features: pd.DataFrame, trained: TrainedChurn
) -> Window:
    """Put both models on rows that neither has seen.

    Rows dated at least three months after the champion's last training row are unseen by it: where they hold
    20 cancellations, the champion itself scores them. Otherwise (a retraining shortly after) it has learned
    the very labels to predict, so its recipe and settings are fitted again on each block's past, as for the
    new model.
    """
    truth, clients, new = trained.report.truth, trained.tested_clients, trained.out_of_sample
    if champion is None or champion_as_of_last is None:
        return Window(None, new, truth, clients, "aucun champion en place")
    rows = labelled_rows(features)
    tested = rows.iloc[trained.report.tested]
    clear_from = pd.Timestamp(champion_as_of_last) + pd.DateOffset(months=HORIZON_MONTHS)
    unseen = (pd.to_datetime(tested[AS_OF]) >= clear_from).to_numpy()
    if truth[unseen].sum() >= MIN_UNSEEN_POSITIVES:
        old = champion.predict_proba(tested[unseen])[:, 1]
        note = "champion noté tel quel sur des mois postérieurs à son apprentissage"
        return Window(old, new[unseen], truth[unseen], clients[unseen], note)
    y = rows[TARGET].astype(int).to_numpy()
    place = np.full(len(rows), -1)
    place[trained.report.tested] = np.arange(len(truth))
    old = np.full(len(truth), np.nan)
    for fold in trained.report.validation.repeats[0]:
        past = rows.iloc[fold.train]
        again = clone(champion).fit(
            past[list(trained.features)], y[fold.train], modele__groups=past[ENTITY].to_numpy()
        )
        old[place[fold.test]] = again.predict_proba(rows.iloc[fold.test])[:, 1]
    note = "recette du champion réapprise sur le passé de chaque bloc (il avait déjà appris ces mois)"
    return Window(old, new, truth, clients, note)


def challenge(
    champion: Pipeline | None, champion_as_of_last: str | None, features: pd.DataFrame, trained: TrainedChurn
) -> Decision:
    """Decide on the same window; the reason says how the standing one was scored."""
    window = same_window(champion, champion_as_of_last, features, trained)
    naive = trained.report.out_of_sample[BASE_RATE][0]
    found = decide(window.champion, window.challenger, window.truth, window.clients, trained.seed, naive)
    return Decision(
        found.promote, f"{found.reason} {window.note.capitalize()}.", found.delta, found.low, found.high
    )
