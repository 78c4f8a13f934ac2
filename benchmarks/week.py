"""Weekly plans against public solvers and against the documents' model, judged by the checker.

``python -m benchmarks.week --out DIR [--quick] [--seeds 1 2 3] [--instances GLOB]`` writes ``week.json`` and
``week.md``. Two questions are asked of everybody, with the same seconds:

* `objective`: the documents' objective (km, balance, lateness, zone, urgent wait) with the default weights;
  peers carry what their model can hold, which is all but balance (VROOM: kilometres alone);
* `km`: kilometres first. Peers minimise kilometres alone. Ours minimises kilometres with the other terms at
  a small part of their weights, so that they only decide between plans of nearly the same length.

Kilometres are only compared within one question, since every term can be bought with kilometres.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.week_documents import documents_plan
from benchmarks.week_instances import week
from benchmarks.week_peers import PEERS, lawful
from benchmarks.week_report import markdown
from optimisers import weekly
from optimisers.checker import check
from optimisers.model import Problem, Stop, TechnicianDay, Unassigned, Weights
from optimisers.routing.instance import NOWHERE
from optimisers.routing.search import search
from optimisers.weekly.bound import lower_bound
from optimisers.weekly.compile import compile_problem
from optimisers.weekly.days import write_days

QUESTIONS = ("objective", "km")
SMALL = 0.1  # part of their weight that terms other than kilometres keep in our `km` plans
ALL_MUST_BE_PLANNED = 150.0
BOUND_S = {"small": 30.0, "large": 60.0}


@dataclass(frozen=True, slots=True)
class Week:
    """One instance: its size, the seed it is drawn with, seconds for every solver."""

    name: str
    visits: int
    technicians: int
    drawn: int
    seconds: float
    weights: Weights

    def problem(self, weights: Weights | None = None) -> Problem:
        return week(self.visits, self.technicians, self.drawn, weights or self.weights)


EVERYTHING = Weights(unassigned_waiting=ALL_MUST_BE_PLANNED)
# Zone preferences are off in the large week: a matrix for each of 250 shifts would not fit PyVRP's memory.
LARGE = Weights(unassigned_waiting=ALL_MUST_BE_PLANNED, outside_zone=0.0)
WEEKS = (
    *(Week(f"week-090-{n}", 90, 5, n, 10.0, EVERYTHING) for n in (1, 2, 3)),
    *(Week(f"week-130-{n}", 130, 5, n, 10.0, EVERYTHING) for n in (1, 2, 3)),
    Week("week-1500-1", 1500, 50, 1, 60.0, LARGE),
)


@dataclass(slots=True)
class Row:
    """One plan, measured by the checker. `cost` is the objective with the default weights."""

    instance: str
    question: str
    solver: str
    seed: int
    seconds: float
    cost: float
    feasible: bool
    km: float
    balance: float
    lateness: float
    urgent_wait: float
    zone: float
    left_out: int
    repaired: int
    days: int
    days_over_8h: int
    violations: int
    lower_bound: float | None = None
    gap_pct: float | None = None


def km_weights(weights: Weights, rest: float) -> Weights:
    """Kilometres first: every other term at `rest` of its weight, leaving out as dear as before."""
    return replace(
        weights,
        balance_per_hour2=rest * weights.balance_per_hour2,
        lateness_per_day=rest * weights.lateness_per_day,
        urgent_wait_per_day=rest * weights.urgent_wait_per_day,
        outside_zone=rest * weights.outside_zone,
    )


def judged(
    entry: Week,
    question: str,
    solver: str,
    seed: int,
    seconds: float,
    plan: Sequence[TechnicianDay],
    repaired: int,
) -> Row:
    """The row of a plan: everything from the checker, on the default weights."""
    problem = entry.problem()
    planned = {stop.visit_id for day in plan for stop in day.visits}
    left = [Unassigned(v.visit_id, "", "non planifiée") for v in problem.visits if v.visit_id not in planned]
    report = check(problem, plan, left)
    costs = report.costs
    return Row(
        entry.name, question, solver, seed, round(seconds, 2), costs.total, report.lawful, report.km,
        costs.balance, costs.lateness, costs.urgent_wait, costs.zone, len(left), repaired, len(plan),
        sum(_worked(problem, day) > 480 for day in plan), len(report.violations),
    )  # fmt: skip


def _worked(problem: Problem, day: TechnicianDay) -> float:
    lunch = 0 if day.lunch_start_min is None else problem.rules.lunch_min
    return day.return_min - day.depart_min - lunch


def ours(entry: Week, question: str, seed: int) -> Row:
    """The weekly planner, as anybody would call it."""
    weights = entry.weights if question == "objective" else km_weights(entry.weights, SMALL)
    problem = entry.problem(weights)
    began = time.perf_counter()
    result = weekly.solve(problem, Stop(seconds=entry.seconds), seed)
    return judged(entry, question, "fieldhouse", seed, time.perf_counter() - began, result.plan, 0)


def peer(entry: Week, question: str, name: str, seed: int) -> Row:
    """A public solver for the same seconds, its plan timed exactly; visits that break rules are left out."""
    weights = entry.weights if question == "objective" else km_weights(entry.weights, 0.0)
    compiled = compile_problem(entry.problem(weights))
    began = time.perf_counter()
    found = PEERS[name](compiled.instance, entry.seconds, seed)
    took = time.perf_counter() - began
    orders = lawful(compiled.instance, found)
    plan = write_days(compiled, orders, [NOWHERE] * len(orders))
    repaired = sum(map(len, found)) - sum(map(len, orders))
    return judged(entry, question, name, seed, took, plan, repaired)


def documents(entry: Week) -> Row:
    """The documents' model, routed afterwards by best tours."""
    began = time.perf_counter()
    plan = documents_plan(entry.problem(), entry.seconds)
    return judged(entry, "documents", "documents", 1, time.perf_counter() - began, plan, 0)


def bound_of(entry: Week, best: float) -> tuple[float, str]:
    """A lower bound on the default objective, with time of its own."""
    seconds = BOUND_S["large" if entry.visits > 200 else "small"]
    return lower_bound(compile_problem(entry.problem()), best, seconds)


def warm_up() -> None:
    """Compile the kernels, so that no budget pays for it."""
    weekly.solve(week(8, 2, 1), Stop(max_iterations=50), 1)
    search(compile_problem(week(8, 2, 1)).instance, max_iterations=20)


def measure(entry: Week, seeds: Sequence[int], peers: Sequence[str]) -> list[Row]:
    """All rows of one week."""
    rows = [documents(entry)] if entry.visits <= 200 else []
    for question in QUESTIONS if entry.visits <= 200 else QUESTIONS[:1]:
        for seed in seeds:
            rows.append(ours(entry, question, seed))
            for name in peers:
                # VROOM takes no seed: once is enough.
                if name != "vroom" or seed == seeds[0]:
                    rows.append(peer(entry, question, name, seed))
    best = min(row.cost for row in rows if row.question == "objective" and row.feasible)
    value, method = bound_of(entry, best)
    print(f"{entry.name}: bound {value:.1f} ({method}), best {best:.1f}", flush=True)
    for row in rows:
        if row.question == "objective":
            row.lower_bound, row.gap_pct = value, 100 * (row.cost - value) / row.cost
    return rows


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="one week of each small size, one seed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--instances", default="*", help="glob on names, e.g. 'week-090-*'")
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    options = parser.parse_args()
    chosen = [entry for entry in WEEKS if fnmatch.fnmatch(entry.name, options.instances)]
    seeds = options.seeds
    if options.quick:
        chosen, seeds = [e for e in chosen if e.visits <= 200 and e.drawn == 1], seeds[:1]
    warm_up()
    rows: list[Row] = []
    options.out.mkdir(parents=True, exist_ok=True)
    for entry in chosen:
        rows += measure(entry, seeds, options.peers)
        document = {"small_part_of_other_terms": SMALL, "rows": [asdict(row) for row in rows]}
        (options.out / "week.json").write_text(json.dumps(document, indent=1, default=_plain) + "\n")
        (options.out / "week.md").write_text(markdown(document), encoding="utf-8")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value)} in the results")


if __name__ == "__main__":
    main()
