"""Train the churn model on the warehouse's features, decide which version serves, score today's clients."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import sqlalchemy as sa

from core.clock import wall_clock
from core.errors import InvalidInput
from core.vocabulary import Schema
from ml import tracking
from ml.challenge import challenge
from ml.churn import AS_OF, RiskLevels, TrainedChurn, latest_rows, score, train
from ml.model_card import churn_card
from ml.recipes.binary import Progress, silent
from ml.registry import CHALLENGER, CHAMPION
from ml.thresholds import DOCUMENTED_ALERT, ContactEconomics
from services import gate
from warehouse.tables import scores_churn

EXPERIMENT = "churn"
PROMOTION = "promouvoir_modele"
Allow = Callable[..., bool]


@dataclass(frozen=True)
class ChurnTraining:
    """What a training led to: version in the registry, alias it got, reason (French), the trained model."""

    version: str
    run_id: str
    alias: str
    reason: str
    trained: TrainedChurn

    def metadata(self) -> dict[str, object]:
        """Plain figures for whoever shows the training."""
        report, threshold = self.trained.report, self.trained.threshold
        figures = {m: round(e.value, 4) for m, e in report.metrics[report.selection.winner].items()}
        return {
            "version": self.version,
            "alias": self.alias,
            "reason": self.reason,
            "winner": report.selection.winner,
            "choice": report.selection.reason,
            "validation": report.validation.note,
            "data": asdict(self.trained.data_version),
            "threshold": threshold.reason,
            **figures,
        }


@dataclass(frozen=True)
class ChurnScoring:
    """What a scoring wrote, and the alerts at the documented and at the justified threshold."""

    rows: int
    as_of: str
    version: str
    alerts_documented: int
    alerts_justified: int
    threshold: float

    def metadata(self) -> dict[str, object]:
        """Plain figures for whoever shows the scoring."""
        return asdict(self)


def read_features(engine: sa.Engine) -> pd.DataFrame:
    """All rows of marts.feat_churn."""
    return pd.read_sql(f"select * from {Schema.MARTS}.feat_churn order by client_id, as_of", engine)


def train_churn(
    engine: sa.Engine,
    tracking_uri: str,
    *,
    seed: int = 0,
    economics: ContactEconomics | None = None,
    progress: Progress = silent,
    card_path: Path | None = None,
    artifacts: Path | None = None,
    allow: Allow = gate.request,
) -> ChurnTraining:
    """Train, log, and promote when the new model beats the standing one beyond noise and the gate agrees.

    Args:
        engine: warehouse, pipeline role. tracking_uri: MLflow. card_path: where to write the model card as
            well. artifacts: folder of MLflow's files (None = the server's choice).
    """
    features = read_features(engine)
    trained = train(features, seed, economics, progress)
    champion = tracking.load_champion(tracking_uri)
    standing = (None, None) if champion is None else (champion.pipeline, champion.tags["as_of_last"])
    decision = challenge(*standing, features, trained)
    logged = tracking.log_training(
        tracking_uri,
        EXPERIMENT,
        trained,
        trained.data_version,
        tags={"decision_reason": decision.reason},
        artifact_location=None if artifacts is None else (artifacts / EXPERIMENT).resolve().as_uri(),
    )
    alias, reason = CHALLENGER, decision.reason
    if decision.promote:
        inputs = {
            "data": asdict(trained.data_version),
            "champion": champion.version if champion else None,
            "delta": [decision.delta, decision.low, decision.high],
        }
        if allow(engine, PROMOTION, f"{tracking.CHURN_MODEL} v{logged.version}", reason, inputs):
            alias = CHAMPION
        else:
            reason += " La porte a refusé la promotion : reste challenger."
    tracking.apply_alias(tracking_uri, tracking.CHURN_MODEL, logged.version, alias, reason)
    if card_path is not None:
        card_path.parent.mkdir(parents=True, exist_ok=True)
        card_path.write_text(churn_card(trained, f"{logged.version} ({alias})"), encoding="utf-8")
    return ChurnTraining(logged.version, logged.run_id, alias, reason, trained)


def serving_model(tracking_uri: str) -> tuple[tracking.RegisteredModel, str]:
    """The champion; before there is one, the latest challenger, whose version is then marked as such.

    Raises InvalidInput when nothing has been trained.
    """
    for alias in (CHAMPION, CHALLENGER):
        model = tracking.load_alias(tracking_uri, tracking.CHURN_MODEL, alias)
        if model is not None:
            return model, model.version if alias == CHAMPION else f"{model.version} ({CHALLENGER})"
    raise InvalidInput(
        f"no version of {tracking.CHURN_MODEL!r} is registered",
        expected="a trained model",
        remedy="run the training job: fieldhouse run training",
    )


def score_clients(engine: sa.Engine, tracking_uri: str) -> ChurnScoring:
    """Score the clients of the last as-of date and replace their rows of that date in ml.scores_churn."""
    features = latest_rows(read_features(engine))
    model, version = serving_model(tracking_uri)
    threshold = float(model.tags["alert_threshold"])
    scores = score(model.pipeline, features, RiskLevels.from_threshold(threshold))
    rows = scores.assign(modele_version=version, run_id=model.run_id, scored_at=wall_clock().isoformat())
    write_scores(engine, rows)
    return ChurnScoring(
        rows=len(rows),
        as_of=str(rows[AS_OF].iloc[0]),
        version=version,
        alerts_documented=int((rows["score"] > DOCUMENTED_ALERT).sum()),
        alerts_justified=int((rows["score"] >= threshold).sum()),
        threshold=threshold,
    )


def write_scores(engine: sa.Engine, rows: pd.DataFrame) -> None:
    """Replace the scores of the as-of dates in `rows` in one transaction: old or new, never half."""
    columns = [c.name for c in scores_churn.columns]
    text = io.StringIO()
    rows[columns].to_csv(text, index=False, header=False, na_rep="")
    text.seek(0)
    with engine.begin() as connection:
        dates = [pd.Timestamp(d).date() for d in rows[AS_OF].unique()]
        connection.execute(scores_churn.delete().where(scores_churn.c.as_of.in_(dates)))
        with connection.connection.cursor() as cursor:
            cursor.copy_expert(
                f"copy {scores_churn.fullname} ({', '.join(columns)}) from stdin (format csv, null '')", text
            )
