"""`fieldhouse bench churn`: the product's binary recipe on a file it has never seen."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from core.errors import InvalidInput
from ml.candidates import BASE_RATE, BY_NAME, PLAIN_LOGISTIC
from ml.folds import Validation, forward_validation, repeated_validation
from ml.intervals import Estimate
from ml.recipes.binary import BinaryReport, Progress, evaluate_binary, fit_winner, silent
from ml.schema import BenchSchema, binary_target, read_schema, time_values

N_BLOCKS = 5
# (cells up to, folds, repeats): what fits in three minutes on two cores
FOLDS = ((150_000, 5, 2), (400_000, 5, 1), (math.inf, 3, 1))
MAX_ROWS_VALIDATED = 12_000  # of a larger file a random part chooses the winner, all rows fit it
MIN_ROWS_FORWARD = 100


def read_rows(path: Path) -> pd.DataFrame:
    """Read a CSV with every cell as text, so that nothing is guessed before the recipe's own reading."""
    if not path.exists():
        raise InvalidInput(
            f"{path} does not exist",
            expected="a folder with train.csv and schema.json",
            remedy="pass the folder of the data set to --data",
        )
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _groups(rows: pd.DataFrame, schema: BenchSchema) -> np.ndarray | None:
    names = [g for g in schema.group if g in rows.columns]
    if not names:
        return None
    groups = rows[names].astype(str).agg("\x1f".join, axis=1).to_numpy()
    return groups if len(np.unique(groups)) < len(groups) else None


def plan_validation(
    rows: pd.DataFrame, y: np.ndarray, schema: BenchSchema, groups: np.ndarray | None, seed: int
) -> Validation:
    """Forward in time when the schema names a time column with enough history, else stratified folds."""
    if schema.time and schema.time in rows.columns and len(rows) >= MIN_ROWS_FORWARD:
        times = time_values(rows[schema.time])
        if len(np.unique(times)) > 1:
            try:
                return forward_validation(y, times, times, N_BLOCKS)
            except InvalidInput as short:
                reason = short.message
                plain = repeated_validation(y, groups, N_BLOCKS, 1, seed)
                return Validation(plain.kind, f"{plain.note}; not forward in time: {reason}", plain.repeats)
    n_splits, n_repeats = next((k, r) for limit, k, r in FOLDS if rows.size <= limit)
    return repeated_validation(y, groups, n_splits, n_repeats, seed)


def _plain(estimates: dict[str, Estimate]) -> dict[str, dict[str, float]]:
    return {metric: asdict(e) for metric, e in estimates.items()}


def metrics_document(report: BinaryReport, schema: BenchSchema) -> dict[str, object]:
    """The content of metrics.json: winner first, then baselines, candidates and paired differences."""
    winner = report.selection.winner
    return {
        "task": "binary",
        "target": schema.target,
        "rows_tested": len(report.truth),
        "positives_tested": int(report.truth.sum()),
        "validation": {"kind": report.validation.kind, "note": report.validation.note},
        "interval": "95 % percentile bootstrap of out-of-sample predictions, 1000 resamples",
        "winner": {"name": winner, "label": BY_NAME[winner].label, "reason": report.selection.reason},
        "metrics": _plain(report.metrics[winner]),
        "naive_baseline": {"name": BASE_RATE, **_plain(report.metrics[BASE_RATE])},
        "plain_linear_model": {"name": PLAIN_LOGISTIC, **_plain(report.metrics[PLAIN_LOGISTIC])},
        "candidates": {
            name: {"label": BY_NAME[name].label, "eligible": BY_NAME[name].eligible, **_plain(found)}
            for name, found in report.metrics.items()
        },
        "paired_differences": {
            f"{c} - {r}": _plain(found) for (c, r), found in report.differences.items() if r == PLAIN_LOGISTIC
        },
    }


def _without_nan(value: object) -> object:
    """NaN is not JSON: write null."""
    if isinstance(value, dict):
        return {k: _without_nan(v) for k, v in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def run_binary_bench(
    data_dir: Path, out_dir: Path, seed: int = 0, progress: Progress = silent
) -> dict[str, object]:
    """Read train.csv, schema.json and, when there is one, test.csv; write metrics.json and predictions.csv.

    Raises InvalidInput when files, columns or classes are not as bench/FORMATS.md says.
    """
    schema = read_schema(data_dir / "schema.json")
    rows = read_rows(data_dir / "train.csv")
    if schema.task != "binary" or schema.target not in rows.columns:
        raise InvalidInput(
            f"task {schema.task!r}, target {schema.target!r}; columns {list(rows.columns)}",
            expected="task `binary` and a target among the columns of train.csv",
            remedy="correct schema.json",
        )
    y, known = binary_target(rows[schema.target], schema.positive)
    rows, y = rows[known].reset_index(drop=True), y[known]
    groups = _groups(rows, schema)
    ignore = tuple(dict.fromkeys((schema.target, *schema.ignore, *([schema.time] if schema.time else []))))
    part = np.arange(len(rows))
    if len(rows) > MAX_ROWS_VALIDATED and groups is None and schema.time is None:
        part = np.sort(np.random.default_rng(seed).choice(len(rows), MAX_ROWS_VALIDATED, replace=False))
    part_groups = None if groups is None else groups[part]
    validation = plan_validation(rows.iloc[part], y[part], schema, part_groups, seed)
    report = evaluate_binary(
        rows.iloc[part], y[part], validation, part_groups, ignore, seed, progress=progress
    )
    pipeline = fit_winner(rows, y, report, groups, ignore, seed)
    out_dir.mkdir(parents=True, exist_ok=True)
    test_path = data_dir / "test.csv"
    if test_path.exists():
        probability = pipeline.predict_proba(read_rows(test_path))[:, 1]
        pd.DataFrame({"probability": probability}).to_csv(out_dir / "predictions.csv", index=False)
    document = metrics_document(report, schema)
    text = json.dumps(_without_nan(document), indent=1, ensure_ascii=False)
    (out_dir / "metrics.json").write_text(text + "\n", encoding="utf-8")
    return document
