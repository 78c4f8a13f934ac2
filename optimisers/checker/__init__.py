"""An independent judge of plans, written from the rules alone: imports the model, nothing of the solvers."""

from optimisers.checker.check import Report, Violation, check
from optimisers.checker.scoring import score

__all__ = ["Report", "Violation", "check", "score"]
