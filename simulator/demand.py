"""Where work comes from: contracts' visits, controls, breakdowns, returns, installations."""

from __future__ import annotations

from datetime import date, timedelta

from simulator.calendar import BREAKDOWN_SEASON, is_working, next_working_day, shift_to_working
from simulator.catalogue import SKILL_ID, TYPE_BY_ID, TYPE_OF, hourly_rate_eur
from simulator.today import Today
from simulator.world import Client, Visit

NOTICE_DAYS = 30  # the ERP opens a contract's visit this long before it is due
BREAKDOWNS_PER_YEAR = 1.5
MAX_BREAKDOWN_RATE = 5.0
URGENT_SHARE = 0.48
PHONE_PROMISE_SHARE = 0.16
TYPED_TWICE_RATE = 0.08
CUSTOMER_CANCELS_RATE = 0.025
UNREACHABLE_RATE = 0.05
URGENT_RETURN_SHARE = 0.8
WEEKEND_URGENT_SHARE = 0.85  # others wait until Monday to call
# Calls by weekday, Monday first; the mean over a week is 1.
WEEKDAY_CALLS = (1.48, 1.23, 1.20, 1.20, 1.34, 0.45, 0.10)


def open_visit(
    today: Today, client: Client, category: str, installation: list[int], due: int, minute: float, *,
    urgent: bool = False, origin_id: int = 0, quote_id: int = 0, quote_eur: float = 0.0,
) -> Visit:  # fmt: skip
    """Create an intervention to plan; `installation` is [installation_id, skill_id, day posed]."""
    world = today.world
    visit_type = TYPE_BY_ID[TYPE_OF[category, installation[1]]]
    visit = Visit(
        world.next_id("intervention"), client.client_id, client.contract_id, installation[0],
        visit_type.type_id, 0, today.ordinal, due, 0, 0, visit_type.minutes, urgent, 0, 0, origin_id,
        quote_id, quote_eur, minute,
    )  # fmt: skip
    world.open(visit)
    today.journal.insert(
        "interventions", minute, intervention_id=visit.visit_id, client_id=client.client_id,
        contrat_id=client.contract_id or None, installation_id=installation[0] or None,
        type_intervention_id=visit_type.type_id, demande_at=today.at(minute), date_due=date.fromordinal(due),
        duree_prevue_min=visit.minutes, urgence="Urgente" if urgent else "Normale", statut="A planifier",
        taux_horaire_eur=hourly_rate_eur(today.day.year), intervention_origine_id=origin_id or None,
    )  # fmt: skip
    return visit


def cancel_visit(today: Today, visit: Visit, minute: float) -> None:
    """Close a visit that will not take place."""
    today.journal.update("interventions", visit.visit_id, minute, statut="Annulee")
    today.world.close(visit)


def schedule_year(today: Today, client: Client, start: date) -> None:
    """Put a contract year's visits and controls in the agenda, evenly spaced; past ones are left out."""
    world, count = today.world, client.visits_per_year
    dues = [("Preventif", start + timedelta(days=int((k + 0.5) * 365 / count))) for k in range(count)]
    if client.kind == "Professionnel" or client.client_id % 3 == 0:
        dues.append(("Controle", start + timedelta(days=210)))
    for rank, (category, due) in enumerate(dues):
        day = shift_to_working(due).toordinal()
        if day > today.ordinal + 2:
            opens = max(day - NOTICE_DAYS, today.ordinal + 1)
            world.schedule(opens, "visite_contrat", client.client_id, client.contract_id, category, rank, day)


def open_contract_visit(
    today: Today, client_id: int, contract_id: int, category: str, rank: int, due: int
) -> None:
    """The ERP opens a contract visit ahead of its due date; some customers are promised a window by phone."""
    client = today.world.clients.get(client_id)
    if client is None or client.contract_id != contract_id:
        return
    rng = today.rng("contract-visits")
    installation = client.installations[rank % len(client.installations)]
    visit = open_visit(today, client, category, installation, due, 300 + rng.random() * 30)
    draw = rng.random()
    if draw < PHONE_PROMISE_SHARE:
        world_day = max(today.ordinal + 1, due - 10 - int(rng.random() * 6))
        today.world.schedule(world_day, "promesse", visit.visit_id)
    elif draw < PHONE_PROMISE_SHARE + UNREACHABLE_RATE:
        visit.reachable_from = due + 2 + int(rng.random() * 26)
    elif draw > 1 - CUSTOMER_CANCELS_RATE:
        today.world.schedule(
            today.ordinal + 2 + int(rng.random() * 20), "annule_visite", visit.visit_id, "client"
        )


def breakdown_rate(client: Client, ordinal: int) -> float:
    """Breakdowns a year: more for businesses, old equipment and many installations."""
    age_years = sum(ordinal - posed for _id, _skill, posed in client.installations) / 365
    rate = BREAKDOWNS_PER_YEAR * (1.25 if client.kind == "Professionnel" else 0.88)
    return min(rate * (0.55 + 0.035 * age_years), MAX_BREAKDOWN_RATE)


def take_calls(today: Today) -> None:
    """Breakdowns reported today: thinning of a Poisson flow by each customer's own rate and the season."""
    world, rng = today.world, today.rng("calls")
    ids = list(world.clients)
    season = BREAKDOWN_SEASON[today.day.month - 1] * WEEKDAY_CALLS[today.day.weekday()]
    for _ in range(int(rng.poisson(len(ids) * MAX_BREAKDOWN_RATE / 365 * season))):
        client = world.clients[ids[int(rng.random() * len(ids))]]
        accepted = rng.random() * MAX_BREAKDOWN_RATE < breakdown_rate(client, today.ordinal)
        if not (accepted and client.contract_id):
            continue
        # A broken installation is more often an old one; heating breaks in the cold months.
        weights = [
            1
            + (today.ordinal - posed) / 3650
            + (1.0 if skill == SKILL_ID["Chauffage"] and season > 1.1 else 0.0)
            for _id, skill, posed in client.installations
        ]
        pick, installation = rng.random() * sum(weights), client.installations[-1]
        for weight, candidate in zip(weights, client.installations, strict=True):
            pick -= weight
            if pick < 0:
                installation = candidate
                break
        urgent = rng.random() < (WEEKEND_URGENT_SHARE if today.day.weekday() > 4 else URGENT_SHARE)
        due = today.ordinal + (1 + int(rng.random() * 2) if urgent else 6 + int(rng.random() * 5))
        due = shift_to_working(date.fromordinal(due)).toordinal()
        minute = 460 + rng.random() * 620
        open_visit(today, client, "Depannage", installation, due, minute, urgent=urgent)
        if not urgent and is_working(today.day) and rng.random() < TYPED_TWICE_RATE:
            twin = open_visit(today, client, "Depannage", installation, due, minute + 3)
            cancel_visit(today, twin, 1020 + rng.random())
            world.schedule(today.ordinal + 3 + int(rng.random() * 4), "efface_intervention", twin.visit_id)


def open_return(today: Today, client: Client, visit: Visit, minute: float) -> None:
    """A free return visit after an unresolved problem."""
    type_skill = TYPE_BY_ID[visit.type_id].skill_id
    installation = next(
        (i for i in client.installations if i[0] == visit.installation_id), [0, type_skill, 0]
    )
    due = next_working_day(date.fromordinal(today.ordinal + 3)).toordinal()
    again = open_visit(
        today, client, "Depannage", installation, due, minute, origin_id=visit.origin_id or visit.visit_id,
        urgent=today.rng("returns").random() < URGENT_RETURN_SHARE,
    )  # fmt: skip
    again.reachable_from = today.ordinal + 1 + int(today.rng("returns").random() * 8)  # a part is on order
