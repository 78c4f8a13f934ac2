"""An independent judge of plans, written from the rules alone.

It imports the model and the articles of the law, nothing of the solvers.
"""

from optimisers.checker.check import check
from optimisers.checker.report import Report, Violation
from optimisers.checker.scoring import score

__all__ = ["Report", "Violation", "check", "score"]
