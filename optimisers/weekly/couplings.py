"""Visits that hang together: crews that meet, and visits that follow others, settled by decomposition.

Moments are decided for one group of coupled visits after another; under them the engine plans every visit on
its own. A group is decided again around the plan at hand: it is taken out, candidate moments are tried by
best insertion, the best is kept (decomposition with fixed synchronisation times, as surveyed by Drexl,
"Synchronization in vehicle routing", 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from optimisers.model import Problem, TechnicianDay
from optimisers.routing.instance import Orders
from optimisers.routing.schedule import schedule
from optimisers.routing.search import search
from optimisers.weekly.compile import Compiled, decide
from optimisers.weekly.decisions import DAY_MIN, Decisions
from optimisers.weekly.facts import start_of
from optimisers.weekly.starts import lawful_starts

GRID_MIN = 60
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A plan under decisions."""

    compiled: Compiled
    orders: Orders

    @property
    def points(self) -> float:
        return self.orders.objective

    def holds(self, number: int) -> bool:
        """Whether every member of the visit's crew has it in the plan."""
        planned = {element for order in self.orders.orders for element in order}
        return planned.issuperset(self.compiled.elements[number])


def groups_of(problem: Problem) -> list[Group]:
    """Visits (positions) that must be decided together, predecessors first; frozen ones are facts."""
    number = problem.visit_number
    free = [n for n, visit in enumerate(problem.visits) if not visit.frozen]
    leader = {n: n for n in free}

    def root(n: int) -> int:
        while leader[n] != n:
            n = leader[n]
        return n

    coupled = {n for n in free if problem.visits[n].crew > 1}
    for n in free:
        for before in problem.visits[n].after:
            coupled.add(n)
            if number.get(before) in leader:
                coupled.add(number[before])
                leader[root(n)] = root(number[before])
    members: dict[int, list[int]] = {}
    for n in free:
        if n in coupled:
            members.setdefault(root(n), []).append(n)
    return [_predecessors_first(problem, group) for group in members.values()]


def _predecessors_first(problem: Problem, group: Sequence[int]) -> Group:
    ordered: list[int] = []
    waiting = list(group)
    while waiting:
        ready = [
            n
            for n in waiting
            if all(problem.visit_number.get(before) not in waiting for before in problem.visits[n].after)
        ]
        # A circle cannot be planned; its visits keep their order and end up left out.
        taken = ready or waiting
        ordered += taken
        waiting = [n for n in waiting if n not in taken]
    return tuple(ordered)


def without(decisions: Decisions, group: Group) -> Decisions:
    """The decisions with the whole group left out."""
    return Decisions(
        {n: moment for n, moment in decisions.meetings.items() if n not in group},
        {n: span for n, span in decisions.spans.items() if n not in group},
        decisions.left_out | set(group),
    )


def settle(settled: Settled, group: Group, seed: int, over: Callable[[], bool] = lambda: False) -> Settled:
    """Decide a group anew around a plan: the cheapest moments found, or the whole group left out.

    `over` ends the trials with the best so far.
    """
    bare = without(settled.compiled.decisions, group)
    compiled = decide(settled.compiled, bare)
    taken = {element for n in group for element in compiled.elements[n]}
    kept = [tuple(e for e in order if e not in taken) for order in settled.orders.orders]
    best = Settled(compiled, once(compiled, seed, kept))
    for found in _completions(best, group, 0, seed):
        if found.points < best.points:
            best = found
        if over():
            break
    return best


def once(compiled: Compiled, seed: int, start: Sequence[Sequence[int]]) -> Orders:
    """Best insertion of what `start` lacks; KeyboardInterrupt is raised, the engine alone keeps it."""
    orders = search(compiled.instance, max_iterations=1, seed=seed, start=start)
    if orders.iterations == 0:
        raise KeyboardInterrupt
    return orders


def _completions(settled: Settled, group: Group, position: int, seed: int) -> Iterator[Settled]:
    """Plans with the visits from `position` on decided: every candidate of the first, one of the others."""
    if position == len(group):
        yield settled
        return
    number, placed = group[position], False
    if _predecessors_planned(settled.compiled, number):
        for candidate in _candidates(settled.compiled, number, _followed(settled.compiled.problem, number)):
            compiled = decide(settled.compiled, candidate)
            orders = once(compiled, seed, settled.orders.orders)
            tried = Settled(compiled, orders)
            if tried.holds(number):
                placed = True
                yield from _completions(tried, group, position + 1, seed)
                if position > 0:
                    return
    if not placed:
        yield from _completions(settled, group, position + 1, seed)


def _followed(problem: Problem, number: int) -> bool:
    visit_id = problem.visits[number].visit_id
    return any(visit_id in visit.after for visit in problem.visits)


def _predecessors_planned(compiled: Compiled, number: int) -> bool:
    problem = compiled.problem
    before = [problem.visit_number.get(visit_id) for visit_id in problem.visits[number].after]
    return not any(n in compiled.decisions.left_out for n in before)


def _candidates(compiled: Compiled, number: int, followed: bool) -> Iterator[Decisions]:
    """Decisions that let the visit in: meetings of a crew, or ends that leave room for its followers."""
    decisions, problem = compiled.decisions, compiled.problem
    freed = replace(decisions, left_out=decisions.left_out - {number})
    visit = problem.visits[number]
    first = _first_moment(problem, decisions, number)
    horizon = len(problem.days) * DAY_MIN
    if visit.crew > 1:
        for day in range(len(problem.days)):
            for start in _meeting_times(problem, number, day):
                if day * DAY_MIN + start >= first:
                    yield replace(freed, meetings={**decisions.meetings, number: (day, start)})
        return
    noon = (problem.rules.lunch_from_min + problem.rules.lunch_until_min) // 2
    halves = [d * DAY_MIN + minute for d in range(len(problem.days)) for minute in (noon, DAY_MIN)]
    ends = halves if followed else [horizon]
    for end in ends:
        if end >= first + visit.duration_min:
            yield replace(freed, spans={**decisions.spans, number: (first, end)})


def _meeting_times(problem: Problem, number: int, day: int) -> list[int]:
    """Beginnings worth trying: when a window opens or closes, and full hours in between."""
    times: set[int] = set()
    for opening, closing in lawful_starts(problem, problem.visits[number], day):
        low = max(int(opening), problem.rules.day_start_min)
        high = min(int(closing), problem.rules.day_end_min)
        if low <= high:
            times |= {low, high, *range(-(-low // GRID_MIN) * GRID_MIN, high + 1, GRID_MIN)}
    return sorted(times)


def _first_moment(problem: Problem, decisions: Decisions, number: int) -> int:
    """When all that must come before has ended, minutes since midnight of the first day."""
    moment = 0
    for visit_id in problem.visits[number].after:
        n = problem.visit_number.get(visit_id)
        if n is None:
            continue
        before = problem.visits[n]
        if before.frozen and before.pin is not None and before.pin.day in problem.days:
            end = problem.days.index(before.pin.day) * DAY_MIN + start_of(before) + before.duration_min
        elif n in decisions.meetings:
            day, start = decisions.meetings[n]
            end = day * DAY_MIN + start + before.duration_min
        elif n in decisions.spans:
            end = decisions.spans[n][1]
        else:
            end = 0
        moment = max(moment, end)
    return moment


def loosened(settled: Settled) -> Settled:
    """Cuts moved to the middle of the time that the plan leaves between a visit and its followers."""
    compiled, decisions = settled.compiled, settled.compiled.decisions
    problem = compiled.problem
    begins, ends = _moments(settled)
    spans = {}
    for n in decisions.spans:
        followers = [f for f in begins if problem.visits[n].visit_id in problem.visits[f].after]
        cuts = [
            begins[f] if f in decisions.meetings else (ends[n] + begins[f]) // 2
            for f in followers
            if n in ends
        ]
        spans[n] = (0, min(cuts, default=len(problem.days) * DAY_MIN if n in ends else decisions.spans[n][1]))
    loose = replace(decisions, spans=spans)
    firsts = {n: _first_moment(problem, loose, n) for n in spans}
    loose = replace(decisions, spans={n: (firsts[n], spans[n][1]) for n in spans})
    return Settled(decide(compiled, loose), settled.orders)


def _moments(settled: Settled) -> tuple[dict[int, int], dict[int, int]]:
    """Beginning and end of each coupled visit in the plan, minutes since midnight of the first day."""
    compiled, decisions = settled.compiled, settled.compiled.decisions
    coupled = {*decisions.spans, *decisions.meetings}
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    for shift, (order, via) in enumerate(zip(settled.orders.orders, settled.orders.via_depot, strict=True)):
        if not any(int(compiled.visit_of[e]) in coupled for e in order):
            continue
        timing = schedule(compiled.instance, shift, order, via)
        assert timing is not None
        for element, start in zip(order, timing.starts, strict=True):
            n = int(compiled.visit_of[element])
            if n in coupled:
                begins[n] = compiled.shifts[shift].day * DAY_MIN + round(start)
                ends[n] = begins[n] + compiled.problem.visits[n].duration_min
    return begins, ends


def taken_from(problem: Problem, plan: Sequence[TechnicianDay], groups: Sequence[Group]) -> Decisions:
    """The couplings that an earlier plan keeps: what it does not plan is left out, and groups that it breaks.

    Predecessors stay where only what follows them is not planned.
    """
    slots: dict[int, list[tuple[int, int, int]]] = {}
    for day in plan:
        if day.day not in problem.days:
            continue
        for stop in day.visits:
            n = problem.visit_number.get(stop.visit_id, -1)
            slots.setdefault(n, []).append((problem.days.index(day.day), stop.start_min, stop.end_min))
    decisions = Decisions()
    for group in groups:
        kept = decisions
        for n in group:
            found = slots.get(n, [])
            if not found:
                kept = without(kept, (n,))
                continue
            alone = any(problem.visit_number.get(v) in kept.left_out for v in problem.visits[n].after)
            if alone or len(found) != problem.visits[n].crew or len(set(found)) != 1:
                kept = without(decisions, group)
                break
            day, start, end = found[0]
            if day * DAY_MIN + start < _first_moment(problem, kept, n):
                kept = without(decisions, group)
                break
            if len(found) > 1:
                kept = replace(kept, meetings={**kept.meetings, n: (day, start)})
            else:
                span = (_first_moment(problem, kept, n), day * DAY_MIN + end)
                kept = replace(kept, spans={**kept.spans, n: span})
        decisions = kept
    return decisions
