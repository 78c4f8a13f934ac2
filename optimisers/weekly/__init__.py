"""Weekly plans: who does what on which day, and in which order."""

from optimisers.weekly.solve import solve

__all__ = ["solve"]
