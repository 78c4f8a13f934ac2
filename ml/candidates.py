"""The candidates of the binary recipe: references as anybody would write them, and those that may win."""

from __future__ import annotations

from dataclasses import dataclass

from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from ml.encoding import linear_encoding, tree_encoding
from ml.estimators import BaseRate, BoostedTrees, RuleRates, TunedLogistic


@dataclass(frozen=True)
class Candidate:
    """One way to predict.

    Args:
        name: key in reports. label: French, shown to people. members: names in `member`; several are blended.
        calibrated: whether its probability passes a calibrator chosen on out-of-fold scores.
        complexity: the lower, the more it is preferred when differences are noise.
        eligible: references are measured but cannot win.
    """

    name: str
    label: str
    members: tuple[str, ...]
    calibrated: bool
    complexity: int
    eligible: bool


BASE_RATE = "taux_de_base"
PLAIN_LOGISTIC = "logistique_simple"
DOCUMENTED_FOREST = "foret_documentee"
SIMPLE_RULE = "regle_simple"

CANDIDATES = (
    Candidate(BASE_RATE, "Taux de base", ("taux_de_base",), False, 0, False),
    Candidate(SIMPLE_RULE, "Règle : une note < 3 ou une réclamation", ("regle_simple",), False, 0, False),
    Candidate(PLAIN_LOGISTIC, "Régression logistique simple", ("logistique_simple",), False, 1, True),
    Candidate(DOCUMENTED_FOREST, "Forêt aléatoire du cahier des charges", ("foret",), False, 4, False),
    Candidate("logistique", "Régression logistique régularisée", ("logistique",), True, 1, True),
    Candidate(
        "logistique_splines", "Régression logistique à courbes", ("logistique_splines",), True, 2, True
    ),
    Candidate("foret", "Forêt aléatoire calibrée", ("foret",), True, 4, True),
    Candidate("xgboost", "Arbres renforcés (XGBoost)", ("xgboost",), True, 3, True),
    Candidate("melange", "Mélange courbes + XGBoost", ("logistique_splines", "xgboost"), True, 5, True),
)
BY_NAME = {c.name: c for c in CANDIDATES}
RULE_COLUMNS = ("nb_notes_inferieures_3", "nb_reclamations")  # the rule a planner would apply without a model
GENERIC = tuple(c.name for c in CANDIDATES if c.name != SIMPLE_RULE)  # what any yes/no table can be given to


def member(name: str, seed: int) -> Pipeline:
    """Unfitted (encoding, model) pipeline of one member, on columns read by `TabularReader`."""
    steps = {
        "taux_de_base": lambda: (tree_encoding(seed, impute=False), BaseRate()),
        "regle_simple": lambda: ("passthrough", RuleRates(columns=RULE_COLUMNS)),
        "logistique_simple": lambda: (linear_encoding(False, seed), LogisticRegression(max_iter=3000)),
        "logistique": lambda: (linear_encoding(False, seed), TunedLogistic(seed=seed)),
        "logistique_splines": lambda: (linear_encoding(True, seed), TunedLogistic(seed=seed)),
        # the document's settings: 100 trees, depth 10
        "foret": lambda: (
            tree_encoding(seed, impute=True),
            RandomForestClassifier(n_estimators=100, max_depth=10, random_state=seed, n_jobs=2),
        ),
        "xgboost": lambda: (tree_encoding(seed, impute=False), BoostedTrees(seed=seed)),
    }
    encoding, model = steps[name]()
    return Pipeline([("encodage", encoding), ("modele", model)])
