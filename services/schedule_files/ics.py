"""Calendars: one file a technician. UIDs never change, SEQUENCE grows with each plan, so calendars update."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.schedule_files.schedule import Schedule, ScheduledDay, ScheduledVisit


def write(schedule: Schedule, folder: Path) -> list[Path]:
    """One .ics a technician, named after them, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, name in schedule.techniciens:
        days = [day for day in schedule.journees if day.technicien_id == number]
        path = folder / f"{file_name(name)}-{number}.ics"
        path.write_bytes(calendar_of(schedule, days, name).to_ical())
        written.append(path)
    return written


def calendar_of(schedule: Schedule, days: list[ScheduledDay], name: str):
    """The technician's calendar, with the Europe/Paris time zone described inside."""
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Fieldhouse//Planning//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Tournées {name}")
    calendar.add("x-wr-timezone", "Europe/Paris")
    calendar.add_component(_paris())
    for day in days:
        for visit in day.visites:
            calendar.add_component(_event(schedule, visit))
    return calendar


def _paris():
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


def _event(schedule: Schedule, visit: ScheduledVisit):
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"intervention-{visit.intervention_id}@fieldhouse")
    event.add("sequence", schedule.revision)
    event.add("dtstamp", schedule.cree_at.astimezone(UTC))
    event.add("dtstart", visit.debut)
    event.add("dtend", visit.fin)
    urgent = "URGENT – " if visit.urgente else ""
    event.add("summary", f"{urgent}{visit.type_intervention} – {visit.client}")
    event.add("location", ", ".join(part for part in (visit.adresse, visit.commune) if part))
    lines = [f"Intervention n° {visit.intervention_id}", f"Téléphone : {visit.telephone or 'inconnu'}"]
    if visit.rdv:
        lines.append(f"Rendez-vous promis : {visit.rdv}")
    lines.append(f"Trajet : {visit.trajet_min:.0f} min, {visit.trajet_km:.1f} km".replace(".", ","))
    event.add("description", "\n".join(lines))
    event.add("priority", 1 if visit.urgente else 5)
    event.add("status", "CONFIRMED" if schedule.statut == "Publie" else "TENTATIVE")
    return event


def file_name(name: str) -> str:
    """'elodie-martin' for 'Élodie Martin'."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "technicien"
