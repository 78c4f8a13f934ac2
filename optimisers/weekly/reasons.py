"""Why a visit is not in the plan: a stable code and a French sentence, found in the order of the obvious."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import numpy as np

from optimisers.model import WAITS, Problem, Technician, Unassigned, Visit
from optimisers.routing.search import search
from optimisers.weekly.compile import HOLD, Compiled
from optimisers.weekly.eligibility import holds
from optimisers.weekly.shifts import presence
from optimisers.weekly.starts import lawful_starts
from optimisers.weekly.subset import subset
from optimisers.wording import clock_label, day_label

Reason = tuple[str, str]


def reasons_of(compiled: Compiled, numbers: Iterable[int]) -> tuple[Unassigned, ...]:
    """One reason for each visit left out (positions), in the order given; `compiled` has no decisions."""
    problem = compiled.problem
    return tuple(
        Unassigned(problem.visits[number].visit_id, *reason_of(compiled, number)) for number in numbers
    )


def reason_of(compiled: Compiled, number: int) -> Reason:
    """Code and sentence for a visit (position) that the plan leaves out."""
    problem, visit = compiled.problem, compiled.problem.visits[number]
    if problem.can_wait(visit):
        return WAITS, f"peut attendre : échéance le {visit.due:%d/%m/%Y}"
    obvious = _nobody(problem, visit) or _no_time(problem, visit)
    if obvious:
        return obvious
    alone, _ = subset(compiled, [number])
    # Whatever it is worth: only whether it fits is asked.
    wanted = replace(alone.instance, skip_cost=np.full_like(alone.instance.skip_cost, HOLD))
    orders = search(wanted, max_iterations=1).orders
    if sum(map(len, orders)) < len(alone.visit_of):
        return "journee", "trajet, fenêtre, pause et équipement ne tiennent pas dans une journée, même vide"
    if visit.after:
        before = ", ".join(str(visit_id) for visit_id in sorted(visit.after))
        return "sequence", f"plus de place après les visites qui doivent la précéder : {before}"
    if visit.crew > 1:
        return "equipe", f"jamais {visit.crew} techniciens compétents libres au même moment"
    if visit.appointment is not None and not visit.appointment.movable:
        day = day_label(visit.appointment.day)
        return "rendez_vous", f"aucun technicien compétent n’est libre à l’heure promise le {day}"
    return "capacite", "plus de place dans la semaine des techniciens compétents"


def _nobody(problem: Problem, visit: Visit) -> Reason | None:
    able = [t for t in problem.technicians if holds(t, visit)]
    skills = ", ".join(f"« {skill} » niveau {level}" for skill, level in sorted(visit.skills.items()))
    if not able:
        return "competence", f"aucun technicien n’a ce qu’il faut : {skills}"
    if len(able) < visit.crew:
        return "equipe", f"il faut {visit.crew} techniciens, {len(able)} seulement ont la compétence"
    pin = visit.pin
    if pin is not None and pin.technician_id is not None:
        able = [t for t in able if t.technician_id == pin.technician_id]
        if not able:
            return "epingle", f"le technicien épinglé n’a pas ce qu’il faut : {skills}"
    days = [day for day in _days(problem, visit) if problem.now is None or day >= problem.now.day]
    if not any(_there(problem, t, day) for t in able for day in days) and days:
        names = ", ".join(t.name for t in able)
        when = f"le {day_label(days[0])}" if len(days) == 1 else "toute la période"
        return "absence", f"seul(s) technicien(s) possible(s) absent(s) {when} : {names}"
    return None


def _there(problem: Problem, technician: Technician, day: date) -> bool:
    """Whether some of his day is still to come."""
    hours, now = presence(problem, technician, day), problem.now
    return hours is not None and (now is None or (now.day, now.minute) < (day, hours[1]))


def _days(problem: Problem, visit: Visit) -> list[date]:
    return [day for number, day in enumerate(problem.days) if lawful_starts(problem, visit, number)]


def _no_time(problem: Problem, visit: Visit) -> Reason | None:
    promise = visit.appointment
    if promise is not None and not promise.movable and promise.day not in problem.days:
        day = day_label(promise.day)
        return "rendez_vous", f"rendez-vous promis le {day}, qui n’est pas un jour travaillé"
    if _days(problem, visit):
        return None
    if visit.pin is not None and (visit.pin.day is not None or visit.pin.start_min is not None):
        return "epingle", "l’épingle ne tombe ni dans l’ouverture ni dans la promesse"
    hours = ", ".join(f"{clock_label(w.start_min)}–{clock_label(w.end_min)}" for w in visit.windows)
    return "fenetre", f"{visit.duration_min} min ne tiennent pas dans l’ouverture {hours or '(aucune)'}"
