"""The day on the road: driving the tours in the order given, and everything that a visit sets off."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator import billing, demand, quotes, survey
from simulator.calendar import is_on_call, is_working
from simulator.catalogue import ARTICLES_OF, TYPE_BY_ID, hourly_rate_eur
from simulator.dispatcher import LUNCH_MIN, START_MIN
from simulator.events import position, send
from simulator.geography import drive_min, road_km
from simulator.promises import responsible
from simulator.satisfaction import Experience, feel, maybe_complain
from simulator.today import Today
from simulator.world import Client, Technician, Visit

LATEST_START_MIN = 1035  # 17:15; nobody starts a visit later
URGENT_CALL_LIMIT_MIN = 660  # calls after 11:00 wait for the next day
DURATION_PER_YEAR_OF_AGE = 0.012
DURATION_NOISE = 0.20
DURATION_MARGIN = -0.09  # standard durations are a little generous
UNRESOLVED_BASE = {"Preventif": -4.2, "Depannage": -2.25, "Controle": -4.6, "Installation": -3.3}
UNRESOLVED_PER_YEAR_OF_AGE = 0.035
OVERRUN_REASONS = ("Panne plus complexe que prévu", "Accès difficile", "Pièce à aller chercher",
                   "Demande supplémentaire du client", "Installation non conforme à reprendre")  # fmt: skip


@dataclass(slots=True)
class OnRoad:
    """Where a technician is and what the clock says."""

    technician: Technician
    latitude: float
    longitude: float
    minute: float
    had_lunch: bool = False


def drive_day(today: Today) -> None:
    """Drive every tour of the day; on Saturdays one technician on call takes the urgent calls."""
    world = today.world
    if is_working(today.day):
        _drive_working_day(today)
    elif is_on_call(today.day):
        person = world.technicians[today.ordinal // 7 % len(world.technicians)]
        calls = [
            v
            for v in world.visits.values()
            if v.urgent
            and not v.planned
            and v.asked == today.ordinal
            and TYPE_BY_ID[v.type_id].skill_id in person.skills
        ]
        if calls and not person.is_away(today.ordinal):
            _drive(today, person, [], sorted(calls, key=lambda v: v.visit_id)[:5])
    for visit in world.visits.values():
        if visit.planned and visit.planned <= today.ordinal:
            _put_back(today, visit)


def _drive_working_day(today: Today) -> None:
    world = today.world
    planned: dict[int, list[Visit]] = {}
    urgent: dict[int, list[Visit]] = {}
    for visit in world.visits.values():
        if visit.planned == today.ordinal:
            planned.setdefault(visit.technician_id, []).append(visit)
        elif visit.urgent and not visit.planned and visit.asked == today.ordinal and not visit.origin_id:
            person = responsible(world, world.clients[visit.client_id], visit.type_id, today.ordinal)
            if person:
                urgent.setdefault(person, []).append(visit)
    for person in world.technicians:
        if not person.is_away(today.ordinal):
            stops = sorted(planned.get(person.technician_id, []), key=lambda v: (v.hour_min, v.visit_id))
            calls = sorted(urgent.get(person.technician_id, []), key=lambda v: v.visit_id)
            if stops or calls:
                _drive(today, person, stops, calls)


def _put_back(today: Today, visit: Visit) -> None:
    """A planned visit that was not done goes back to the pool; a promise broken that way is not forgotten."""
    visit.planned = visit.technician_id = visit.hour_min = 0
    visit.promise_start = visit.promise_end = 0
    today.journal.update(
        "interventions", visit.visit_id, 1045, statut="A planifier", technicien_id=None, date_planifiee=None,
        heure_prevue=None, rdv_debut=None, rdv_fin=None,
    )  # fmt: skip


def _drive(today: Today, person: Technician, stops: list[Visit], calls: list[Visit]) -> None:
    rng = today.rng(f"road-{person.technician_id}")
    road = OnRoad(person, person.latitude, person.longitude, START_MIN + float(rng.normal(0, 6)))
    done = 0
    for visit in stops:
        done += _visit(today, road, visit)
    for visit in calls:
        # An urgent call is inserted at the end of the tour, when it came early enough.
        if visit.asked_min < URGENT_CALL_LIMIT_MIN:
            road.minute = max(road.minute, visit.asked_min + 5)
            done += _visit(today, road, visit)
    if done:
        km, minutes = _leg(today, road, person.latitude, person.longitude)
        send(today, "fin_journee", person.technician_id, None, road.minute + minutes, {"km_trajet": km})


def _leg(today: Today, road: OnRoad, latitude: float, longitude: float) -> tuple[float, float]:
    """Kilometres on the odometer and minutes really driven to a point."""
    rng = today.rng(f"road-{road.technician.technician_id}")
    km = road_km(road.latitude, road.longitude, latitude, longitude) * math.exp(float(rng.normal(0, 0.05)))
    rush = 1.22 if 450 <= road.minute <= 540 or 990 <= road.minute <= 1110 else 1.0
    return round(km, 1), drive_min(km) * rush * math.exp(float(rng.normal(0, 0.10)))


def _visit(today: Today, road: OnRoad, visit: Visit) -> bool:
    """Drive to a visit and do it; False when it is too late in the day to begin."""
    client = today.world.clients[visit.client_id]
    if road.minute >= 720 and not road.had_lunch:
        road.minute += LUNCH_MIN + float(today.rng("lunch").normal(-5, 6))
        road.had_lunch = True
    guess = road.minute + drive_min(road_km(road.latitude, road.longitude, client.latitude, client.longitude))
    if not visit.promised and guess > min(LATEST_START_MIN, client.closes_min - 15):
        return False
    km, minutes = _leg(today, road, client.latitude, client.longitude)
    arrival = max(road.minute + minutes, client.opens_min)
    if visit.promised:
        arrival = max(arrival, visit.promise_start - 10)
    road.latitude, road.longitude = client.latitude, client.longitude
    road.minute = _work(today, road.technician, client, visit, arrival, km)
    return True


def _age_years(client: Client, visit: Visit, ordinal: int) -> float:
    posed = next((p for i, _s, p in client.installations if i == visit.installation_id), ordinal)
    return max(0.0, (ordinal - posed) / 365)


def _work(today: Today, person: Technician, client: Client, visit: Visit, arrival: float, km: float) -> float:
    """Do the visit that begins at `arrival`; returns the minute of departure."""
    rng = today.rng(f"work-{person.technician_id}")
    category = TYPE_BY_ID[visit.type_id].category
    age = _age_years(client, visit, today.ordinal)
    factor = (
        person.slowness
        * (1 + DURATION_PER_YEAR_OF_AGE * (age - 8))
        * math.exp(float(rng.normal(DURATION_MARGIN, DURATION_NOISE)))
    )
    worked = max(12.0, visit.minutes * factor)
    departure = arrival + worked
    odds = UNRESOLVED_BASE[category] + UNRESOLVED_PER_YEAR_OF_AGE * (age - 8) - person.mastery
    resolved = rng.random() >= 1 / (1 + math.exp(-odds))
    experience = Experience(
        max(0, today.ordinal - visit.due), max(0.0, arrival - visit.promise_end) if visit.promised else 0.0,
        worked - visit.minutes, bool(resolved),
    )  # fmt: skip
    latent, note = feel(client, person, experience, today.ordinal, rng)
    client.last_contact = today.ordinal
    if person.technician_id not in client.known_by:
        client.known_by.append(person.technician_id)
    visit.technician_id = person.technician_id

    me, number = person.technician_id, visit.visit_id
    here = position(client.latitude, client.longitude, rng)
    send(today, "arrivee", me, number, arrival, {**here, "km_trajet": km})
    parts = _use_parts(today, visit, category, age, departure)
    if parts:
        pieces = [{"article_id": article, "quantite": quantity} for article, quantity in parts]
        send(today, "pieces", me, number, departure - 6, {"pieces": pieces})
    overtime = _report_overrun(today, person, visit, worked - visit.minutes, departure)
    if note is not None:
        send(today, "note", me, number, departure - 3, {"note": note})
    conforming = bool(rng.random() < (0.97 if age < 15 else 0.90))
    report = {"conforme": conforming, "probleme_resolu": bool(resolved), "signataire": client.name}
    send(today, "rapport_signe", me, number, departure - 2, report)
    send(today, "depart", me, number, departure, position(client.latitude, client.longitude, rng))
    _finish(today, person, client, visit, category, worked, departure, parts, overtime)
    if not resolved:
        demand.open_return(today, client, visit, departure + 8)
    quotes.maybe_quote(today, client, visit, latent, departure + 3)
    maybe_complain(today, client, number, experience, rng)
    survey.invite(today, client, visit, latent, experience)
    return departure


def _use_parts(
    today: Today, visit: Visit, category: str, age: float, departure: float
) -> list[tuple[int, int]]:
    rng = today.rng("parts")
    chance = {"Preventif": 0.16, "Depannage": 0.62, "Controle": 0.04, "Installation": 0.0}[
        category
    ] + 0.008 * age
    parts: list[tuple[int, int]] = []
    if rng.random() < chance:
        options = ARTICLES_OF[TYPE_BY_ID[visit.type_id].skill_id]
        for _ in range(1 + int(rng.random() < 0.25)):
            # Cheap parts are used more often than dear ones.
            article = min((options[int(rng.random() * 4)] for _ in range(2)), key=lambda a: a.price_eur)
            if all(article.article_id != used for used, _ in parts):
                parts.append((article.article_id, 1 + int(rng.random() < 0.18)))
    for article_id, quantity in parts:
        price = next(
            a.price_eur for a in ARTICLES_OF[TYPE_BY_ID[visit.type_id].skill_id] if a.article_id == article_id
        )
        today.journal.insert(
            "intervention_pieces", departure - 5, intervention_piece_id=today.world.next_id("piece"),
            intervention_id=visit.visit_id, article_id=article_id, quantite=quantity, prix_unitaire_eur=price,
        )  # fmt: skip
    return parts


def _report_overrun(today: Today, person: Technician, visit: Visit, overrun: float, departure: float) -> int:
    """Send the overrun event when there is one; returns the overtime minutes that will be billed."""
    rng = today.rng("overruns")
    if overrun < 15 or rng.random() > 0.88:
        return 0
    minutes = int(overrun // 5 * 5)
    accepted = bool(rng.random() < 0.82)
    data = {"minutes": minutes, "motif": OVERRUN_REASONS[int(rng.random() * 5)], "accepte_client": accepted}
    send(today, "depassement", person.technician_id, visit.visit_id, departure - 5, data)
    forgotten = rng.random() < billing.FORGOTTEN_OVERTIME_RATE
    return minutes if accepted and not forgotten and not visit.origin_id else 0


def _finish(
    today: Today, person: Technician, client: Client, visit: Visit, category: str, worked: float, departure:
    float, parts: list[tuple[int, int]], overtime: int,
) -> None:  # fmt: skip
    rate = hourly_rate_eur(today.day.year)
    changes: dict[str, object] = {"statut": "Terminee", "technicien_id": person.technician_id}
    if visit.planned != today.ordinal:  # an urgent call that was never on a plan
        changes["date_planifiee"] = today.day
        changes["heure_prevue"] = today.at((departure - worked) // 5 * 5).time()
    today.journal.update("interventions", visit.visit_id, departure + 1, **changes)
    today.world.close(visit)
    if visit.quote_id:
        billing.bill_quote(
            today, client.client_id, visit.quote_id, visit.visit_id, visit.quote_eur, departure + 5
        )
    billing.bill_visit(today, client, visit, category, worked, parts, overtime, rate, departure + 5)
