"""Runs and registered models in MLflow. The address is given; mlflow is imported late (it takes seconds)."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from sklearn.pipeline import Pipeline

from ml import plots
from ml.candidates import BASE_RATE, PLAIN_LOGISTIC
from ml.churn import DataVersion, TrainedChurn
from ml.model_card import churn_card
from ml.registry import CHAMPION

CHURN_MODEL = "churn"


@dataclass(frozen=True)
class LoggedModel:
    """Where a training went: MLflow run and version in the registry."""

    run_id: str
    version: str


@dataclass(frozen=True)
class RegisteredModel:
    """A model read back: its pipeline, its version and the tags it was registered with."""

    pipeline: Pipeline
    version: str
    run_id: str
    tags: dict[str, str]


def _client(tracking_uri: str):
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)


def _metrics(trained: TrainedChurn) -> dict[str, float]:
    """Winner's metrics with bounds, baselines next to them, threshold figures; NaN left out."""
    report = trained.report
    named = {"": report.selection.winner, "naive_": BASE_RATE, "logistic_": PLAIN_LOGISTIC}
    out = {}
    for prefix, name in named.items():
        for metric, e in report.metrics[name].items():
            out |= {
                f"{prefix}{metric}": e.value,
                f"{prefix}{metric}_low": e.low,
                f"{prefix}{metric}_high": e.high,
            }
    out |= {f"alert_{k}": float(v) for k, v in trained.threshold.at_threshold.items()}
    out |= {f"alert_documented_{k}": float(v) for k, v in trained.threshold.at_documented.items()}
    return {k: v for k, v in out.items() if v == v}


def _write_artifacts(trained: TrainedChurn, folder: Path, extra: Mapping[str, str]) -> None:
    report, winner = trained.report, trained.report.selection.winner
    shown = list(dict.fromkeys((winner, PLAIN_LOGISTIC)))
    pictures = {
        "roc.png": plots.roc_png(report, shown),
        "precision_rappel.png": plots.precision_recall_png(report, shown),
        "calibration.png": plots.calibration_png(report, winner),
        "importance.png": plots.importance_png(trained.importances),
        "gain_par_seuil.png": plots.gain_png(trained.threshold),
    }
    for name, content in pictures.items():
        (folder / name).write_bytes(content)
    (folder / "model_card.md").write_text(churn_card(trained), encoding="utf-8")
    trained.threshold.curve.to_csv(folder / "gain_par_seuil.csv", index=False)
    for name, content in extra.items():
        (folder / name).write_text(content, encoding="utf-8")


def log_training(
    tracking_uri: str,
    experiment: str,
    trained: TrainedChurn,
    data_version: DataVersion,
    name: str = CHURN_MODEL,
    tags: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    artifact_location: str | None = None,
) -> LoggedModel:
    """Log one training and register its model as a new version, without alias.

    Args:
        tracking_uri: MLflow server or SQL address; given to the client, nothing global is left changed but
            mlflow's own tracking URI of this process.
        tags: written on the run and on the version. texts: file name → content, extra artifacts.
        artifact_location: where a new experiment keeps its files (None = the server's choice).
    """
    import mlflow

    # it warns of cloudpickle at every call; the models read here are our own
    logging.getLogger("mlflow.sklearn").setLevel(logging.ERROR)
    mlflow.set_tracking_uri(tracking_uri)
    mlflow.set_registry_uri(tracking_uri)
    client = _client(tracking_uri)
    found = client.get_experiment_by_name(experiment)
    experiment_id = found.experiment_id if found else client.create_experiment(experiment, artifact_location)
    described = {
        "data_hash": data_version.digest,
        "as_of_first": data_version.as_of_first,
        "as_of_last": data_version.as_of_last,
        "alert_threshold": f"{trained.threshold.threshold:.6f}",
        **(tags or {}),
    }
    mixture = trained.pipeline.steps[-1][1]
    run_name = f"{experiment} {data_version.as_of_last}"
    with mlflow.start_run(experiment_id=experiment_id, run_name=run_name, tags=described) as run:
        mlflow.log_params(
            {
                "candidate": trained.report.selection.winner,
                "weights": [round(float(w), 4) for w in mixture.weights_],
                "calibration": mixture.calibrator_.name,
                "seed": trained.seed,
                "features": ", ".join(trained.features),
                "validation": trained.report.validation.note,
                "reason": trained.report.selection.reason,
                **{f"data_{k}": v for k, v in asdict(data_version).items()},
                **{
                    f"{member}_{k}": v
                    for member, fitted in mixture.members_.items()
                    for k, v in getattr(fitted.steps[-1][1], "chosen_", {}).items()
                },
            }
        )
        mlflow.log_metrics(_metrics(trained))
        with tempfile.TemporaryDirectory() as folder:
            _write_artifacts(trained, Path(folder), texts or {})
            mlflow.log_artifacts(folder)
        info = mlflow.sklearn.log_model(
            trained.pipeline,
            name="model",
            serialization_format="cloudpickle",
            # the model is read inside this project; its environment is the project's lock file
            pip_requirements=["scikit-learn", "xgboost-cpu"],
        )
    if not client.search_registered_models(f"name = '{name}'"):
        client.create_registered_model(name)
    version = client.create_model_version(name, info.model_uri, run.info.run_id, tags=described)
    return LoggedModel(run.info.run_id, str(version.version))


def apply_alias(tracking_uri: str, name: str, version: str, alias: str, reason: str) -> None:
    """Point an alias at a version and write the reason on it."""
    client = _client(tracking_uri)
    client.set_registered_model_alias(name, alias, version)
    client.set_model_version_tag(name, version, "decision", alias)
    client.set_model_version_tag(name, version, "reason", reason)


def load_champion(tracking_uri: str, name: str = CHURN_MODEL) -> RegisteredModel | None:
    """The model behind the alias `champion`, or None when no version holds it."""
    return load_alias(tracking_uri, name, CHAMPION)


def load_alias(tracking_uri: str, name: str, alias: str) -> RegisteredModel | None:
    """The model behind an alias, or None when no version holds it."""
    import mlflow
    from mlflow.exceptions import MlflowException
    from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST, ErrorCode

    client = _client(tracking_uri)
    try:
        version = client.get_model_version_by_alias(name, alias)
    except MlflowException as error:
        absent = (ErrorCode.Name(RESOURCE_DOES_NOT_EXIST), ErrorCode.Name(INVALID_PARAMETER_VALUE))
        if error.error_code in absent:
            return None
        raise
    mlflow.set_tracking_uri(tracking_uri)
    mlflow.set_registry_uri(tracking_uri)
    pipeline = mlflow.sklearn.load_model(f"models:/{name}/{version.version}")
    return RegisteredModel(pipeline, str(version.version), version.run_id, dict(version.tags))
