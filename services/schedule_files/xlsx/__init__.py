"""The week as a workbook: the week at a glance, a sheet a technician, visits not placed. Prints on A4."""

from __future__ import annotations

from pathlib import Path

from services.schedule_files.schedule import Schedule
from services.schedule_files.xlsx.left_out import left_out
from services.schedule_files.xlsx.look import formats_of
from services.schedule_files.xlsx.technician import technician
from services.schedule_files.xlsx.week import week

# The longest sheet name that Excel takes.
NAME_LENGTH = 31
WEEK, LEFT_OUT = "Semaine", "Non planifiées"


def write(schedule: Schedule, path: Path) -> Path:
    """Write the workbook to `path`."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", "remove_timezone": True}) as book:
        book.set_properties(
            {
                "title": f"Planning du {schedule.premier_jour:%d/%m/%Y}",
                "company": "Fieldhouse",
                # The plan's moment, not this export's: the same plan gives the same file.
                "created": schedule.horodatage.replace(tzinfo=None),
            }
        )
        formats = formats_of(book)
        week(book.add_worksheet(WEEK), schedule, formats)
        used = {WEEK.lower(), LEFT_OUT.lower()}
        for number, name in schedule.techniciens:
            days = [day for day in schedule.journees if day.technicien_id == number]
            technician(book.add_worksheet(_sheet_name(name, number, used)), name, days, formats)
        left_out(book.add_worksheet(LEFT_OUT), schedule.non_planifiees, formats)
    return path


def _sheet_name(name: str, number: int, used: set[str]) -> str:
    """A name that Excel accepts, unlike any other in the workbook."""
    plain = (
        "".join(" " if letter in "[]:*?/\\'" else letter for letter in name).strip() or f"Technicien {number}"
    )
    chosen = plain[:NAME_LENGTH]
    if chosen.lower() in used:
        ending = f" {number}"
        chosen = plain[: NAME_LENGTH - len(ending)] + ending
    used.add(chosen.lower())
    return chosen
