"""French words for the columns of feat_churn: a label, and a sentence with the client's own value."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from ml.columns import as_number


def french_number(value: float, decimals: int = 1) -> str:
    """1234.5 → '1 234,5', without a decimal for whole numbers."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",")


def _count(one: str, many: str, none: str) -> Callable[[float], str]:
    return lambda v: none if v == 0 else f"{french_number(v)} {one if v < 2 else many}"


def _number(before: str, after: str = "", decimals: int = 1) -> Callable[[float], str]:
    return lambda v: f"{before}{french_number(round(v, decimals), decimals)}{after}"


def _share(before: str, after: str = "") -> Callable[[float], str]:
    return lambda v: f"{before}{french_number(round(100 * v))} %{after}"


def _trend(value: float) -> str:
    if abs(value) < 0.05:
        return "Satisfaction stable"
    way = "baisse" if value < 0 else "hausse"
    return f"Satisfaction en {way} de {french_number(round(abs(value), 1))} point sur 5"


def _price_change(value: float) -> str:
    if abs(value) < 0.005:
        return "Prix inchangé au dernier renouvellement"
    return f"Prix en {'hausse' if value > 0 else 'baisse'} de {french_number(round(100 * abs(value)))} %"


def _price_ratio(value: float) -> str:
    gap = round(100 * (value - 1))
    if gap == 0:
        return "Prix au niveau de son segment"
    return f"Prix {french_number(abs(gap))} % {'au-dessus' if gap > 0 else 'au-dessous'} de son segment"


def _months_left(value: float) -> str:
    if value < 1:
        return "Contrat à échéance dans moins d'un mois"
    return f"Contrat à échéance dans {french_number(round(value))} mois"


# column → (label, sentence from a number)
WORDS: dict[str, tuple[str, Callable[[float], str]]] = {
    "satisfaction_moyenne": ("Satisfaction moyenne", _number("Satisfaction moyenne de ", "/5")),
    "satisfaction_recente": ("Satisfaction récente", _number("Satisfaction récente de ", "/5")),
    "derniere_note": ("Dernière note", _number("Dernière note : ", "/5")),
    "tendance_satisfaction": ("Tendance de la satisfaction", _trend),
    "nb_notes_inferieures_3": (
        "Notes inférieures à 3/5",
        _count("note inférieure à 3/5", "notes inférieures à 3/5", "Aucune note inférieure à 3/5"),
    ),
    "nb_notes_inferieures_3_12m": (
        "Notes inférieures à 3/5 sur 12 mois",
        _count(
            "note inférieure à 3/5 sur 12 mois",
            "notes inférieures à 3/5 sur 12 mois",
            "Aucune note inférieure à 3/5 sur 12 mois",
        ),
    ),
    "derniere_note_nps": (
        "Dernière recommandation",
        _number("Recommandation de ", "/10 à la dernière enquête"),
    ),
    "nb_reponses_detracteur": (
        "Réponses de détracteur",
        _count("réponse de détracteur", "réponses de détracteur", "Aucune réponse de détracteur"),
    ),
    "jours_dernier_contact": (
        "Jours depuis la dernière intervention",
        _number("Dernière intervention il y a ", " jours", 0),
    ),
    "taux_reponse_enquete": ("Taux de réponse aux enquêtes", _share("Répond à ", " des enquêtes")),
    "nb_reclamations": (
        "Réclamations sur 12 mois",
        _count("réclamation sur 12 mois", "réclamations sur 12 mois", "Aucune réclamation sur 12 mois"),
    ),
    "nb_reclamations_ouvertes": (
        "Réclamations ouvertes",
        _count("réclamation non résolue", "réclamations non résolues", "Aucune réclamation ouverte"),
    ),
    "anciennete_mois": ("Ancienneté", _number("Client depuis ", " mois", 0)),
    "segment": ("Segment", _number("Segment ")),
    "type_client": ("Type de client", _number("Type ")),
    "montant_contrat_annuel": ("Montant annuel du contrat", _number("Contrat à ", " € par an", 0)),
    "montant_interventions_12m": (
        "Interventions facturées sur 12 mois",
        _number("", " € d'interventions facturées sur 12 mois", 0),
    ),
    "hausse_prix": ("Évolution du prix au renouvellement", _price_change),
    "rapport_prix_segment": ("Prix rapporté à son segment", _price_ratio),
    "taux_renouvellement": ("Taux de renouvellement", _share("Contrats renouvelés à ")),
    "mois_avant_echeance": ("Mois avant l'échéance", _months_left),
    "nb_interventions_retard": (
        "Interventions en retard de plus de 7 jours",
        _count(
            "intervention en retard de plus de 7 jours",
            "interventions en retard de plus de 7 jours",
            "Aucune intervention en retard de plus de 7 jours",
        ),
    ),
    "nb_interventions_retard_12m": (
        "Interventions en retard sur 12 mois",
        _count(
            "intervention en retard sur 12 mois",
            "interventions en retard sur 12 mois",
            "Aucune intervention en retard sur 12 mois",
        ),
    ),
    "part_retard_12m": (
        "Part d'interventions en retard",
        _share("", " d'interventions en retard sur 12 mois"),
    ),
    "nb_visites_attendues_retard": (
        "Visites dues et non faites",
        _count("visite due et non faite", "visites dues et non faites", "Aucune visite due en attente"),
    ),
    "nb_problemes_non_resolus_12m": (
        "Problèmes non résolus sur 12 mois",
        _count(
            "problème non résolu sur 12 mois",
            "problèmes non résolus sur 12 mois",
            "Aucun problème non résolu sur 12 mois",
        ),
    ),
    "nb_interventions_12m": (
        "Interventions sur 12 mois",
        _count("intervention sur 12 mois", "interventions sur 12 mois", "Aucune intervention sur 12 mois"),
    ),
    "nb_depannages_12m": (
        "Dépannages sur 12 mois",
        _count("dépannage sur 12 mois", "dépannages sur 12 mois", "Aucun dépannage sur 12 mois"),
    ),
    "nb_devis_refuses_12m": (
        "Devis refusés sur 12 mois",
        _count("devis refusé sur 12 mois", "devis refusés sur 12 mois", "Aucun devis refusé sur 12 mois"),
    ),
    "nb_contrats_actifs": (
        "Contrats en cours",
        _count("contrat en cours", "contrats en cours", "Aucun contrat"),
    ),
    "nb_visites_an": (
        "Visites prévues par an",
        _count("visite prévue par an", "visites prévues par an", "Aucune"),
    ),
}


def label(column: str) -> str:
    """French label of a column; one that has none is shown by its name with spaces."""
    return WORDS[column][0] if column in WORDS else column.replace("_", " ").capitalize()


def phrase(column: str, value: object) -> str:
    """One cause: the column with the client's own value."""
    missing = (
        value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) or value == ""
    )
    if missing:
        return f"{label(column)} : non connu"
    if isinstance(value, bool | np.bool_):
        return f"{label(column)} : {'oui' if value else 'non'}"
    number = float(as_number(pd.Series([value])).iloc[0])
    if math.isnan(number):
        return f"{label(column)} {value}" if column == "segment" else f"{label(column)} : {value}"
    return WORDS[column][1](number) if column in WORDS else f"{label(column)} : {french_number(number, 2)}"
