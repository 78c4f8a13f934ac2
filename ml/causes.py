"""From contributions to what a planner can act on: up to three causes in French, one of three actions."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd

from ml.columns import as_number

CALL = "Appel de la planificatrice"
OFFER = "Offre fidélité −10 %"
VISIT = "Visite technicien senior"
N_CAUSES = 3
MIN_CONTRIBUTION = 0.02  # log-odds: below, the value is that of an average client and no cause

# what would be done about a column; the first pattern found in its name counts, a call otherwise
ACTION_PATTERNS = (
    (CALL, re.compile(r"satisfaction|note|nps|reclamation|contact|enquete|reponse")),
    (
        VISIT,
        re.compile(
            r"retard|resolu|probleme|depassement|duree|reintervention|urgence|technicien|panne|installation"
        ),
    ),
    (
        OFFER,
        re.compile(
            r"montant|prix|tarif|hausse|segment|renouvel|contrat|echeance|anciennete|devis|facture|visites"
        ),
    ),
)


def french_number(value: float, decimals: int = 1) -> str:
    """1234.5 → '1 234,5', without a decimal for whole numbers."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",")


def _count(value: float, singular: str, plural: str, none: str) -> str:
    if value == 0:
        return none
    return f"{french_number(value)} {singular if value < 2 else plural}"


NUMBER_PHRASES = {
    "satisfaction_moyenne": lambda v: f"Satisfaction moyenne de {french_number(v)}/5",
    "nb_notes_inferieures_3": lambda v: _count(
        v, "note inférieure à 3/5", "notes inférieures à 3/5", "Aucune note inférieure à 3/5"
    ),
    "jours_dernier_contact": lambda v: f"Dernière intervention il y a {french_number(v, 0)} jours",
    "taux_reponse_enquete": lambda v: f"Répond à {french_number(round(100 * v))} % des enquêtes",
    "nb_reclamations": lambda v: _count(
        v, "réclamation sur 12 mois", "réclamations sur 12 mois", "Aucune réclamation sur 12 mois"
    ),
    "anciennete_mois": lambda v: f"Client depuis {french_number(round(v))} mois",
    "montant_contrat_annuel": lambda v: f"Contrat à {french_number(round(v))} € par an",
    "taux_renouvellement": lambda v: f"Contrats renouvelés à {french_number(round(100 * v))} %",
    "nb_interventions_retard": lambda v: _count(
        v,
        "intervention en retard de plus de 7 jours",
        "interventions en retard de plus de 7 jours",
        "Aucune intervention en retard de plus de 7 jours",
    ),
}
LABELS = {
    "satisfaction_moyenne": "Satisfaction moyenne",
    "nb_notes_inferieures_3": "Notes inférieures à 3/5",
    "jours_dernier_contact": "Jours depuis la dernière intervention",
    "taux_reponse_enquete": "Taux de réponse aux enquêtes",
    "nb_reclamations": "Réclamations sur 12 mois",
    "anciennete_mois": "Ancienneté",
    "segment": "Segment",
    "montant_contrat_annuel": "Montant annuel du contrat",
    "taux_renouvellement": "Taux de renouvellement",
    "nb_interventions_retard": "Interventions en retard de plus de 7 jours",
}


def label(column: str) -> str:
    """French label of a column; one that has none is shown by its name with spaces."""
    return LABELS.get(column, column.replace("_", " ").capitalize())


def phrase(column: str, value: object) -> str:
    """One cause: the column with the client's own value."""
    missing = (
        value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value == ""
    )
    if missing:
        return f"{label(column)} : inconnu"
    number = float(as_number(pd.Series([value])).iloc[0])
    if column in NUMBER_PHRASES and not math.isnan(number):
        return NUMBER_PHRASES[column](number)
    if isinstance(value, bool | np.bool_):
        return f"{label(column)} : {'oui' if value else 'non'}"
    return f"{label(column)} : {value if math.isnan(number) else french_number(number, 2)}"


def action_for(column: str) -> str:
    """The documented action that answers to a column."""
    return next((action for action, pattern in ACTION_PATTERNS if pattern.search(column)), CALL)


def explain(contributions: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
    """Causes and action per row.

    Args:
        contributions: log-odds, one column a feature (from `ml.contributions`).
        features: raw values, same index and columns.

    Returns:
        cause_1, cause_2, cause_3 (None when fewer columns raise the risk) and action_suggeree: the action
        whose columns together raise the log-odds most.
    """
    columns = list(contributions.columns)
    actions = [action_for(c) for c in columns]
    values = contributions.to_numpy()
    raised = np.where(values > MIN_CONTRIBUTION, values, 0.0)
    order = np.argsort(-raised, axis=1, kind="stable")[:, :N_CAUSES]
    out = []
    for i, best in enumerate(order):
        found = [phrase(columns[j], features[columns[j]].iloc[i]) for j in best if raised[i, j] > 0]
        weight = dict.fromkeys((CALL, OFFER, VISIT), 0.0)
        for j, action in enumerate(actions):
            weight[action] += raised[i, j]
        action = max(weight, key=weight.__getitem__) if found else None
        out.append([*found, *[None] * (N_CAUSES - len(found)), action])
    names = [f"cause_{k + 1}" for k in range(N_CAUSES)] + ["action_suggeree"]
    return pd.DataFrame(out, columns=names, index=contributions.index)
