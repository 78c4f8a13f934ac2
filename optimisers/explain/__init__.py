"""Why the plan is as it is: remedies of visits left out, alternatives, an audit, scenarios side by side."""

from optimisers.explain.alternatives import Alternative, alternatives
from optimisers.explain.audit import Fitting, insertion_audit
from optimisers.explain.remedies import with_remedies
from optimisers.explain.scenarios import Comparison, Scenario, compare

__all__ = [
    "Alternative",
    "Comparison",
    "Fitting",
    "Scenario",
    "alternatives",
    "compare",
    "insertion_audit",
    "with_remedies",
]
