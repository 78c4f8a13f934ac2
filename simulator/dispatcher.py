"""The human dispatcher's policy, FROZEN: planners are measured against it. Do not improve it.

Every working evening the dispatcher makes tomorrow's tours, one technician after the other, by habit:

1. Zone loyalty: a visit belongs to the customer's usual technician whatever their load; a colleague takes it
only
   when the skill is missing, when that person is away and the visit is due, or when it is more than
   `LEND_AFTER_DAYS` overdue.
2. Promises are kept: a promised window is on the tour before anything else, and no other visit may make it
late. 3. Urgent calls left from the day come first; calls of the early morning were put at the end of the
tour. 4. Two slots go to the oldest overdue visits, wherever they are.
5. Then the nearest known customer from the last stop (one that this technician has visited),
while one lies within
   `KNOWN_RADIUS_KM`; otherwise the nearest of all. Greedy, one stop at a time.

Its sources of inefficiency, named: no look-ahead (the last customers of a tour are far,
the way home is not counted in the choice); known customers before nearer unknown ones; days filled one by
one, so that two visits of one street fall on two days; promises given without looking at the map; zone
loyalty that leaves one tour overfull and another short; urgent calls at the end of the tour, across the
zone; flat guesses of duration and speed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from simulator.calendar import at_minute, is_working, next_working_day
from simulator.catalogue import TYPE_BY_ID
from simulator.geography import DETOUR_FACTOR, distances_km, drive_min, road_km
from simulator.promises import responsible
from simulator.today import Today
from simulator.world import Technician, Visit, World

HORIZON_DAYS = 3
LEND_AFTER_DAYS = 5
OFFICE_SIZE = 5
KNOWN_RADIUS_KM = 6.0
OLDEST_FIRST = 2
START_MIN = 465  # leaves home at 7:45
END_MIN = 1020  # planned to be home by 17:00: eight hours and lunch
LUNCH_MIN = 60


@dataclass(slots=True)
class Tour:
    """A tour being filled. `fixed` holds the promised visits still ahead, by time."""

    technician: Technician
    latitude: float
    longitude: float
    minute: float = START_MIN
    had_lunch: bool = False
    fixed: list[Visit] = field(default_factory=list)
    stops: list[tuple[Visit, float]] = field(default_factory=list)  # (visit, planned start)
    oldest_taken: int = 0

    def leaves_at(self) -> float:
        """When the technician can drive on: after lunch once it is noon."""
        return self.minute + (LUNCH_MIN if self.minute >= 720 and not self.had_lunch else 0)

    def go(self, visit: Visit, latitude: float, longitude: float, earliest: float) -> None:
        """Append a stop."""
        leaves = self.leaves_at()
        self.had_lunch = self.had_lunch or leaves > self.minute
        arrives = leaves + drive_min(road_km(self.latitude, self.longitude, latitude, longitude))
        start = max(arrives, earliest)
        self.stops.append((visit, start))
        self.latitude, self.longitude, self.minute = latitude, longitude, start + visit.minutes


def _window(visit: Visit) -> tuple[int, int]:
    """The promised window; a visit that somebody else planned at an hour is kept near that hour."""
    if visit.promised:
        return visit.promise_start, visit.promise_end
    return visit.hour_min - 15, visit.hour_min + 60


def _go_fixed(tour: Tour, world: World) -> None:
    visit = tour.fixed.pop(0)
    client = world.clients[visit.client_id]
    tour.go(visit, client.latitude, client.longitude, max(_window(visit)[0], client.opens_min))


def _choose(
    tour: Tour, pool: list[Visit], km: np.ndarray, known: np.ndarray, usable: np.ndarray, day: int
) -> int | None:
    """Index in `pool` of the next visit by habit; None when nothing is left."""
    left = np.flatnonzero(usable)
    if left.size == 0:
        return None
    urgent = [i for i in left if pool[i].urgent]
    if urgent:
        return int(min(urgent, key=lambda i: (km[i], pool[i].visit_id)))
    if tour.oldest_taken < OLDEST_FIRST:
        oldest = min(left, key=lambda i: (pool[i].due, pool[i].visit_id))
        if pool[oldest].due < day:
            tour.oldest_taken += 1
            return int(oldest)
    near_known = left[known[left] & (km[left] <= KNOWN_RADIUS_KM)]
    choice = near_known if near_known.size else left
    return int(choice[np.argmin(km[choice])])


def fill(tour: Tour, pool: list[Visit], world: World, day: int) -> None:
    """Extend a tour with visits of `pool`, by habit, until the day is full."""
    clients = [world.clients[v.client_id] for v in pool]
    lats = np.array([c.latitude for c in clients])
    lons = np.array([c.longitude for c in clients])
    known = np.array([tour.technician.technician_id in c.known_by for c in clients], dtype=bool)
    usable = np.ones(len(pool), dtype=bool)
    home = tour.technician
    while True:
        km = DETOUR_FACTOR * distances_km(tour.latitude, tour.longitude, lats, lons) if len(pool) else lats
        index = _choose(tour, pool, km, known, usable, day)
        if index is None:
            if not tour.fixed:
                return
            _go_fixed(tour, world)
            continue
        visit, client = pool[index], clients[index]
        start = max(tour.leaves_at() + drive_min(float(km[index])), client.opens_min)
        done = start + visit.minutes
        if tour.fixed:
            promise = tour.fixed[0]
            there = world.clients[promise.client_id]
            onward = drive_min(road_km(client.latitude, client.longitude, there.latitude, there.longitude))
            lunch = LUNCH_MIN if done >= 720 and not tour.had_lunch else 0
            if done + lunch + onward > _window(promise)[1] - 15:
                _go_fixed(tour, world)
                continue
        back = drive_min(road_km(client.latitude, client.longitude, home.latitude, home.longitude))
        usable[index] = False
        if done > client.closes_min or done + back > END_MIN + (
            0 if tour.had_lunch else LUNCH_MIN * (done < 720)
        ):
            continue
        tour.go(visit, client.latitude, client.longitude, client.opens_min)


def _office(technician: int) -> int:
    """Technicians work in offices of five; a larger company has several."""
    return (technician - 1) // OFFICE_SIZE


def _pools(
    world: World, day: int, present: list[int]
) -> tuple[dict[int, list[Visit]], dict[int, list[Visit]]]:
    """Visits to place on `day`: each technician's own, and by office those that may be lent to colleagues."""
    own: dict[int, list[Visit]] = {t: [] for t in present}
    lent: dict[int, list[Visit]] = {}
    for visit in world.visits.values():
        if visit.planned or visit.due > day + HORIZON_DAYS or visit.reachable_from > day:
            continue
        client = world.clients[visit.client_id]
        usual = world.technician(client.technician_id)
        overdue = day - visit.due
        skilled = TYPE_BY_ID[visit.type_id].skill_id in usual.skills
        if skilled and not usual.is_away(day):
            person = usual.technician_id
        elif not skilled or visit.urgent or overdue > LEND_AFTER_DAYS:
            person = responsible(world, client, visit.type_id, day)
        else:
            continue
        if person:
            own[person].append(visit)
            if overdue > LEND_AFTER_DAYS:
                lent.setdefault(_office(person), []).append(visit)
    return own, lent


def _keep_promises(today: Today, day: int) -> dict[int, list[Visit]]:
    """Visits already planned on `day`, by technician; somebody now away hands over to a skilled colleague."""
    world, fixed = today.world, {}
    for visit in world.visits.values():
        if visit.planned != day:
            continue
        if world.technician(visit.technician_id).is_away(day):
            colleague = responsible(world, world.clients[visit.client_id], visit.type_id, day)
            if not colleague:
                continue  # nobody can come: the visit goes back to the pool at the end of that day
            visit.technician_id = colleague
            today.journal.update("interventions", visit.visit_id, 1050, technicien_id=colleague)
        fixed.setdefault(visit.technician_id, []).append(visit)
    for visits in fixed.values():
        visits.sort(key=lambda v: (_window(v)[1], v.visit_id))
    return fixed


def plan_next_day(today: Today) -> None:
    """Make the tours of the next working day and write them to the ERP."""
    if not is_working(today.day):
        return
    world, when = today.world, next_working_day(today.day)
    day = when.toordinal()
    fixed = _keep_promises(today, day)
    tours: dict[int, Tour] = {}
    for person in world.technicians:
        if not person.is_away(day):
            tours[person.technician_id] = Tour(
                person, person.latitude, person.longitude, fixed=fixed.get(person.technician_id, [])
            )
    own, lent = _pools(world, day, list(tours))
    placed: set[int] = set()
    for number, tour in tours.items():
        fill(tour, [v for v in own[number] if v.visit_id not in placed], world, day)
        placed.update(v.visit_id for v, _ in tour.stops)
    for number, tour in tours.items():
        skills, offered = tour.technician.skills, lent.get(_office(number), [])
        left = [v for v in offered if v.visit_id not in placed and TYPE_BY_ID[v.type_id].skill_id in skills]
        if left:
            fill(tour, left, world, day)
            placed.update(v.visit_id for v, _ in tour.stops)
    for number, tour in tours.items():
        for rank, (visit, start) in enumerate(tour.stops):
            _write(
                today, visit, number, when, start, 1052 + 60 * number / len(world.technicians) + rank / 100
            )


def _write(today: Today, visit: Visit, technician: int, when: date, start: float, minute: float) -> None:
    hour = int(start // 5 * 5)
    if visit.planned and visit.technician_id == technician and visit.hour_min == hour:
        return
    visit.technician_id, visit.planned, visit.hour_min = technician, when.toordinal(), hour
    today.journal.update(
        "interventions", visit.visit_id, minute, statut="Planifiee", technicien_id=technician,
        date_planifiee=when, heure_prevue=at_minute(when, hour).time(),
    )  # fmt: skip
