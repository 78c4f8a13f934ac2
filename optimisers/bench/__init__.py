"""The planners on other people's instances: one module a family, one runner for all."""

from optimisers.bench.runner import FAMILIES, Solved, run_planner_bench

__all__ = ["FAMILIES", "Solved", "run_planner_bench"]
