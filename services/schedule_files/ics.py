"""Calendars: one file a technician, updated rather than duplicated when it is read again.

An event is one visit of one technician: its UID never changes, its SEQUENCE grows when it moves or is
cancelled (see `history`). RFC 5545 (iCalendar) and RFC 5546 (iTIP): a file with METHOD:PUBLISH carries every
event, cancelled ones too (STATUS:CANCELLED); a second file with METHOD:CANCEL carries those alone, for
programs that take events out only when told so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from services.schedule_files.schedule import Cancelled, Schedule, ScheduledVisit
from services.schedule_files.wording import kilometres

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

# RFC 5546 wants an organizer in what is published; nobody answers to this one (the convention for none).
ORGANIZER = "invalid:nomail"


def write(schedule: Schedule, folder: Path) -> list[Path]:
    """One .ics a technician, named after them, in `folder`; those with cancellations get a second one."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    gone = {(item.technicien_id, item.technicien) for item in schedule.annulations}
    for number, name in sorted({*schedule.techniciens, *gone}):
        visits = [v for day in schedule.journees if day.technicien_id == number for v in day.visites]
        cancelled = [item for item in schedule.annulations if item.technicien_id == number]
        stem = f"{file_name(name)}-{number}"
        calendars = {stem: calendar_of(schedule, visits, cancelled, name)}
        if cancelled:
            calendars[f"{stem}-annulations"] = calendar_of(schedule, [], cancelled, name, method="CANCEL")
        for file_stem, calendar in calendars.items():
            path = folder / f"{file_stem}.ics"
            path.write_bytes(calendar.to_ical())
            written.append(path)
    return written


def calendar_of(
    schedule: Schedule,
    visits: Iterable[ScheduledVisit],
    cancelled: Iterable[Cancelled],
    name: str,
    *,
    method: str = "PUBLISH",
) -> Calendar:
    """A technician's calendar, with the Europe/Paris time zone described inside."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Fieldhouse//Planning//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add("x-wr-calname", f"Tournées {name}")
    calendar.add("x-wr-timezone", "Europe/Paris")
    calendar.add_component(_paris())
    for visit in visits:
        calendar.add_component(_planned(schedule, visit))
    for item in cancelled:
        calendar.add_component(_cancelled(schedule, item))
    return calendar


def _paris() -> Timezone:
    """Europe/Paris by rule, as every calendar program reads it: last Sundays of March and October."""
    import icalendar

    zone = icalendar.Timezone()
    zone.add("tzid", "Europe/Paris")
    summer, winter = icalendar.TimezoneDaylight(), icalendar.TimezoneStandard()
    for part, name, hour, month, before, after in (
        (summer, "CEST", 2, 3, timedelta(hours=1), timedelta(hours=2)),
        (winter, "CET", 3, 10, timedelta(hours=2), timedelta(hours=1)),
    ):
        part.add("tzname", name)
        # The last Sundays of March and October 1996, since when the rule has not changed.
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _event(
    schedule: Schedule, intervention: int, technician: int, sequence: int, start: datetime, end: datetime
) -> Event:
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"intervention-{intervention}-technicien-{technician}@fieldhouse")
    event.add("sequence", sequence)
    # Stored, not the time of this export: the same plan gives the same file.
    event.add("dtstamp", schedule.horodatage.astimezone(UTC))
    event.add("last-modified", schedule.horodatage.astimezone(UTC))
    organizer = icalendar.vCalAddress(ORGANIZER)
    organizer.params["CN"] = icalendar.vText("Planning")
    event.add("organizer", organizer)
    event.add("dtstart", start)
    event.add("dtend", end)
    return event


def _planned(schedule: Schedule, visit: ScheduledVisit) -> Event:
    event = _event(
        schedule, visit.intervention_id, visit.technicien_id, visit.sequence, visit.debut, visit.fin
    )
    urgent = "URGENT – " if visit.urgente else ""
    event.add("summary", f"{urgent}{visit.type_intervention} – {visit.client}")
    event.add("location", ", ".join(part for part in (visit.adresse, visit.commune) if part))
    lines = [f"Intervention n° {visit.intervention_id}", f"Téléphone : {visit.telephone or 'inconnu'}"]
    if visit.rdv:
        lines.append(f"Rendez-vous promis : {visit.rdv}")
    if visit.horaires:
        lines.append(f"Accès : {visit.horaires}")
    if visit.avec:
        lines.append(f"À deux, avec {visit.avec}")
    if visit.position_estimee:
        lines.append("Position estimée : vérifier l’adresse")
    lines.append(f"Trajet : {visit.trajet_min:.0f} min, {kilometres(visit.trajet_km)}")
    event.add("description", "\n".join(lines))
    if visit.latitude is not None and visit.longitude is not None and not visit.position_estimee:
        event.add("geo", (visit.latitude, visit.longitude))
    event.add("priority", 1 if visit.urgente else 5)
    event.add("status", "CONFIRMED" if visit.confirmee else "TENTATIVE")
    return event


def _cancelled(schedule: Schedule, item: Cancelled) -> Event:
    event = _event(schedule, item.intervention_id, item.technicien_id, item.sequence, item.debut, item.fin)
    what = " – ".join(part for part in (item.type_intervention, item.client) if part)
    event.add("summary", f"Annulée : {what or f'intervention n° {item.intervention_id}'}")
    event.add("status", "CANCELLED")
    return event


def file_name(name: str) -> str:
    """'elodie-martin' for 'Élodie Martin'."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "technicien"
