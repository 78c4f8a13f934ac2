"""The week at a glance: technicians by days, a cell a visit, coloured by kind, with totals both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from services.schedule_files.schedule import Schedule, ScheduledDay, ScheduledVisit, total_hours
from services.schedule_files.wording import counted, hours, kilometres, long_day, short_day
from services.schedule_files.xlsx.look import COLOURS, LEGEND, kind_of, page

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# A visit takes one line: 33 characters of column hold about 44 of text at size 9, a few fewer in bold.
WIDTH, LETTERS, BOLD_LETTERS = 33, 43, 6
# More rows than this cannot be read on one printed page.
ONE_PAGE = 70
STATES = {"Publie": "publié", "Propose": "proposé", "Remplace": "remplacé"}


def week(sheet: Worksheet, schedule: Schedule, formats: Mapping[str, Format]) -> None:
    """Fill the sheet."""
    days = schedule.jours
    last = len(days) + 1
    sheet.set_column(0, 0, 15)
    sheet.set_column(1, max(len(days), 1), WIDTH)
    sheet.set_column(last, last, 12)
    _title(sheet, schedule, formats)
    for column, kind in enumerate(COLOURS, start=1):
        sheet.write_string(2, column, LEGEND[kind].capitalize(), formats[f"key {kind}"])
    for column, head in enumerate(["Technicien", *map(short_day, days), "Total"]):
        sheet.write_string(3, column, head, formats["head"])
    row = 4
    for number, name in schedule.techniciens:
        mine = {day.jour: day for day in schedule.journees if day.technicien_id == number}
        row = _block(sheet, row, name, [mine.get(day) for day in days], formats)
    sheet.write_string(row, 0, "Total", formats["total_left"])
    for column, day in enumerate(days, start=1):
        sheet.write_string(
            row, column, _totals([d for d in schedule.journees if d.jour == day]), formats["total"]
        )
    sheet.write_string(row, last, _totals(schedule.journees), formats["total"])
    sheet.set_row(row, 42)
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    page(sheet, last + 1, tall=1 if row <= ONE_PAGE else 0)


def _title(sheet: Worksheet, schedule: Schedule, formats: Mapping[str, Format]) -> None:
    days = schedule.jours
    # The last day of a week that begins on a Monday and may end on a holiday.
    until = f" au {long_day(days[-1])}" if len(days) > 1 else ""
    first = long_day(days[0] if days else schedule.premier_jour)
    sheet.write_string(0, 0, f"Planning du {first}{until}", formats["title"])
    visits = sum(day.nb_visites for day in schedule.journees)
    worked = hours(60 * total_hours(schedule.journees))
    note = f"{counted(visits, 'visite')}, {worked} travaillées (trajets compris, pause exclue)"
    note += f", {kilometres(schedule.km_total)}, {counted(len(schedule.non_planifiees), 'non planifiée')}"
    note += f". Plan {STATES[schedule.statut]}, version {schedule.revision}."
    sheet.write_string(1, 0, note, formats["note"])
    sheet.write_string(2, 0, "Couleurs :", formats["note"])


def _block(
    sheet: Worksheet, top: int, name: str, days: Sequence[ScheduledDay | None], formats: Mapping[str, Format]
) -> int:
    """A technician's rows from `top`: each day's hours and kilometres, then its visits; the next free row."""
    lines = max([len(day.visites) for day in days if day is not None], default=0)
    # Three lines at least, so that the totals beside them can be read.
    bottom = top + max(lines, 2)
    sheet.merge_range(top, 0, bottom, 0, name, formats["name"])
    for column, day in enumerate(days, start=1):
        if day is None:
            sheet.merge_range(top, column, bottom, column, "—", formats["off"])
            continue
        sheet.write_string(top, column, f"{hours(day.travail_min)} · {kilometres(day.km)}", formats["hours"])
        for row in range(top + 1, bottom + 1):
            rank = row - top - 1
            if rank < len(day.visites):
                visit = day.visites[rank]
                sheet.write_string(row, column, _line(visit), formats[f"grid {kind_of(visit)}"])
            else:
                sheet.write_blank(row, column, None, formats["empty"])
    worked = [day for day in days if day is not None]
    sheet.merge_range(top, len(days) + 1, bottom, len(days) + 1, _totals(worked), formats["total"])
    return bottom + 1


def _totals(days: Sequence[ScheduledDay]) -> str:
    visits = counted(sum(day.nb_visites for day in days), "visite")
    return f"{visits}\n{hours(60 * total_hours(days))}\n{kilometres(sum(day.km for day in days))}"


def _line(visit: ScheduledVisit) -> str:
    """'08:05 Client (Commune)' on one line, the client's name cut where it must be."""
    town = visit.commune.partition(" ")[2] or visit.commune
    room = LETTERS - (BOLD_LETTERS if visit.urgente else 0) - len("00:00 ") - len(town) - len(" ()")
    name = visit.client if len(visit.client) <= room else f"{visit.client[: max(room, 8) - 1].rstrip()}…"
    return f"{visit.debut:%H:%M} {name} ({town})"
