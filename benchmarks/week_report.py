"""The table of `week.md`, from the rows of `week.json` alone."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

Row = dict[str, Any]
TERMS = ("km", "balance", "lateness", "urgent_wait", "zone", "cost")
OWN = "fieldhouse"


def markdown(document: dict[str, Any]) -> str:
    """Summary by size and question, then ours against the best peer, paired by week and seed."""
    rows: list[Row] = document["rows"]
    parts = ["## Weekly plans\n"]
    parts.append(
        "Judged by the checker on the default weights. `objective`: the documents' objective, as far as each "
        "solver can hold it. `km`: kilometres first; ours keeps the other terms at "
        f"{100 * document['small_part_of_other_terms']:.0f} % of their weights to decide between plans of "
        "nearly the same length. `documents`: the requirements' model, then the best tour of each day.\n"
    )
    for size in sorted({_size(row) for row in rows}):
        own = [row for row in rows if _size(row) == size]
        parts.append(f"### {size} visits\n")
        parts.append(_summary(own))
        for question in ("objective", "km"):
            line = _against_best(own, question)
            if line:
                parts.append(line)
    return "\n".join(parts) + "\n"


def _size(row: Row) -> int:
    return int(row["instance"].split("-")[1])


def _mean(values: Iterable[float]) -> float:
    return statistics.fmean(list(values) or [float("nan")])


def _summary(rows: Sequence[Row]) -> str:
    head = (
        "| question | solver | plans | " + " | ".join(TERMS) + " | left out | repaired | days over 8 h | "
        "plans with violations | gap to bound |\n|" + "---|" * (len(TERMS) + 8)
    )
    lines = [head]
    for question, solver in dict.fromkeys((row["question"], row["solver"]) for row in rows):
        own = [row for row in rows if (row["question"], row["solver"]) == (question, solver)]
        terms = " | ".join(f"{_mean(row[term] for row in own):.1f}" for term in TERMS)
        over = f"{sum(r['days_over_8h'] for r in own)} of {sum(r['days'] for r in own)}"
        gaps = [row["gap_pct"] for row in own if row["gap_pct"] is not None]
        gap = f"{_mean(gaps):.1f} %" if gaps else ""
        lines.append(
            f"| {question} | {solver} | {len(own)} | {terms} | {_mean(r['left_out'] for r in own):.1f} | "
            f"{_mean(r['repaired'] for r in own):.1f} | {over} | "
            f"{sum(r['violations'] > 0 for r in own)} | {gap} |"
        )
    return "\n".join(lines) + "\n"


def _against_best(rows: Sequence[Row], question: str) -> str:
    """Ours minus the best peer of each week (its mean over seeds; plans that leave nothing more out)."""
    asked = [row for row in rows if row["question"] == question]
    measure = "cost" if question == "objective" else "km"
    lines = []
    for instance in dict.fromkeys(row["instance"] for row in asked):
        own = [r for r in asked if r["instance"] == instance and r["solver"] == OWN]
        if not own:
            continue
        most_out = max(r["left_out"] for r in own)
        found = {}
        for solver in {r["solver"] for r in asked} - {OWN}:
            theirs = [r for r in asked if r["instance"] == instance and r["solver"] == solver]
            if theirs and all(r["left_out"] <= most_out and r["feasible"] for r in theirs):
                found[solver] = theirs
        if not found:
            lines.append(f"- {instance}: no peer planned as many visits in every run.")
            continue
        best = min(found, key=lambda solver: _mean(r[measure] for r in found[solver]))
        differences = "; ".join(
            f"{term} {_mean(r[term] for r in own):.1f} against {_mean(r[term] for r in found[best]):.1f}"
            for term in dict.fromkeys((measure, "km", "balance", "lateness"))
        )
        ratio = _mean(r[measure] for r in own) / _mean(r[measure] for r in found[best]) - 1
        lines.append(f"- {instance}, best peer {best}: {measure} {100 * ratio:+.1f} % ({differences}).")
    return f"\nOurs against the best peer, `{question}`:\n\n" + "\n".join(lines) + "\n" if lines else ""
