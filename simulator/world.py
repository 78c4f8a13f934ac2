"""What the company knows and is from one day to the next: the whole state of the simulator.

Days are proleptic ordinals (`date.toordinal()`), times minutes since local midnight,
so that the state is plain JSON: floats keep every bit, and a company that is stored and taken up again lives
exactly the same next day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

OPEN_STATUSES = ("A planifier", "Planifiee")


@dataclass(slots=True)
class Client:
    """A customer with what the company cannot see: temper, engagement, latent satisfaction (1 to 5)."""

    client_id: int
    zone_id: int
    kind: str
    segment: str
    name: str
    latitude: float
    longitude: float
    opens_min: int
    closes_min: int
    technician_id: int
    bias: float
    engagement: float
    satisfaction: float
    since: int
    last_contact: int
    has_email: bool
    has_gps: bool = True
    contract_id: int = 0
    contract_end: int = 0
    price_eur: float = 0.0
    visits_per_year: int = 0
    last_raise: float = 0.0
    leaving: bool = False
    known_by: list[int] = field(default_factory=list)
    complaints: list[int] = field(default_factory=list)
    late_visits: list[int] = field(default_factory=list)
    low_notes: list[int] = field(default_factory=list)
    installations: list[list[int]] = field(default_factory=list)  # [installation_id, skill_id, day posed]
    open_visits: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Technician:
    """A technician: `slowness` multiplies durations, `warmth` adds to notes, `mastery` helps to resolve."""

    technician_id: int
    first_name: str
    last_name: str
    latitude: float
    longitude: float
    zones: list[int]
    skills: list[int]
    slowness: float
    warmth: float
    mastery: float
    absences: list[list[int]] = field(default_factory=list)  # [first day, last day]

    def is_away(self, day: int) -> bool:
        """Whether an absence covers the day."""
        return any(first <= day <= last for first, last in self.absences)


@dataclass(slots=True)
class Visit:
    """An open intervention. `planned` is 0 until it has a day; a promise is a window on that day."""

    visit_id: int
    client_id: int
    contract_id: int
    installation_id: int
    type_id: int
    technician_id: int
    asked: int
    due: int
    planned: int
    hour_min: int
    minutes: int
    urgent: bool
    promise_start: int
    promise_end: int
    origin_id: int
    quote_id: int
    quote_eur: float
    asked_min: float
    reachable_from: int = 0  # not before that day: nobody answers, or a part is on order

    @property
    def promised(self) -> bool:
        """Whether a window was promised to the customer."""
        return self.promise_end > 0


@dataclass(slots=True)
class World:
    """Everything that must be known to live the next day."""

    seed: int
    scale: float
    first_day: int
    history_end: int  # the as-of day of the initial creation
    day: int  # last day lived
    sequences: dict[str, int] = field(default_factory=dict)
    clients: dict[int, Client] = field(default_factory=dict)
    technicians: list[Technician] = field(default_factory=list)
    visits: dict[int, Visit] = field(default_factory=dict)
    agenda: dict[int, list[list[Any]]] = field(default_factory=dict)
    portal: dict[str, dict[str, Any]] = field(default_factory=dict)
    invitations: dict[int, list[Any]] = field(default_factory=dict)
    survey_changes: list[int] = field(default_factory=list)
    columns_added: list[str] = field(default_factory=list)

    def next_id(self, name: str) -> int:
        """The next number of a sequence, from 1."""
        number = self.sequences.get(name, 0) + 1
        self.sequences[name] = number
        return number

    def schedule(self, day: int, kind: str, *payload: Any) -> None:
        """Note something to do on `day` (a day later than the one being lived)."""
        self.agenda.setdefault(day, []).append([kind, *payload])

    @property
    def target_clients(self) -> int:
        """How many customers under contract the company tends to have."""
        return max(40, round(900 * self.scale))

    def open(self, visit: Visit) -> None:
        """A new visit to do."""
        self.visits[visit.visit_id] = visit
        self.clients[visit.client_id].open_visits.append(visit.visit_id)

    def close(self, visit: Visit) -> None:
        """A visit that is done or will not take place."""
        del self.visits[visit.visit_id]
        self.clients[visit.client_id].open_visits.remove(visit.visit_id)

    def visits_of(self, client: Client) -> list[Visit]:
        """The open visits of a customer, oldest request first."""
        return [self.visits[number] for number in client.open_visits]

    def technician(self, technician_id: int) -> Technician:
        """A technician by number; numbers run from 1 without gaps."""
        return self.technicians[technician_id - 1]


_PARTS = {"clients": Client, "visits": Visit}


def _as_list(item: Any) -> list[Any]:
    return [getattr(item, f.name) for f in fields(item)]


def to_document(world: World) -> dict[str, Any]:
    """The state as a JSON document."""
    document: dict[str, Any] = {}
    for f in fields(World):
        value = getattr(world, f.name)
        if f.name in _PARTS:
            value = [_as_list(item) for item in value.values()]
        elif f.name == "technicians":
            value = [_as_list(item) for item in value]
        elif f.name in ("agenda", "invitations"):
            value = [[key, item] for key, item in value.items()]
        document[f.name] = value
    return document


def from_document(document: dict[str, Any]) -> World:
    """The state that `to_document` wrote.

    Raises ValueError when the document was written by another version of the simulator.
    """
    expected = {f.name for f in fields(World)}
    if set(document) != expected:
        raise ValueError(
            f"simulator state has fields {sorted(set(document) ^ expected)} too many or too few, expected "
            f"{sorted(expected)}: create the company anew (fieldhouse db reset, then fieldhouse up)"
        )
    values = dict(document)
    values["clients"] = {row[0]: Client(*row) for row in document["clients"]}
    values["visits"] = {row[0]: Visit(*row) for row in document["visits"]}
    values["technicians"] = [Technician(*row) for row in document["technicians"]]
    values["agenda"] = {key: item for key, item in document["agenda"]}
    values["invitations"] = {key: item for key, item in document["invitations"]}
    return World(**values)


def new_world(seed: int, scale: float, first_day: date, history_end: date) -> World:
    """A company that has not lived any day yet."""
    return World(seed, scale, first_day.toordinal(), history_end.toordinal(), first_day.toordinal() - 1)
