"""Customers: who they are, where they live, and the small changes of their records."""

from __future__ import annotations

from datetime import date, time, timedelta

import numpy as np

from simulator import contracts
from simulator.calendar import ARRIVAL_SEASON, add_months
from simulator.catalogue import SEGMENTS, SKILL_SHARE
from simulator.geography import ZONES, draw_place, draw_point
from simulator.names import FIRST_NAMES, LAST_NAMES, ascii_slug, company_name, draw, phone, street_address
from simulator.technicians import usual_technician
from simulator.today import Today
from simulator.world import Client

SHARE_BUSINESS = 0.32
SEGMENT_SHARE = {"Particulier": (0.60, 0.30, 0.10), "Professionnel": (0.25, 0.40, 0.35)}
MISSING_GPS_RATE = 0.015  # part of the known mess: no coordinates in the ERP


def _pick(shares: tuple[float, ...], draw_: float) -> int:
    for index, share in enumerate(shares):
        draw_ -= share
        if draw_ < 0:
            return index
    return len(shares) - 1


def _opening(kind: str, rng: np.random.Generator) -> tuple[int, int]:
    """Opening hours for visits, in minutes; some private customers are only in after noon."""
    if kind == "Professionnel":
        return 60 * (8 + int(rng.random() * 2)), 60 * (17 + int(rng.random() * 2))
    return (13 * 60, 19 * 60) if rng.random() < 0.10 else (8 * 60, 19 * 60)


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def add_client(today: Today, minute: float, created: date, rng: np.random.Generator) -> Client:
    """Create a customer with equipment, without contract; `created` is when the ERP record was opened."""
    world = today.world
    client_id = world.next_id("client")
    zone = ZONES[_pick(tuple(z.share for z in ZONES), rng.random())]
    place = draw_place(zone, rng)
    latitude, longitude = draw_point(place, rng)
    kind = "Professionnel" if rng.random() < SHARE_BUSINESS else "Particulier"
    segment = SEGMENTS[_pick(SEGMENT_SHARE[kind], rng.random())]
    first = draw(FIRST_NAMES, rng) if kind == "Particulier" else None
    name = draw(LAST_NAMES, rng) if kind == "Particulier" else company_name(rng)
    opens, closes = _opening(kind, rng)
    client = Client(
        client_id, zone.zone_id, kind, segment, f"{first} {name}" if first else name, latitude, longitude,
        opens, closes, usual_technician(world, zone.zone_id, client_id),
        bias=round(float(rng.normal(0, 0.38)), 4), engagement=round(float(rng.beta(2.0, 3.0)), 4),
        satisfaction=round(float(rng.normal(4.1, 0.3)), 4), since=created.toordinal(),
        last_contact=max(created.toordinal(), today.ordinal - int(rng.random() * 120)),
        has_email=rng.random() < 0.96,
    )  # fmt: skip
    client.has_gps = rng.random() >= MISSING_GPS_RATE
    mail = f"{ascii_slug(first + name) if first else ascii_slug(name)}.{client_id}@exemple.org"
    values = dict(
        nom=name, prenom=first, type_client=kind, segment=segment, email=mail if client.has_email else None,
        telephone=phone(rng, mobile=kind == "Particulier"), adresse=street_address(rng),
        code_postal=place.postcode, ville=place.town, latitude=latitude if client.has_gps else None,
        longitude=longitude if client.has_gps else None, zone_id=zone.zone_id, ouverture=_clock(opens),
        fermeture=_clock(closes), accepte_contact=bool(rng.random() < 0.88), date_creation=created,
    )  # fmt: skip
    if kind == "Professionnel" and "clients.code_naf" in world.columns_added:
        values["code_naf"] = f"{10 + int(rng.random() * 80)}.{10 + int(rng.random() * 80)}Z"
    today.journal.insert("clients", minute, client_id=client_id, **values)
    if not client.has_gps:
        today.ledger.append(
            {"kind": "gps_manquant", "source": "erp", "table": "clients", "key": client_id,
             "expected_fate": "accepte_avertissement", "details": "latitude et longitude vides"}
        )  # fmt: skip
    world.clients[client_id] = client
    _equip(today, client, minute, rng)
    return client


def _equip(today: Today, client: Client, minute: float, rng: np.random.Generator) -> None:
    for _ in range(1 + int(rng.random() < 0.45) + int(rng.random() < 0.15)):
        skill = _pick(SKILL_SHARE[client.kind], rng.random()) + 1
        age_days = int(rng.gamma(2.2, 3.6) * 365)
        add_installation(
            today, client, skill, today.day - timedelta(days=min(age_days, 30 * 365)), minute, rng
        )


def add_installation(
    today: Today, client: Client, skill: int, posed: date, minute: float, rng: np.random.Generator
) -> int:
    """Record a piece of equipment; returns its number."""
    number = today.world.next_id("installation")
    client.installations.append([number, skill, posed.toordinal()])
    power = round(3 + rng.random() * (9 if client.kind == "Particulier" else 33), 1)
    today.journal.insert(
        "installations", minute, installation_id=number, client_id=client.client_id, competence_id=skill,
        date_pose=posed, puissance_kva=power,
    )  # fmt: skip
    return number


def take_over_base(today: Today) -> None:
    """The first day: the customers the company already has, with their running and past contracts."""
    rng = today.rng("base")
    for _ in range(today.world.target_clients):
        years = min(int(rng.exponential(2.6)), 9)
        running_days = int(rng.random() * 364)
        start = today.day - timedelta(days=running_days)
        start = start.replace(day=min(start.day, 28))
        first = add_months(start, -12 * years)
        client = add_client(today, 4 + rng.random(), first - timedelta(days=int(rng.random() * 20)), rng)
        client.since = first.toordinal()
        if rng.random() < 0.8:
            client.known_by.append(client.technician_id)
        contracts.take_over(today, client, start, years, rng)


def welcome_new(today: Today) -> None:
    """Customers who sign their first contract today; the rate makes up for those who leave."""
    world, rng = today.world, today.rng("arrivals")
    active = sum(1 for c in world.clients.values() if c.contract_id)
    rate = 0.0172 * world.target_clients / 21 * (world.target_clients / max(active, 1)) ** 4
    for _ in range(int(rng.poisson(rate * ARRIVAL_SEASON[today.day.month - 1]))):
        minute = 540 + rng.random() * 480
        client = add_client(today, minute, today.day, rng)
        contracts.sign_first(today, client, minute, rng)


def edit_records(today: Today) -> None:
    """Everyday edits: a new phone, a move inside the zone; and a record opened by mistake."""
    world, rng = today.world, today.rng("edits")
    ids = list(world.clients)
    for _ in range(int(rng.poisson(0.8 * world.scale))):
        client_id = ids[int(rng.random() * len(ids))]
        today.journal.update(
            "clients", client_id, 560 + rng.random() * 400, telephone=phone(rng, mobile=True)
        )
    for _ in range(int(rng.poisson(0.12 * world.scale))):
        client = world.clients[ids[int(rng.random() * len(ids))]]
        place = draw_place(ZONES[client.zone_id - 1], rng)
        client.latitude, client.longitude = draw_point(place, rng)
        today.journal.update(
            "clients", client.client_id, 560 + rng.random() * 400, adresse=street_address(rng),
            ville=place.town, code_postal=place.postcode,
            latitude=client.latitude if client.has_gps else None,
            longitude=client.longitude if client.has_gps else None,
        )  # fmt: skip
    for _ in range(int(rng.poisson(0.12 * world.scale))):
        twin = add_client(today, 600 + rng.random() * 300, today.day, rng)
        for installation_id, *_rest in twin.installations:
            today.journal.delete("installations", installation_id, 1000 + rng.random())
        del world.clients[twin.client_id]
        today.ledger = [note for note in today.ledger if note["key"] != twin.client_id]  # it will be deleted
        world.schedule(today.ordinal + 2 + int(rng.random() * 4), "efface_client", twin.client_id)


def erase(today: Today, client_id: int) -> None:
    """Remove a record opened by mistake: a hard delete, as the ERP does it."""
    today.journal.delete("clients", client_id, 620)
