"""The problem as the checker looks things up in it: who, what, where, and the legs between places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from optimisers.model import PlannedVisit, Problem, Technician, TechnicianDay, Visit

# The law and the clocks are French: rests are real time, also in the nights when the clocks change.
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a place; through the depot, `to_depot_min` of the minutes come before the handling."""

    metres: int
    minutes: int
    to_depot_min: int | None = None


@dataclass(frozen=True)
class Ground:
    """Look-ups in a problem. Positions in the matrix are worked out here, not taken from the model."""

    problem: Problem

    @cached_property
    def visits(self) -> dict[int, Visit]:
        return {visit.visit_id: visit for visit in self.problem.visits}

    @cached_property
    def technicians(self) -> dict[int, Technician]:
        return {technician.technician_id: technician for technician in self.problem.technicians}

    @cached_property
    def _positions(self) -> dict[tuple[str, int], int]:
        problem = self.problem
        keys = [("home", technician.technician_id) for technician in problem.technicians]
        keys += [("visit", visit.visit_id) for visit in problem.visits]
        keys += [("depot", 0)] if problem.depot is not None else []
        keys += [("end", t.technician_id) for t in problem.technicians if t.end is not None]
        return {key: position for position, key in enumerate(keys)}

    def home(self, technician_id: int) -> int:
        return self._positions["home", technician_id]

    def place(self, visit_id: int) -> int:
        return self._positions["visit", visit_id]

    def leg(self, origin: int, destination: int, via_depot: bool = False) -> Leg:
        """Metres and minutes of a leg, through the depot with its handling if asked and if there is one."""
        metres, minutes = self.problem.travel.metres, self.problem.travel.minutes
        depot = self.problem.depot
        if not via_depot or depot is None:
            return Leg(int(metres[origin, destination]), int(minutes[origin, destination]))
        stop = self._positions["depot", 0]
        first = int(minutes[origin, stop])
        return Leg(
            int(metres[origin, stop]) + int(metres[stop, destination]),
            first + depot.handling_min + int(minutes[stop, destination]),
            first,
        )

    def way_back(self, technician_id: int, origin: int) -> Leg:
        """The way from the last visit to the end of the day; nothing when the day may end anywhere."""
        if self.technicians[technician_id].open_end:
            return Leg(0, 0)
        end = self._positions.get(("end", technician_id), self.home(technician_id))
        return self.leg(origin, end)

    def stops(self, day: TechnicianDay) -> list[tuple[PlannedVisit, Visit, Leg]]:
        """Known visits of a day with the leg that leads to each; to a fact, that is the direct way."""
        found = []
        at = self.home(day.technician_id)
        for stop in day.visits:
            visit = self.visits.get(stop.visit_id)
            if visit is not None:
                here = self.place(visit.visit_id)
                found.append((stop, visit, self.leg(at, here, stop.via_depot and not visit.frozen)))
                at = here
        return found

    def last_place(self, day: TechnicianDay) -> int:
        known = [stop.visit_id for stop in day.visits if stop.visit_id in self.visits]
        return self.place(known[-1]) if known else self.home(day.technician_id)

    def judged(self, day: TechnicianDay) -> bool:
        """A day made of nothing but facts is not judged."""
        return any(not self.visits[s.visit_id].frozen for s in day.visits if s.visit_id in self.visits)


def name_of(day: TechnicianDay) -> str:
    return f"technician {day.technician_id} on {day.day}"


def instant_min(day: date, minute: int) -> int:
    """Real minutes, since 1970, of the moment at which French clocks show that minute of that day."""
    shown = (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=_PARIS)
    return int(shown.astimezone(UTC).timestamp()) // 60
