"""Who will cancel within three months: trained on feat_churn forward in time, scored with causes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from core.errors import InvalidInput
from ml.candidates import GENERIC, RULE_COLUMNS, SIMPLE_RULE
from ml.causes import explain
from ml.contributions import importance, log_odds_contributions
from ml.folds import Validation, forward_validation, repeated_validation
from ml.leakage import assert_point_in_time
from ml.recipes.binary import BinaryReport, Progress, silent, train_binary
from ml.thresholds import DOCUMENTED_ALERT, ContactEconomics, ThresholdChoice, choose_threshold

ENTITY, AS_OF, TARGET = "client_id", "as_of", "resilie_3m"
HORIZON_MONTHS = 3
N_BLOCKS = 5
DOCUMENTED_FEATURES = (
    "satisfaction_moyenne",
    "nb_notes_inferieures_3",
    "jours_dernier_contact",
    "taux_reponse_enquete",
    "nb_reclamations",
    "anciennete_mois",
    "segment",
    "montant_contrat_annuel",
    "taux_renouvellement",
    "nb_interventions_retard",
)
LOW, MEDIUM, HIGH = "Faible", "Moyen", "Eleve"


@dataclass(frozen=True)
class DataVersion:
    """Which rows a model was trained on: hash of their content, count, range of as-of dates (ISO)."""

    digest: str
    rows: int
    positives: int
    as_of_first: str
    as_of_last: str


@dataclass(frozen=True)
class TrainedChurn:
    """A trained churn model with all that is recorded about it.

    Attributes:
        pipeline: raw features → probability. features: columns it uses.
        report: out-of-sample metrics, differences and choice.
        threshold: score from which a contact pays, with its curve.
        importances: mean absolute contribution of each feature, log-odds.
        tested_clients, tested_as_of: key of the rows in report.truth.
    """

    pipeline: Pipeline
    features: tuple[str, ...]
    report: BinaryReport
    threshold: ThresholdChoice
    data_version: DataVersion
    importances: pd.Series
    tested_clients: np.ndarray
    tested_as_of: np.ndarray
    seed: int = field(default=0)

    @property
    def out_of_sample(self) -> np.ndarray:
        """Probability of the winner on tested rows."""
        return self.report.out_of_sample[self.report.selection.winner][0]


def feature_columns(features: pd.DataFrame) -> list[str]:
    """The ten documented features and any other column of the mart.

    Raises InvalidInput when a documented one is absent.
    """
    absent = [c for c in (ENTITY, AS_OF, TARGET, *DOCUMENTED_FEATURES) if c not in features.columns]
    if absent:
        raise InvalidInput(
            f"feat_churn lacks {absent}",
            expected=f"{ENTITY}, {AS_OF}, {TARGET} and {list(DOCUMENTED_FEATURES)}",
            remedy="rebuild marts.feat_churn",
        )
    return [c for c in features.columns if c not in (ENTITY, AS_OF, TARGET)]


def labelled_rows(features: pd.DataFrame) -> pd.DataFrame:
    """Rows whose label is known, in time order."""
    known = features[features[TARGET].notna()]
    return known.sort_values([AS_OF, ENTITY], kind="stable").reset_index(drop=True)


def data_version(rows: pd.DataFrame) -> DataVersion:
    """Hash (order of rows and columns does not count), size and range of the training rows."""
    columns = sorted(rows.columns)
    ordered = rows.sort_values([AS_OF, ENTITY])[columns].astype(str)
    content = pd.util.hash_pandas_object(ordered, index=False).to_numpy().tobytes()
    digest = hashlib.sha256("\x1f".join(columns).encode() + content).hexdigest()[:16]
    dates = pd.to_datetime(rows[AS_OF])
    return DataVersion(
        digest,
        len(rows),
        int(rows[TARGET].astype(int).sum()),
        dates.min().date().isoformat(),
        dates.max().date().isoformat(),
    )


def days(dates: pd.Series) -> np.ndarray:
    """Days since 1970-01-01 of a date column."""
    return ((pd.to_datetime(dates) - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)).to_numpy()


def known_at(rows: pd.DataFrame) -> np.ndarray:
    """Day on which the label of each row is known: three months after its as-of date."""
    return days(pd.to_datetime(rows[AS_OF]) + pd.DateOffset(months=HORIZON_MONTHS))


def plan_validation(rows: pd.DataFrame, y: np.ndarray, clients: np.ndarray, seed: int) -> Validation:
    """Forward in time; by client where the history holds too few cancellations, and the note says so."""
    try:
        return forward_validation(y, days(rows[AS_OF]), known_at(rows), N_BLOCKS)
    except InvalidInput as short:
        plain = repeated_validation(y, clients, N_BLOCKS, 1, seed)
        return Validation(plain.kind, f"{plain.note}; not forward in time: {short.message}", plain.repeats)


def train(
    features: pd.DataFrame,
    seed: int = 0,
    economics: ContactEconomics | None = None,
    progress: Progress = silent,
) -> TrainedChurn:
    """Check for leaks, validate forward in time, choose, fit on all labelled rows.

    Args:
        features: rows of feat_churn (client_id, as_of, features, resilie_3m or null).

    Raises:
        LeakageFound: a column knows the future. InvalidInput: columns absent or too few positives.
    """
    columns = feature_columns(features)
    rows = labelled_rows(features)
    assert_point_in_time(rows, columns, TARGET, ENTITY, AS_OF, HORIZON_MONTHS, seed)
    y = rows[TARGET].astype(int).to_numpy()
    clients = rows[ENTITY].to_numpy()
    validation = plan_validation(rows, y, clients, seed)
    rule = (SIMPLE_RULE,) if all(c in columns for c in RULE_COLUMNS) else ()
    trained = train_binary(
        rows[columns], y, validation, clients, seed=seed, candidates=(*rule, *GENERIC), progress=progress
    )
    report = trained.report
    scores = report.out_of_sample[report.selection.winner][0]
    as_of = rows[AS_OF].to_numpy()[report.tested]
    return TrainedChurn(
        pipeline=trained.pipeline,
        features=tuple(columns),
        report=report,
        threshold=choose_threshold(scores, report.truth, economics or ContactEconomics(), as_of),
        data_version=data_version(rows),
        importances=importance(trained.pipeline, rows[columns]),
        tested_clients=clients[report.tested],
        tested_as_of=as_of,
        seed=seed,
    )


@dataclass(frozen=True)
class RiskLevels:
    """Where Moyen and Eleve begin. Scores above the documented alert are always Eleve."""

    medium: float
    high: float

    @classmethod
    def from_threshold(cls, threshold: float) -> RiskLevels:
        """Eleve where a contact pays (never above the documented 0.6), Moyen from half of it."""
        high = min(threshold, DOCUMENTED_ALERT)
        return cls(high / 2, high)

    def of(self, scores: np.ndarray) -> np.ndarray:
        """Level of each score."""
        return np.select([scores >= self.high, scores >= self.medium], [HIGH, MEDIUM], LOW)


def latest_rows(features: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last as-of date: the clients to score today."""
    return features[features[AS_OF] == features[AS_OF].max()].reset_index(drop=True)


def score(pipeline: Pipeline, latest: pd.DataFrame, levels: RiskLevels) -> pd.DataFrame:
    """Score clients and say why.

    Returns:
        client_id, as_of, score (0-1), risque_churn, cause_1..3 (French or None), action_suggeree (None for
        Faible: nothing is to be done), highest score first.
    """
    out = latest[[ENTITY, AS_OF]].copy()
    out["score"] = pipeline.predict_proba(latest)[:, 1]
    out["risque_churn"] = levels.of(out["score"].to_numpy())
    contributions = log_odds_contributions(pipeline, latest)
    out = out.join(explain(contributions, latest))
    out.loc[out["risque_churn"] == LOW, "action_suggeree"] = None
    return out.sort_values(["score", ENTITY], ascending=[False, True]).reset_index(drop=True)
