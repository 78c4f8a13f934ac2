"""Which candidate wins, and the sentence that says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ml.candidates import BASE_RATE, BY_NAME, PLAIN_LOGISTIC
from ml.intervals import Estimate

DECIDING_METRIC = "log_loss"
NEGLIGIBLE_SHARE = (
    0.0005  # a simpler model is taken when it loses less than 0.05 % of the log-loss, within noise
)
FEW_POSITIVES = 100  # below, differences within noise say nothing: the simplest of them is taken


@dataclass(frozen=True)
class Selection:
    """The winner and the reason, in French, as a person would check it in the table."""

    winner: str
    reason: str


def shown(e: Estimate) -> str:
    """A difference with its interval, French decimals."""
    return f"{e.value:+.4f} [{e.low:+.4f} ; {e.high:+.4f}]".replace(".", ",")


def choose(
    metrics: Mapping[str, Mapping[str, Estimate]],
    differences: Mapping[tuple[str, str], Mapping[str, Estimate]],
    positives: int,
) -> Selection:
    """Least log-loss wins; a simpler one is preferred when it loses noise, too little to know.

    Args:
        metrics: candidate → metric → estimate, out of sample.
        differences: (candidate, reference) → metric → candidate minus reference, for every pair needed.
        positives: rows tested of the rarer class.
    """
    eligible = [c for c in metrics if BY_NAME[c].eligible]
    best = min(eligible, key=lambda c: metrics[c][DECIDING_METRIC].value)
    winner, reason = best, f"« {BY_NAME[best].label} » a la plus petite perte logarithmique hors échantillon"
    tolerated = NEGLIGIBLE_SHARE * metrics[best][DECIDING_METRIC].value
    for c in sorted(eligible, key=lambda c: BY_NAME[c].complexity):
        if BY_NAME[c].complexity >= BY_NAME[best].complexity:
            break
        gap = differences[c, best][DECIDING_METRIC]
        if not gap.excludes_zero() and (gap.value <= tolerated or positives < FEW_POSITIVES):
            winner = c
            reason = (
                f"« {BY_NAME[c].label} » est plus simple que « {BY_NAME[best].label} » et ne perd que "
                f"{shown(gap)} de perte logarithmique, dans le bruit ({positives} cas positifs)"
            )
            break
    for reference in (PLAIN_LOGISTIC, BASE_RATE):
        if reference != winner and (winner, reference) in differences:
            gap = differences[winner, reference][DECIDING_METRIC]
            verdict = (
                ("mieux" if gap.value < 0 else "moins bien") if gap.excludes_zero() else "pas distinguable"
            )
            reason += f" ; face à « {BY_NAME[reference].label} » : {shown(gap)}, {verdict}"
    return Selection(winner, reason + ".")
