"""The model card of a trained churn model, in Markdown: what it is for, how good, on what, where it fails."""

from __future__ import annotations

import math

from ml.candidates import BASE_RATE, BY_NAME, PLAIN_LOGISTIC
from ml.churn import TrainedChurn
from ml.intervals import Estimate
from ml.metrics import METRICS
from ml.phrases import label

TITLES = {"roc_auc": "ROC-AUC", "pr_auc": "PR-AUC", "brier": "Brier", "log_loss": "log-loss", "ece": "ECE"}


def cell(e: Estimate) -> str:
    """Value and interval for a table."""
    return f"{e.value:.4f} [{e.low:.4f}, {e.high:.4f}]" if math.isfinite(e.low) else f"{e.value:.4f}"


def share(value: float) -> str:
    """A share for a table; a dash where nobody is above the threshold."""
    return f"{value:.3f}" if math.isfinite(value) else "–"


def metrics_table(trained: TrainedChurn) -> str:
    """One row a candidate, out of sample."""
    head = (
        "| candidate | " + " | ".join(TITLES[m] for m in METRICS) + " |\n|---" + "|---" * len(METRICS) + "|\n"
    )
    lines = []
    for name, found in trained.report.metrics.items():
        mark = "**" if name == trained.report.selection.winner else ""
        kind = "" if BY_NAME[name].eligible else " (reference)"
        lines.append(
            f"| {mark}{BY_NAME[name].label}{mark}{kind} | "
            + " | ".join(cell(found[m]) for m in METRICS)
            + " |"
        )
    return head + "\n".join(lines)


def differences_table(trained: TrainedChurn) -> str:
    """Winner minus references, paired on the same resamples."""
    winner = trained.report.selection.winner
    head = (
        "| winner minus | "
        + " | ".join(TITLES[m] for m in METRICS)
        + " |\n|---"
        + "|---" * len(METRICS)
        + "|\n"
    )
    rows = [
        f"| {BY_NAME[r].label} | " + " | ".join(cell(found[m]) for m in METRICS) + " |"
        for (c, r), found in trained.report.differences.items()
        if c == winner and r in (BASE_RATE, PLAIN_LOGISTIC)
    ]
    return head + "\n".join(rows)


def churn_card(trained: TrainedChurn, version: str = "not registered yet") -> str:
    """Markdown of the card; only what was measured is stated."""
    d, report, t = trained.data_version, trained.report, trained.threshold
    winner = BY_NAME[report.selection.winner]
    mixture = trained.pipeline.steps[-1][1]
    members = ", ".join(
        f"{name} (weight {weight:.2f}, {getattr(member.steps[-1][1], 'chosen_', {}) or 'fixed settings'})"
        for (name, member), weight in zip(mixture.members_.items(), mixture.weights_, strict=True)
    )
    alerts = "\n".join(
        f"| {a['threshold']:.3f} ({used}) | {a['contacts_per_period']:.1f} | {share(a['precision'])} "
        f"| {share(a['recall'])} | {a['gain_eur_per_period']:.0f} |"
        for a, used in ((t.at_threshold, "used"), (t.at_documented, "document"))
    )
    importances = "\n".join(f"| `{c}` | {label(str(c))} | {v:.3f} |" for c, v in trained.importances.items())
    return f"""# Churn: who cancels within three months

| | |
|---|---|
| version | {version} |
| model | {winner.label} (`{winner.name}`) |
| members | {members} |
| calibration | {mixture.calibrator_.name} |
| training rows | {d.rows} client-months, {d.positives} followed by a cancellation |
| as of | {d.as_of_first} to {d.as_of_last} |
| data hash | `{d.digest}` |
| seed | {trained.seed} |

## Use
Ranks clients with an active contract for a preventive contact by the planner. The score is a calibrated
probability. It must not decide prices, refuse a service or be read as a judgement of a person or of a
technician. Causes say what raises the score of this client compared with an average one. They are not proof
of cause and effect.

## How good, on months it had not seen
Validation: {report.validation.note}; a month trains the model only if its three following months are over
when the tested block begins. {len(report.truth)} client-months tested, {int(report.truth.sum())} positives.
Intervals: 95 %, bootstrap by client (a client's months are not independent).

{metrics_table(trained)}

Paired differences:

{differences_table(trained)}

Choice (French, as recorded): {report.selection.reason}

The winner is chosen on the rows that these figures come from, so they flatter it slightly.

## Alert thresholds
{t.reason}

| threshold | contacts a month | precision | recall | net gain a month (EUR) |
|---|---|---|---|---|
{alerts}

The success rate of a contact is an assumption until an experiment measures it.

## Features
| column | shown as | mean absolute contribution (log-odds) |
|---|---|---|
{importances}

## Limits
- Learned on one company; another one needs its own training.
- Months of the same client overlap: the effective number of cancellations is smaller than the rows suggest.
- Only clients with an active contract are scored.
"""
