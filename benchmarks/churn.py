"""The churn model against what the simulator knows, and the same recipe on a public data set.

``python -m benchmarks.churn --out DIR [--telco DATA]`` reads marts.feat_churn of the installation
(``FIELDHOUSE_HOME``) and the simulator's truth, which the pipeline and the models never see; writes
``churn.json`` and ``churn.md``.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from core.settings import get_settings
from ml.bench import run_binary_bench
from ml.churn import AS_OF, ENTITY, HORIZON_MONTHS, TrainedChurn, labelled_rows, train
from ml.metrics import METRICS
from ml.model_card import churn_card
from ml.truth_report import TruthReport, cause_effects, compare_with_truth
from services.churn import read_features
from warehouse.connection import pipeline_engine

HAZARDS, MODEL = "churn_mensuel.csv", "verite.json"
# the simulator's cause → the columns that show it (the first carries the sign), and the sign of its effect
CAUSES: dict[str, tuple[tuple[str, ...], float]] = {
    "insatisfaction": (
        ("satisfaction_recente", "satisfaction_moyenne", "derniere_note", "tendance_satisfaction",
         "derniere_note_nps", "nb_notes_inferieures_3", "nb_notes_inferieures_3_12m",
         "nb_reponses_detracteur"),
        -1.0,
    ),
    "echeance": (("mois_avant_echeance",), -1.0),
    "hausse_prix": (("hausse_prix",), 1.0),
    "engagement": (("taux_reponse_enquete",), -1.0),
    "reclamations": (("nb_reclamations", "nb_reclamations_ouvertes"), 1.0),
    "silence": (("jours_dernier_contact",), 1.0),
    "retards": (("nb_interventions_retard_12m", "part_retard_12m", "nb_interventions_retard"), 1.0),
    "prix": (("rapport_prix_segment",), 1.0),
    "nouveau": (("anciennete_mois",), -1.0),
}  # fmt: skip


def true_probabilities(hazards: pd.DataFrame, keys: pd.DataFrame) -> pd.DataFrame:
    """True probability of leaving within the horizon, from the monthly ones along the path really lived.

    A customer who left has no hazard for the months after: the last one known stands for them.
    Rows dated within a month are left out: their horizon cuts months.
    """
    month = pd.PeriodIndex(hazards["mois"], freq="M").astype("int64")
    known = pd.Series(hazards["p"].to_numpy(), index=pd.MultiIndex.from_arrays([hazards[ENTITY], month]))
    dates = pd.to_datetime(keys[AS_OF])
    firsts = keys[(dates.dt.day == 1).to_numpy()].reset_index(drop=True)
    start = pd.PeriodIndex(pd.to_datetime(firsts[AS_OF]), freq="M").astype("int64")
    path = np.column_stack(
        [
            known.reindex(pd.MultiIndex.from_arrays([firsts[ENTITY], start + k])).to_numpy()
            for k in range(HORIZON_MONTHS)
        ]
    )
    filled = pd.DataFrame(path).ffill(axis=1).to_numpy()
    return firsts[[ENTITY, AS_OF]].assign(probabilite=1 - np.prod(1 - filled, axis=1)).dropna()


def truth_report(trained: TrainedChurn, features: pd.DataFrame, truth: Path) -> TruthReport:
    """Out-of-sample scores and recovered causes against the truth folder."""
    weights = {
        row["cause"]: row["poids"]
        for row in json.loads((truth / MODEL).read_text(encoding="utf-8"))["churn"]["causes_par_poids"]
    }
    scores = pd.DataFrame(
        {ENTITY: trained.tested_clients, AS_OF: trained.tested_as_of, "score": trained.out_of_sample}
    )
    rows = labelled_rows(features)
    return compare_with_truth(
        scores,
        true_probabilities(pd.read_csv(truth / HAZARDS), scores[[ENTITY, AS_OF]]),
        cause_effects(trained.pipeline, rows, {cause: columns for cause, (columns, _) in CAUSES.items()}),
        {cause: weights[cause] for cause in CAUSES if cause in weights},
        {cause: sign for cause, (_, sign) in CAUSES.items()},
    )


def truth_markdown(trained: TrainedChurn, found: TruthReport) -> str:
    """The section of docs/benchmarks.md on the simulated company."""
    found_metrics = trained.report.metrics[trained.report.selection.winner]
    metrics = ", ".join(
        f"{m} {found_metrics[m].value:.4f} [{found_metrics[m].low:.4f}, {found_metrics[m].high:.4f}]"
        for m in METRICS
    )
    causes = "\n".join(
        f"| {c.cause} | {c.true_strength:.3f} | {c.model_strength:.3f} | {'yes' if c.found else 'no'} |"
        for c in found.causes.itertuples()
    )
    tenths = "\n".join(f"| {t.rows} | {t.score:.4f} | {t.truth:.4f} |" for t in found.by_tenth.itertuples())
    return f"""## Churn against the simulator's truth
{trained.data_version.rows} client-months, {trained.data_version.positives} cancellations;
{trained.report.validation.note}. Winner: `{trained.report.selection.winner}`; out of sample {metrics}.

Against true probabilities ({found.rows} rows): mean gap by tenth {found.calibration_error:.4f}, rank
correlation {found.score_rank_correlation:.3f}. A model that knew the true probabilities would reach ROC-AUC
{found.irreducible_auc:.3f} on average.

| cause | true strength | recovered strength | sign found |
|---|---|---|---|
{causes}

Rank correlation of strengths: {found.cause_rank_correlation:.2f}.

| rows | mean score | mean true probability |
|---|---|---|
{tenths}
"""


def telco_markdown(document: dict) -> str:
    """The section on the public data set: candidates on the same folds, paired with plain logistic."""
    lines = "\n".join(
        f"| {name} | " + " | ".join(f"{c[m]['value']:.4f}" for m in METRICS) + " |"
        for name, c in document["candidates"].items()
    )
    winner = document["winner"]["name"]
    paired = document["paired_differences"][f"{winner} - logistique_simple"]
    gaps = ", ".join(
        f"{m} {paired[m]['value']:+.4f} [{paired[m]['low']:+.4f}, {paired[m]['high']:+.4f}]" for m in METRICS
    )
    return f"""## Churn on the public telco data
{document["rows_tested"]} rows, {document["validation"]["note"]}. Winner: `{winner}`.
Winner minus plain logistic regression, paired: {gaps}.

| candidate | {" | ".join(METRICS)} |
|---|---|---|---|---|---|
{lines}
"""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--truth", type=Path, default=get_settings().home / "truth")
    parser.add_argument("--telco", type=Path, help="folder of the public data set")
    parser.add_argument(
        "--card", type=Path, help="write the model card there, e.g. docs/model-cards/churn.md"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    features = read_features(pipeline_engine())
    trained = train(features, options.seed)
    if options.card:
        options.card.parent.mkdir(parents=True, exist_ok=True)
        options.card.write_text(churn_card(trained), encoding="utf-8")
    found = truth_report(trained, features, options.truth)
    measured = asdict(found) | {
        "causes": found.causes.to_dict("records"),
        "by_tenth": found.by_tenth.to_dict("records"),
    }
    sections = [truth_markdown(trained, found)]
    if options.telco:
        document = run_binary_bench(options.telco, options.out / "telco", options.seed)
        sections.append(telco_markdown(document))
    (options.out / "churn.json").write_text(json.dumps(measured, indent=1, default=str) + "\n")
    (options.out / "churn.md").write_text("\n".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
