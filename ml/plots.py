"""Pictures of a trained model as PNG bytes: ROC, precision-recall, calibration, importance, gain."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pandas as pd

from ml.candidates import BY_NAME
from ml.metrics import ECE_BINS
from ml.phrases import label
from ml.recipes.binary import BinaryReport
from ml.thresholds import ThresholdChoice

N_IMPORTANCES = 15


def _png(draw: Callable[[object], None]) -> bytes:
    # the object interface needs no display and leaves no global figure behind
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.8), layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure.add_subplot())
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def roc_png(report: BinaryReport, shown: list[str]) -> bytes:
    """ROC curves of some candidates, out of sample."""
    from sklearn.metrics import roc_curve

    def draw(axes) -> None:
        for name in shown:
            fpr, tpr, _ = roc_curve(report.truth, report.out_of_sample[name][0])
            e = report.metrics[name]["roc_auc"]
            axes.plot(fpr, tpr, label=f"{BY_NAME[name].label} : {e.value:.3f} [{e.low:.3f} ; {e.high:.3f}]")
        axes.plot([0, 1], [0, 1], ":", color="grey")
        axes.set(
            xlabel="Taux de faux positifs",
            ylabel="Taux de vrais positifs",
            title="Courbe ROC (hors échantillon)",
        )
        axes.legend(fontsize=8)

    return _png(draw)


def precision_recall_png(report: BinaryReport, shown: list[str]) -> bytes:
    """Precision-recall curves of some candidates, with the base rate."""
    from sklearn.metrics import precision_recall_curve

    def draw(axes) -> None:
        for name in shown:
            precision, recall, _ = precision_recall_curve(report.truth, report.out_of_sample[name][0])
            axes.plot(
                recall, precision, label=f"{BY_NAME[name].label} : {report.metrics[name]['pr_auc'].value:.3f}"
            )
        axes.axhline(report.truth.mean(), ls=":", color="grey")
        axes.set(xlabel="Rappel", ylabel="Précision", title="Précision et rappel (hors échantillon)")
        axes.legend(fontsize=8)

    return _png(draw)


def reliability(truth: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    """Predicted and observed rates by tenth of rows: rows, predicted, observed, low, high (Wilson 95 %)."""
    edges = np.unique(np.quantile(p, np.linspace(0, 1, ECE_BINS + 1)))
    member = np.clip(np.searchsorted(edges, p, side="right") - 1, 0, max(len(edges) - 2, 0))
    rows = []
    for b in np.unique(member):
        inside = member == b
        n, k, z = int(inside.sum()), int(truth[inside].sum()), 1.96
        centre = (k + z * z / 2) / (n + z * z)
        half = z * np.sqrt(k * (n - k) / n + z * z / 4) / (n + z * z)
        rows.append((n, float(p[inside].mean()), k / n, max(0.0, centre - half), min(1.0, centre + half)))
    return pd.DataFrame(rows, columns=["rows", "predicted", "observed", "low", "high"])


def calibration_png(report: BinaryReport, name: str) -> bytes:
    """Predicted against observed rates with their intervals."""
    table = reliability(report.truth, report.out_of_sample[name][0])

    def draw(axes) -> None:
        top = max(table["high"].max(), table["predicted"].max()) * 1.05
        errors = [table["observed"] - table["low"], table["high"] - table["observed"]]
        axes.errorbar(table["predicted"], table["observed"], yerr=np.clip(errors, 0, None), fmt="o-")
        axes.plot([0, top], [0, top], ":", color="grey")
        ece = report.metrics[name]["ece"].value
        axes.set(
            xlabel="Probabilité prédite", ylabel="Fréquence observée", title=f"Calibration (ECE {ece:.3f})"
        )

    return _png(draw)


def importance_png(importances: pd.Series) -> bytes:
    """Mean absolute contribution of the first features."""
    shown = importances.head(N_IMPORTANCES)[::-1]

    def draw(axes) -> None:
        axes.barh([label(str(c)) for c in shown.index], shown.to_numpy())
        axes.set(xlabel="Contribution moyenne absolue (log-odds)", title="Importance des variables")

    return _png(draw)


def gain_png(choice: ThresholdChoice) -> bytes:
    """Gain per month by threshold on rows not seen, with the chosen and the documented threshold."""

    def draw(axes) -> None:
        axes.plot(choice.curve["threshold"], choice.curve["gain_eur_per_period"])
        axes.axvline(choice.threshold, color="green", label=f"retenu : {choice.threshold:.2f}")
        axes.axvline(
            choice.at_documented["threshold"], ls=":", color="red", label="cahier des charges : 0,60"
        )
        axes.set(xlabel="Seuil d'alerte", ylabel="Gain net (€ par mois)", title="Ce que rapporte le seuil")
        axes.legend()

    return _png(draw)
