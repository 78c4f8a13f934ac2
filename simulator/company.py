"""Create the demo company with its history, or let it live more days.

Order of writing, for a new company and for each further day: files of the inbox, ground truth, state, and
last the ERP in one transaction that moves the bookmark `jours_vecus`. Whatever stops half-way, the bookmark
still names the day before, and doing the day again writes the same files and rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection

from simulator import state
from simulator.calendar import add_months
from simulator.day import live_day
from simulator.erp_schema import BUSINESS_TABLES
from simulator.erp_writer import MemoryErp, connect, mark_day, write_day
from simulator.external_plan import take_over_plans
from simulator.inbox_writer import Inbox
from simulator.today import Today
from simulator.truth import Truth
from simulator.world import new_world

HISTORY_MONTHS = 24
Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class CompanySummary:
    """What was created: days, rows by ERP table, spoilt rows and lines."""

    first_day: date
    as_of: date
    rows: dict[str, int]
    spoilt: int


def _silent(_text: str, _share: float) -> None:
    return None


def _ledger_of(today: Today, delivered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"day": today.day.isoformat(), **note} for note in [*today.ledger, *delivered]]


def _last_day(link: Connection) -> tuple[date, str] | None:
    with link.cursor() as cursor:
        cursor.execute("select jour, empreinte_etat from jours_vecus order by jour desc limit 1")
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def lived_until(erp_url: str) -> date | None:
    """The last day that the company of an ERP has wholly lived; None when none was created there yet."""
    with connect(erp_url) as link:
        lived = _last_day(link)
    return lived[0] if lived else None


def create_company(
    erp_url: str, inbox: str, truth_dir: Path, as_of: date, *, scale: float = 1.0, seed: int = 7,
    progress: Progress | None = None,
) -> CompanySummary:  # fmt: skip
    """Create the company with 24 months of history up to the end of `as_of`.

    `erp_url` names a database where `create_schema` has run; `inbox` is a folder or fsspec address whose
    three source folders are emptied first. `scale` multiplies customers (900 under contract at 1) and
    technicians (5). Raises ValueError when the ERP already holds a company.
    """
    if scale <= 0:
        raise ValueError(f"scale is {scale}, expected a number above 0: 1 is the demo, 0.2 a small one")
    tell = progress or _silent
    with connect(erp_url) as link:
        if (lived := _last_day(link)) is not None:
            raise ValueError(
                f"the ERP already holds a company that lived until {lived[0]}, expected an empty one: "
                "use live() to go on, or drop and create the database (fieldhouse db reset)"
            )
    first = add_months(as_of, -HISTORY_MONTHS)
    world, erp = new_world(seed, scale, first, as_of), MemoryErp()
    files, truth = Inbox(inbox), Truth(truth_dir)
    files.clear()
    ledger: list[dict[str, Any]] = []
    hazards: list[tuple[int, str, float]] = []
    days = as_of.toordinal() - first.toordinal() + 1
    for index in range(days):
        today = live_day(world)
        erp.add_columns(today.added_columns)
        erp.apply(today.journal.timed())
        ledger += _ledger_of(today, files.deliver(today))
        hazards += today.hazards
        tell(f"jour {today.day.isoformat()}", 0.9 * (index + 1) / days)
    truth.write_model(world)
    truth.write_history(ledger, hazards)
    fingerprint = state.save(world, truth_dir)
    with connect(erp_url) as link:
        erp.write(link)
        mark_day(link, as_of, fingerprint)
    tell("société créée", 1.0)
    return CompanySummary(first, as_of, {name: erp.count(name) for name in BUSINESS_TABLES}, len(ledger))


def live(erp_url: str, inbox: str, truth_dir: Path, *, days: int, progress: Progress | None = None) -> date:
    """Let the company live `days` more calendar days; returns the new as-of day.

    Plans that others wrote into the ERP (interventions planned,
    moved or cancelled) are followed. Raises ValueError when no company was created, or when `days` is below
    1.
    """
    if days < 1:
        raise ValueError(f"days is {days}, expected 1 or more calendar days to live")
    tell = progress or _silent
    files, truth = Inbox(inbox), Truth(truth_dir)
    for index in range(days):
        with connect(erp_url) as link:
            lived = _last_day(link)
            if lived is None:
                raise ValueError(
                    "the ERP holds no company yet, expected one: run create_company first (fieldhouse up)"
                )
            world = state.load(truth_dir, *lived)
            take_over_plans(link, world)
            today = live_day(world)
            notes = _ledger_of(today, files.deliver(today))
            truth.add_day(today.day.isoformat(), notes, today.hazards)
            fingerprint = state.save(world, truth_dir)
            write_day(link, today.journal.timed(), today.added_columns)
            mark_day(link, today.day, fingerprint)
        state.forget_old(truth_dir)
        tell(f"jour {today.day.isoformat()}", (index + 1) / days)
    return today.day
