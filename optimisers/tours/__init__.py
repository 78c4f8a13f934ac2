"""Day tours: one technician, one day, in the best lawful order."""

from optimisers.tours.solve import solve

__all__ = ["solve"]
