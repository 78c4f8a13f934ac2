"""From contributions to what a planner can act on: up to three causes in French, one of three actions.

Columns that say the same thing (satisfaction over all time, lately, last note…) are one theme and share their
contribution: three causes are three different things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.phrases import phrase

CALL = "Appel de la planificatrice"
OFFER = "Offre fidélité −10 %"
VISIT = "Visite technicien senior"
ACTIONS = (CALL, OFFER, VISIT)
N_CAUSES = 3
MIN_CONTRIBUTION = 0.02  # log-odds: below, the value is that of an average client and no cause


TROUBLE = re.compile(r"reclamation|inferieures|detracteur|retard|probleme|refuse|depannage")


@dataclass(frozen=True)
class Theme:
    """Columns that tell the same thing, by a pattern on their name, and the action that answers to it."""

    name: str
    pattern: re.Pattern[str]
    action: str


# the first pattern found in a column's name counts
THEMES = (
    Theme("reclamations", re.compile(r"reclamation"), CALL),
    Theme("engagement", re.compile(r"taux_reponse|enquete"), CALL),
    Theme("satisfaction", re.compile(r"satisfaction|note|nps|detracteur"), CALL),
    Theme("retards", re.compile(r"retard"), VISIT),
    Theme("problemes", re.compile(r"probleme|resolu|depassement|reintervention|panne|depannage"), VISIT),
    Theme("contact", re.compile(r"contact|nb_interventions"), CALL),
    Theme("echeance", re.compile(r"echeance|renouvel"), OFFER),
    Theme("prix", re.compile(r"montant|prix|tarif|hausse|devis|facture"), OFFER),
    Theme("segment", re.compile(r"segment|type_client|visites_an|contrats_actifs"), OFFER),
    Theme("anciennete", re.compile(r"anciennete"), OFFER),
)


def theme_of(column: str) -> Theme:
    """Theme of a column; an unknown one is its own theme, answered by a call."""
    return next(
        (t for t in THEMES if t.pattern.search(column)), Theme(column, re.compile(re.escape(column)), CALL)
    )


def without_absent_troubles(contributions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Contributions, 0 for troubles that did not happen: "no complaint" is no cause of leaving."""
    out = contributions.copy()
    for column in out.columns:
        if TROUBLE.search(column):
            happened = pd.to_numeric(features[column], errors="coerce").fillna(0) > 0
            out[column] = out[column].where(happened, 0.0)
    return out


def explain(contributions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Causes and action per row.

    Args:
        contributions: log-odds, one column a feature (from `ml.contributions`).
        features: raw values, same index and columns.

    Returns:
        cause_1, cause_2, cause_3 (None when fewer themes raise the risk), each the column that raises most
        in its theme, and action_suggeree: the action whose themes together raise the log-odds most.
    """
    contributions = without_absent_troubles(contributions, features)
    themes = {c: theme_of(c) for c in contributions.columns}
    by_name = {t.name: t for t in themes.values()}
    members = {name: [c for c in contributions.columns if themes[c].name == name] for name in by_name}
    raised = pd.DataFrame({name: contributions[columns].sum(axis=1) for name, columns in members.items()})
    raised = raised.where(raised > MIN_CONTRIBUTION, 0.0)
    strongest = {name: contributions[columns].idxmax(axis=1) for name, columns in members.items()}
    order = np.argsort(-raised.to_numpy(), axis=1, kind="stable")[:, :N_CAUSES]
    out = []
    for i, best in enumerate(order):
        names = [raised.columns[j] for j in best if raised.iat[i, j] > 0]
        columns = [strongest[name].iat[i] for name in names]
        found = [phrase(c, features[c].iat[i]) for c in columns]
        weight = dict.fromkeys(ACTIONS, 0.0)
        for j, name in enumerate(raised.columns):
            weight[by_name[name].action] += raised.iat[i, j]
        action = max(weight, key=weight.__getitem__) if found else None
        out.append([*found, *[None] * (N_CAUSES - len(found)), action])
    columns = [*(f"cause_{k + 1}" for k in range(N_CAUSES)), "action_suggeree"]
    return pd.DataFrame(out, columns=columns, index=contributions.index)
