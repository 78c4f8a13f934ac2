"""The searches of a re-planning and the plans they find, measured by the checker."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from optimisers.checker import check
from optimisers.model import PlannedVisit, Problem, Result, Stop, TechnicianDay
from optimisers.replanning.changes import Change, changes_of, shifts_of
from optimisers.replanning.curve import Point
from optimisers.replanning.held import Published, days_of
from optimisers.replanning.put_back import put_back
from optimisers.weekly.bound import lower_bound
from optimisers.weekly.budget import Budget
from optimisers.weekly.compile import Compiled, compile_problem
from optimisers.weekly.conflicts import conflicts_of, must_hold
from optimisers.weekly.couplings import Settled
from optimisers.weekly.improve import improved
from optimisers.weekly.reasons import reasons_of

Progress = Callable[[float, float], None]

# How often visits without room where they are published are let go before the base is what it is.
TRIES = 3
# Part of the seconds after which no further change is put back.
PUT_BACK_UNTIL = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """A plan that the checker passed. `changed` holds positions of visits, forced ones included."""

    settled: Settled
    point: Point
    changed: frozenset[int]


class Searches:
    """Searches for one problem within one budget. `interrupted` once somebody asked to stop."""

    def __init__(
        self,
        problem: Problem,
        stop: Stop,
        seed: int,
        progress: Progress | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.problem, self.stop, self.seed = problem, stop, seed
        self.forced: tuple[Change, ...] = ()
        self.interrupted = False
        self._progress, self._should_stop = progress, should_stop
        self._began = time.perf_counter()
        self._compiled = compile_problem(problem)
        self._published = Published.of(self._compiled)
        self._found: list[Found] = []
        self._spent = 0.0

    def find_base(self, share: float) -> None:
        """The plan that changes nothing it can keep; what it changes all the same is `forced`.

        A published visit for which there is no room where it is published is then free to go anywhere.
        """
        free: set[int] = set()
        start = published_days(self.problem)
        for attempt in range(TRIES):
            part = share if attempt == 0 else 0.0
            settled = self._search(self._published.holding(free), start, part)
            start = days_of(settled)
            dropped = [change for change in changes_of(self.problem, start) if change.dropped]
            held = {self.problem.visit_number[change.visit_id] for change in dropped}
            held &= set(self._published.number.tolist()) - free
            if not held or self._over():
                break
            free |= held
        self.forced = changes_of(self.problem, start)
        self._keep(settled, must=True)

    def find_priced(self, points: float, share: float) -> None:
        """The best plan when each change that is not forced costs so many points more."""
        if not self._over():
            start = self._found[-1].point.result.plan
            compiled = self._published.priced(points, self._forced_numbers())
            self._keep(self._search(compiled, start, share))

    def find_fewer(self, most: int, max_changes: int | None) -> None:
        """Plans for the numbers of changes between those found, by putting changes back.

        Starts from the plan with most changes, at most `most`, and from the first with more than allowed.
        """
        forced = self._forced_numbers()
        sizes = {len(found.changed - forced): found for found in self._found}
        starts = {max((size for size in sizes if size <= most), default=0)}
        starts |= {min((s for s in sizes if max_changes is not None and max_changes < s <= most), default=0)}
        for size in sorted(starts - {0}):
            found = sizes[size]
            steps = put_back(
                found.settled, self._published, found.changed - forced, forced, self.seed, self._late
            )
            for settled in steps:
                self._keep(settled)

    def find_better(self, point: Point, share: float) -> None:
        """A better plan with no other changes than those of the point."""
        if not self._over():
            free = {self.problem.visit_number[change.visit_id] for change in point.changed}
            compiled = self._published.holding(free | self._forced_numbers())
            self._keep(self._search(compiled, point.result.plan, share))

    def points(self, *, final: bool = False) -> list[Point]:
        """All plans found. With `final`, their results carry the bound, reasons and conflicts as well."""
        if not final:
            return [found.point for found in self._found]
        best = min(self._found, key=lambda found: found.point.objective).point
        budget = self._budget(1.0)
        bound, method = lower_bound(
            self._compiled,
            best.objective,
            budget.for_bound(),
            rounds=budget.bound_rounds(),
            plan=best.result.plan,
        )
        runtime = time.perf_counter() - self._began
        return [self._finished(found.point, bound, method, runtime) for found in self._found]

    def _finished(self, point: Point, bound: float, method: str, runtime: float) -> Point:
        result = point.result
        planned = {stop.visit_id for day in result.plan for stop in day.visits}
        missing = [n for n, v in enumerate(self.problem.visits) if must_hold(v) and v.visit_id not in planned]
        conflicts = result.conflicts
        if missing:
            conflicts += conflicts_of(self._compiled, missing, self.seed)
        met = result.objective - bound < 1e-6
        return replace(
            point,
            result=replace(
                result,
                status="infeasible" if conflicts else "optimal" if met else "feasible",
                lower_bound=min(bound, result.objective),
                bound_method=method,
                runtime_s=runtime,
                conflicts=conflicts,
                interrupted=self.interrupted,
            ),
        )

    def _keep(self, settled: Settled, *, must: bool = False) -> None:
        """Remember the plan if the checker passes it; the base is kept whatever it finds, and says so."""
        plan = days_of(settled)
        planned = {stop.visit_id for day in plan for stop in day.visits}
        left = [n for n, visit in enumerate(self.problem.visits) if visit.visit_id not in planned]
        unassigned = reasons_of(self._compiled, left)
        report = check(self.problem, plan, unassigned)
        # A pin that cannot hold is named as a conflict at the end; the plan is worth having all the same.
        faults = [v for v in report.violations if v.kind != "pin_left_out"]
        if faults and not must:
            return
        broken = tuple(f"{v.kind} {v.subject} : {v.detail}" for v in faults)
        objective = report.costs.total
        result = Result("feasible", objective, 0.0, "", 0.0, plan, unassigned, report.costs, broken)
        changed = changes_of(self.problem, plan)
        forced = {change.visit_id for change in self.forced}
        chosen = sum(change.visit_id not in forced for change in changed)
        point = Point(
            chosen,
            len(changed) - chosen,
            report.km,
            objective,
            changed,
            shifts_of(self.problem, plan),
            result,
        )
        numbers = frozenset(self.problem.visit_number[change.visit_id] for change in changed)
        self._found.append(Found(settled, point, numbers))

    def _forced_numbers(self) -> set[int]:
        return {self.problem.visit_number[change.visit_id] for change in self.forced}

    def _search(self, compiled: Compiled, start: Sequence[TechnicianDay], share: float) -> Settled:
        budget = self._budget(share)
        found = improved(compiled, budget, self.seed, start)
        self._spent += share
        self.interrupted = self.interrupted or budget.interrupted
        return found

    def _budget(self, share: float) -> Budget:
        """That part of the whole, at least one iteration."""
        whole = self.stop
        part = Stop(
            None if whole.max_iterations is None else max(1, round(share * whole.max_iterations)),
            None if whole.seconds is None else max(1e-3, share * whole.seconds),
        )
        return Budget(part, time.perf_counter(), self._shown(share), self._should_stop)

    def _shown(self, share: float) -> Progress | None:
        if self._progress is None:
            return None
        show, before = self._progress, self._spent
        return lambda part, points: show(min(1.0, before + share * part), points)

    def _late(self) -> bool:
        """Over, or what is left of the seconds belongs to the last search and the bound."""
        seconds = self.stop.seconds
        late = seconds is not None and time.perf_counter() - self._began > PUT_BACK_UNTIL * seconds
        return late or self._over()

    def _over(self) -> bool:
        if self._should_stop is not None and self._should_stop():
            self.interrupted = True
        return self.interrupted


def published_days(problem: Problem) -> tuple[TechnicianDay, ...]:
    """The published plan as days to begin a search from: visits and their order, without legs."""
    days: dict[tuple[int, object], list[PlannedVisit]] = {}
    for visit in problem.visits:
        for slot in () if visit.frozen else visit.published:
            end = slot.start_min + visit.duration_min
            stop = PlannedVisit(visit.visit_id, slot.start_min, slot.start_min, end, 0, 0)
            days.setdefault((slot.technician_id, slot.day), []).append(stop)
    return tuple(
        TechnicianDay(technician, day, 0, 0, None, tuple(sorted(stops, key=lambda s: s.start_min)), 0, 0)
        for (technician, day), stops in days.items()
    )
