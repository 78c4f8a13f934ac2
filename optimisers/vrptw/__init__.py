"""Vehicle routing with capacity and time windows, distance only: a specialised solver."""

from optimisers.vrptw.problem import Routes, Vrptw
from optimisers.vrptw.solve import solve, warm_up

__all__ = ["Routes", "Vrptw", "solve", "warm_up"]
