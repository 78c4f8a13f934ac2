"""Events that cannot have happened to this plan: every fault with value, expectation and remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from optimisers.model import MIDNIGHT_MIN, Fault, Moment, Problem, TechnicianDay
from optimisers.model.validation import faults_of_visit
from optimisers.replanning.events import Cancelled, Event, Illness, Made, Missed, Overrun, UrgentVisit
from optimisers.replanning.under_way import Fact


def event_faults(
    problem: Problem,
    plan: Sequence[TechnicianDay],
    events: Sequence[Event],
    now: Moment,
    facts: Mapping[int, Fact],
) -> list[Fault]:
    """All faults of the moment, of the published plan and of the events."""
    found = [*_moment(problem, now), *_plan(problem, plan)]
    for event in events:
        found += _event(problem, plan, event, now, facts)
    found += _repeated(events)
    gone = {event.visit_id for event in events if isinstance(event, Cancelled)}
    for visit in problem.visits:
        if visit.visit_id not in gone and visit.after & gone:
            before = ", ".join(str(number) for number in sorted(visit.after & gone))
            subject = f"visit {before} cancelled"
            remedy = f"cancel visit {visit.visit_id} as well, or free it from what comes before it"
            shown = f"visit {visit.visit_id} comes after it"
            found.append(Fault(subject, shown, "no visit that waits for it", remedy))
    return found


def _moment(problem: Problem, now: Moment) -> Iterator[Fault]:
    if now.day not in problem.days:
        shown = f"{problem.days[0]} to {problem.days[-1]}"
        yield Fault("now", str(now.day), f"a day of the problem ({shown})", "give a day of the plan")
    if not 0 <= now.minute <= MIDNIGHT_MIN:
        yield Fault("now", f"minute {now.minute}", "0 to 1440", "give minutes after midnight")


def _plan(problem: Problem, plan: Sequence[TechnicianDay]) -> Iterator[Fault]:
    for day in plan:
        subject = f"published plan, technician {day.technician_id} on {day.day}"
        if day.technician_id not in problem.technician_number:
            yield Fault(
                subject, "unknown technician", "a technician of the problem", "add him to the problem"
            )
        if day.day not in problem.days:
            yield Fault(subject, "outside the horizon", "a day of the problem", "give the plan's own problem")
        for stop in day.visits:
            if stop.visit_id not in problem.visit_number:
                remedy = "give the problem that the plan was made for"
                yield Fault(subject, f"visit {stop.visit_id}", "a visit of the problem", remedy)


def _event(
    problem: Problem,
    plan: Sequence[TechnicianDay],
    event: Event,
    now: Moment,
    facts: Mapping[int, Fact],
) -> Iterator[Fault]:
    if isinstance(event, Illness):
        yield from _illness(problem, event, now)
        return
    if isinstance(event, UrgentVisit):
        known = {technician.technician_id for technician in problem.technicians}
        if event.visit.visit_id in problem.visit_number:
            remedy = "give the call a number of its own, or drop it: it is planned already"
            yield Fault(f"urgent visit {event.visit.visit_id}", "in the problem", "a new id", remedy)
        yield from faults_of_visit(event.visit, known)
        return
    subject = f"{_NAMES[type(event)]} {event.visit_id}"
    if event.visit_id not in problem.visit_number:
        yield Fault(subject, "unknown", "a visit of the problem", "correct the visit's number")
        return
    if isinstance(event, Cancelled) and event.visit_id in facts:
        first = facts[event.visit_id].slots[0]
        shown = f"begun, or its technician on the way, on {first.day} ({first.start_min} min)"
        yield Fault(subject, shown, "a visit that has not begun", "correct the number or the moment")
    if isinstance(event, Overrun) and event.extra_min <= 0:
        yield Fault(subject, f"{event.extra_min} min longer", "more than 0", "give the extra minutes")
    if isinstance(event, Made):
        yield from _made(problem, event, now, subject)
    if isinstance(event, Missed) and all(s.visit_id != event.visit_id for d in plan for s in d.visits):
        yield Fault(subject, "not in the published plan", "a visit of the plan", "drop the event")


def _illness(problem: Problem, event: Illness, now: Moment) -> Iterator[Fault]:
    subject = f"illness of technician {event.technician_id}"
    if event.technician_id not in problem.technician_number:
        yield Fault(subject, "unknown", "a technician of the problem", "correct the technician's number")
    if event.from_min is not None and not 0 <= event.from_min < MIDNIGHT_MIN:
        yield Fault(subject, f"from minute {event.from_min}", "0 to 1439", "give minutes after midnight")
    if event.last_day is not None and event.last_day < now.day:
        yield Fault(subject, f"until {event.last_day}", f"{now.day} or later", "correct the last day")


def _made(problem: Problem, event: Made, now: Moment, subject: str) -> Iterator[Fault]:
    if not event.technicians:
        yield Fault(subject, "made by nobody", "at least one technician", "say who made it")
    for technician in event.technicians:
        if technician not in problem.technician_number:
            shown = f"made by technician {technician}"
            yield Fault(subject, shown, "a technician of the problem", "correct the technician's number")
    if (event.day, event.start_min) > (now.day, now.minute) or event.day not in problem.days:
        shown = f"begun on {event.day} at minute {event.start_min}"
        yield Fault(subject, shown, "a moment of the horizon before now", "correct the fact or the moment")
    if event.end_min is not None and event.end_min <= event.start_min:
        shown = f"{event.start_min}–{event.end_min} min"
        yield Fault(subject, shown, "an end after the beginning", "correct the end")


def _repeated(events: Sequence[Event]) -> Iterator[Fault]:
    named = Counter(
        f"{_NAMES[type(e)]} {e.visit.visit_id if isinstance(e, UrgentVisit) else e.visit_id}"
        for e in events
        if not isinstance(e, Illness | Overrun)
    )
    named.update(f"illness of technician {e.technician_id}" for e in events if isinstance(e, Illness))
    for subject, count in named.items():
        if count > 1:
            yield Fault(subject, f"given {count} times", "once", "drop the repetitions")


_NAMES: dict[type, str] = {
    Cancelled: "cancelled visit",
    Overrun: "overrun of visit",
    Made: "visit made",
    Missed: "visit missed",
    UrgentVisit: "urgent visit",
}
