"""Why a visit is left out, and the smallest change found that would place it, proved by the checker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from optimisers.checker import check
from optimisers.model import WAITS, Appointment, Problem, Technician, TechnicianDay, Unassigned, Visit
from optimisers.search.compiled import CompiledProblem, Shift, may_do
from optimisers.search.draft import Draft
from optimisers.search.timing import best_timing
from optimisers.search.write_day import write_day
from optimisers.wording import clock_label, day_label

MAX_EXTRA_MIN = 120


def explain(draft: Draft) -> tuple[Unassigned, ...]:
    """One explanation for each visit that the draft leaves out, in the order of the problem."""
    plan = draft.days()
    return tuple(_explain(draft, visit, plan) for visit in draft.unplanned())


def _explain(draft: Draft, number: int, plan: tuple[TechnicianDay, ...]) -> Unassigned:
    problem = draft.compiled.problem
    visit = problem.visits[number]
    if problem.can_wait(visit):
        return Unassigned(visit.visit_id, WAITS, f"peut attendre : échéance le {visit.due:%d/%m/%Y}")
    code, reason = _reason(draft.compiled, number)
    for relaxed, text in _relaxations(problem, visit, code):
        remedy = _try(draft, number, relaxed, plan, text)
        if remedy:
            return Unassigned(visit.visit_id, code, reason, remedy, proved=True)
    return Unassigned(visit.visit_id, code, reason)


def _reason(compiled: CompiledProblem, number: int) -> tuple[str, str]:
    problem, visit = compiled.problem, compiled.problem.visits[number]
    able = [t for t in problem.technicians if visit.skill is None or visit.skill in t.skills]
    if visit.technician_id is not None:
        able = [t for t in able if t.technician_id == visit.technician_id]
    if not able:
        return "competence", f"aucun technicien disponible pour elle n’a la compétence « {visit.skill} »"
    promise = visit.appointment
    if promise is not None and promise.day not in problem.days:
        return (
            "rendez_vous",
            f"rendez-vous promis le {day_label(promise.day)}, qui n’est pas un jour travaillé",
        )
    if not any(may_do(t, visit, day) for t in able for day in problem.days):
        names = ", ".join(t.name for t in able)
        when = f"le {day_label(promise.day)}" if promise is not None else "toute la période"
        return "absence", f"seul(s) technicien(s) possible(s) absent(s) {when} : {names}"
    if compiled.latest[number] < 0:
        hours = f"{clock_label(visit.open_from_min)}–{clock_label(visit.open_until_min)}"
        return "fenetre", f"{visit.duration_min} min ne tiennent pas dans l’ouverture {hours}"
    alone = any(
        may_do(problem.technicians[s.technician], visit, problem.days[s.day])
        and best_timing(compiled, s, [number])
        for s in compiled.shifts
    )
    if not alone:
        return "journee", "trajet, fenêtre et pause ne tiennent pas dans une journée de travail, même vide"
    if promise is not None:
        return (
            "rendez_vous",
            f"aucun technicien compétent n’est libre à l’heure promise le {day_label(promise.day)}",
        )
    return "capacite", "plus de place dans la semaine des techniciens compétents"


def _relaxations(problem: Problem, visit: Visit, code: str) -> Iterator[tuple[Problem, str]]:
    """Relaxed problems to try, most acceptable first. `{day}`, `{name}`, `{extra}` come from the outcome."""
    if code == "competence" and visit.skill is not None:
        yield (
            _with_visit(problem, replace(visit, skill=None)),
            f"compétence « {visit.skill} » pour {{name}} ({{day}})",
        )
        return
    if code == "fenetre":
        until = visit.open_from_min + visit.duration_min
        wider = replace(visit, open_until_min=min(until, 1440))
        yield _with_visit(problem, wider), f"ouverture jusqu’à {clock_label(until)} ({{name}}, {{day}})"
    if visit.appointment is not None:
        promise = visit.appointment
        if promise.day in problem.days:
            longer = Appointment(promise.day, max(0, promise.start_min - 60), min(1440, promise.end_min + 60))
            shown = f"{clock_label(longer.start_min)}–{clock_label(longer.end_min)}"
            yield (
                _with_visit(problem, replace(visit, appointment=longer)),
                f"rendez-vous élargi à {shown} ({{name}})",
            )
        yield _with_visit(problem, replace(visit, appointment=None)), "rendez-vous déplacé au {day} ({name})"
    if code in ("capacite", "journee", "rendez_vous"):
        longer_days = tuple(
            replace(t, hours_per_day=t.hours_per_day + MAX_EXTRA_MIN / 60) for t in problem.technicians
        )
        yield replace(problem, technicians=longer_days), "{name} : +{extra} min {day}"
    if code == "absence":
        back = tuple(replace(t, absent_on=frozenset()) for t in problem.technicians)
        yield replace(problem, technicians=back), "présence de {name} {day}"


def _with_visit(problem: Problem, changed: Visit) -> Problem:
    visits = tuple(changed if v.visit_id == changed.visit_id else v for v in problem.visits)
    return replace(problem, visits=visits)


def _try(
    draft: Draft, number: int, relaxed: Problem, plan: tuple[TechnicianDay, ...], text: str
) -> str | None:
    """Insert the visit under the relaxed problem; the sentence if the checker accepts the result."""
    compiled = CompiledProblem(relaxed)
    kept = {
        (s.technician, s.day): order for s, order in zip(draft.compiled.shifts, draft.orders, strict=True)
    }
    best: tuple[int, int, Shift, tuple[int, ...]] | None = None
    for shift in compiled.shifts:
        technician = relaxed.technicians[shift.technician]
        if compiled.latest[number] < 0 or not may_do(
            technician, relaxed.visits[number], relaxed.days[shift.day]
        ):
            continue
        order = kept.get((shift.technician, shift.day), ())
        for position in range(len(order) + 1):
            candidate = (*order[:position], number, *order[position:])
            timing = best_timing(compiled, shift, candidate)
            if timing is None:
                continue
            contract = draft.compiled.problem.technicians[shift.technician].hours_per_day * 60
            extra = max(0, timing.work_min - int(contract))
            if best is None or (extra, timing.work_min) < best[:2]:
                best = (extra, timing.work_min, shift, candidate)
    if best is None:
        return None
    extra, _, shift, candidate = best
    technician = relaxed.technicians[shift.technician]
    timing = best_timing(compiled, shift, candidate)
    assert timing is not None
    changed = write_day(compiled, shift, candidate, timing)
    others = [d for d in plan if (d.technician_id, d.day) != (changed.technician_id, changed.day)]
    left = [
        Unassigned(relaxed.visits[v].visit_id, "", "non concernée") for v in draft.unplanned() if v != number
    ]
    smallest = _smallest(relaxed, technician, extra, draft.compiled.problem)
    if not check(smallest, [*others, changed], left).lawful:
        return None
    return text.format(name=technician.name, day=day_label(relaxed.days[shift.day]), extra=extra)


def _smallest(relaxed: Problem, technician: Technician, extra: int, original: Problem) -> Problem:
    """The relaxed problem with the contract hours back for all but the technician who works longer."""
    hours = {t.technician_id: t.hours_per_day for t in original.technicians}
    hours[technician.technician_id] += extra / 60
    back = tuple(replace(t, hours_per_day=hours[t.technician_id]) for t in relaxed.technicians)
    return replace(relaxed, technicians=back)
