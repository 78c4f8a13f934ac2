"""The staff: homes, zones, skills, temper, leave and sickness."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from simulator.calendar import is_working
from simulator.catalogue import SKILLS, hourly_rate_eur
from simulator.geography import ZONES, draw_place, draw_point
from simulator.names import FIRST_NAMES, LAST_NAMES, ascii_slug, draw, phone
from simulator.today import Today
from simulator.world import Technician, World

# Five technicians share seven zones: one each for the three large ones, two each for the others.
ZONE_GROUPS = ((1,), (2,), (3,), (4, 5), (6, 7))
SICK_RATE_PER_DAY = 0.010
# Hidden quality: (slowness, warmth, mastery). The second is slow and cold, the fourth fast and liked.
QUALITIES = ((0.98, 0.10, 0.2), (1.10, -0.38, -0.5), (1.02, 0.02, 0.0), (0.93, 0.22, 0.4), (1.00, -0.08, 0.1))


def headcount(scale: float) -> int:
    """Technicians at a scale: five at 1, never fewer than two."""
    return max(2, round(5 * scale))


def _zones_of(index: int, count: int) -> list[int]:
    if count >= len(ZONE_GROUPS):
        return list(ZONE_GROUPS[index % len(ZONE_GROUPS)])
    return [z for g, group in enumerate(ZONE_GROUPS) if g * count // len(ZONE_GROUPS) == index for z in group]


def _skills_of(index: int, count: int) -> list[int]:
    """Skill numbers: each is held by two people at least and, from three people on, never by all."""
    if count == 2:
        return list(range(1, len(SKILLS) + 1))
    if count < 5:
        return [s + 1 for s in range(len(SKILLS)) if (s + index) % 3 != 0]
    return [s + 1 for s in range(len(SKILLS)) if (s + 2 * index) % 5 not in (0, 3)]


def hire_staff(today: Today) -> None:
    """Create the technicians, their skills and zones' main technician."""
    world, rng = today.world, today.rng("staff")
    count = headcount(world.scale)
    zones = {zone.zone_id: zone for zone in ZONES}
    main: dict[int, int] = {}
    for index in range(count):
        own_zones = _zones_of(index, count)
        for zone_id in own_zones:
            main.setdefault(zone_id, index + 1)
        quality = QUALITIES[index] if index < len(QUALITIES) else tuple(
            round(float(v), 3) for v in rng.normal((1.0, 0.0, 0.0), (0.06, 0.2, 0.3))
        )  # fmt: skip
        # Half of them live outside town, where houses are cheaper: nobody chose homes for the tours.
        home_zone = zones[7 if index % 2 else 1 + int(rng.random() * 7)]
        latitude, longitude = draw_point(draw_place(home_zone, rng), rng)
        person = Technician(
            index + 1, draw(FIRST_NAMES, rng), draw(LAST_NAMES, rng), latitude, longitude,
            own_zones, _skills_of(index, count), *quality,
        )  # fmt: skip
        world.technicians.append(person)
    for zone in ZONES:
        today.journal.insert(
            "zones", 1, zone_id=zone.zone_id, nom_zone=zone.name, latitude_centre=zone.latitude,
            longitude_centre=zone.longitude, rayon_km=zone.radius_km, superficie_km2=zone.area_km2,
            technicien_id=main[zone.zone_id],
        )  # fmt: skip
    for person in world.technicians:
        _write(today, person, rng)


def _write(today: Today, person: Technician, rng: np.random.Generator) -> None:
    hired = today.day - timedelta(days=400 + int(rng.random() * 4200))
    today.journal.insert(
        "techniciens", 2, technicien_id=person.technician_id, nom=person.last_name, prenom=person.first_name,
        email=f"{ascii_slug(person.first_name)}.{ascii_slug(person.last_name)}{person.technician_id}@exemple.org",
        telephone=phone(rng, mobile=True), date_embauche=hired, zone_principale_id=person.zones[0],
        domicile_latitude=person.latitude, domicile_longitude=person.longitude,
        taux_horaire_eur=hourly_rate_eur(today.day.year), heures_jour=8,
    )  # fmt: skip
    for skill in person.skills:
        today.journal.insert(
            "technicien_competences", 3,
            technicien_competence_id=today.world.next_id("technicien_competence"),
            technicien_id=person.technician_id, competence_id=skill, niveau=1 + int(rng.random() * 3),
            obtenue_le=hired + timedelta(days=int(rng.random() * 360)),
        )  # fmt: skip


def _add_absence(
    today: Today, person: Technician, first: date, days: int, reason: str, minute: float
) -> None:
    last = first + timedelta(days=days - 1)
    person.absences.append([first.toordinal(), last.toordinal()])
    today.journal.insert(
        "absences", minute, absence_id=today.world.next_id("absence"), technicien_id=person.technician_id,
        date_debut=first, date_fin=last, motif=reason,
    )  # fmt: skip


def plan_leave(today: Today, year: int) -> None:
    """Write the year's paid leave and training: two or three weeks in summer, single ones else."""
    rng = today.rng(f"leave-{year}")
    for index, person in enumerate(today.world.technicians):
        summer = date.fromisocalendar(year, 27 + (index * 2) % 10, 1)
        blocks = [
            (summer, 12 + 7 * (index % 2), "Congés payés"),
            (date.fromisocalendar(year, 6 + index % 5, 1), 5, "Congés payés"),
            (date.fromisocalendar(year, 14 + (index * 2) % 10, 1), 5, "Congés payés"),
            (date.fromisocalendar(year, 51 + index % 2, 1), 5, "Congés payés"),
            (date.fromisocalendar(year, 12 + 7 * (index % 5 + 1), 2), 2, "Formation"),
        ]
        for first, days, reason in blocks:
            if first >= today.day:
                _add_absence(today, person, first, days, reason, 300 + rng.random())


def fall_sick(today: Today) -> None:
    """Draw who calls in sick this morning; what was planned for them is planned again in the evening."""
    rng = today.rng("sick")
    for person in today.world.technicians:
        if rng.random() < SICK_RATE_PER_DAY and not person.is_away(today.ordinal) and is_working(today.day):
            _add_absence(
                today, person, today.day, 1 + int(rng.random() * 3), "Maladie", 430 + rng.random() * 20
            )


def raise_rates(today: Today) -> None:
    """The January rise of the hourly rate."""
    for person in today.world.technicians:
        today.journal.update(
            "techniciens", person.technician_id, 320, taux_horaire_eur=hourly_rate_eur(today.day.year)
        )


def usual_technician(world: World, zone_id: int, client_id: int) -> int:
    """The technician who usually serves a customer: one of the zone's, always the same one."""
    people = [t.technician_id for t in world.technicians if zone_id in t.zones]
    return people[client_id % len(people)]
