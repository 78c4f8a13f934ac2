"""What calendars were told so far: the published versions of a plan, and the SEQUENCE of each event.

Nothing is counted in a file: the gate's journal says which plans were published and when, and their visits
are still in `planning.visites`. The same plan therefore always gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

# An event is one visit of one technician: (intervention_id, technicien_id).
Event = tuple[int, int]
# The part of an event whose change calendars must notice: beginning and end.
Moment = tuple[datetime, datetime]

_PUBLISHED = """
select p.plan_id::text as plan_id, p.semaine_debut, a.fait_at
from ops.journal_actions as a
inner join planning.plans as p on p.plan_id::text = a.sujet
where a.action = 'publier_plan' and a.decision = 'execute' and p.nature <> 'tournee'
order by a.fait_at, a.action_id
"""

# Visits of the given plans, for every intervention that the week ever held.
_EVENTS = """
select v.plan_id::text as plan_id, v.intervention_id, v.technicien_id, v.debut_at, v.fin_at
from planning.visites as v
where v.plan_id::text = any(:plans) and v.intervention_id in (
    select w.intervention_id
    from planning.visites as w
    inner join planning.plans as p on p.plan_id = w.plan_id
    where p.semaine_debut = :week and w.plan_id::text = any(:plans)
)
"""


@dataclass(frozen=True)
class Version:
    """A plan as published (or about to be): the events of its week."""

    week: date
    events: Mapping[Event, Moment]


@dataclass(frozen=True)
class Revisions:
    """`sequences` of the events that a plan holds; `cancelled` events with their sequence and last moment.

    `unchanged`: events that stand as the last published version has them. `published_at` None for a proposal.
    """

    sequences: Mapping[Event, int] = field(default_factory=dict)
    cancelled: Mapping[Event, tuple[int, Moment]] = field(default_factory=dict)
    unchanged: frozenset[Event] = frozenset()
    published_at: datetime | None = None


@dataclass
class _Told:
    changes: int
    moment: Moment
    week: date
    cancelled: bool = False


def revisions(versions: Sequence[Version], proposal: Version | None = None) -> Revisions:
    """Sequences after the last of `versions`, or of a `proposal` that would come after them.

    Each publication that adds, moves, cancels or brings back an event counts two; a proposal that does so
    counts one, so that confirming it counts again: RFC 5546 wants a greater SEQUENCE whenever DTSTART, DTEND
    or STATUS change (section 2.1.4). A visit that moved to another week's plan is not cancelled by its
    former week. Proposals cancel nothing: they may never be published.
    """
    told: dict[Event, _Told] = {}
    for version in versions:
        _publish(told, version)
    if proposal is None:
        week = versions[-1].week
        return Revisions(
            {event: 2 * told[event].changes for event in versions[-1].events},
            {
                event: (2 * past.changes, past.moment)
                for event, past in sorted(told.items())
                if past.cancelled and past.week == week
            },
            frozenset(versions[-1].events),
        )
    same = frozenset(
        event
        for event, moment in proposal.events.items()
        if event in told and not told[event].cancelled and told[event].moment == moment
    )
    sequences = {}
    for event in proposal.events:
        before = 2 * told[event].changes if event in told else 0
        sequences[event] = before if event in same else before + 1
    return Revisions(sequences, unchanged=same)


def _publish(told: dict[Event, _Told], version: Version) -> None:
    for event, past in told.items():
        if past.week == version.week and not past.cancelled and event not in version.events:
            past.cancelled = True
            past.changes += 1
    for event, moment in version.events.items():
        past = told.get(event)
        if past is None:
            told[event] = _Told(1, moment, version.week)
            continue
        if past.cancelled or past.moment != moment:
            past.changes += 1
        past.moment, past.week, past.cancelled = moment, version.week, False


def read_revisions(connection: sa.Connection, plan: sa.Row) -> Revisions:
    """Sequences of a plan of planning.plans, from what was published before it and with it."""
    if plan.nature == "tournee":
        return Revisions()
    this = str(plan.plan_id)
    published = connection.execute(sa.text(_PUBLISHED)).all()
    moments = [row.fait_at for row in published if row.plan_id == this]
    is_public = plan.statut != "Propose" and bool(moments)
    until = moments[-1] if is_public else plan.cree_at
    told = [row for row in published if row.fait_at <= until]
    wanted = {"plans": sorted({row.plan_id for row in told} | {this}), "week": plan.semaine_debut}
    events: dict[str, dict[Event, Moment]] = {}
    for row in connection.execute(sa.text(_EVENTS), wanted):
        key = (row.intervention_id, row.technicien_id)
        events.setdefault(row.plan_id, {})[key] = (row.debut_at, row.fin_at)
    versions = [Version(row.semaine_debut, events.get(row.plan_id, {})) for row in told]
    if not is_public:
        return revisions(versions, Version(plan.semaine_debut, events.get(this, {})))
    found = revisions(versions)
    return Revisions(found.sequences, found.cancelled, found.unchanged, until)
