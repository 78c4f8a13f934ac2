"""A technician's week: every visit with what he needs at the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.schedule_files.schedule import ScheduledDay, ScheduledVisit, total_hours
from services.schedule_files.wording import hours, kilometres, long_day
from services.schedule_files.xlsx.look import kind_of, page

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

VISIT_COLUMNS = (
    ("N°", 4),
    ("Arrivée", 8),
    ("Début", 8),
    ("Fin", 8),
    ("Client", 26),
    ("Téléphone", 15),
    ("Adresse", 30),
    ("Commune", 26),
    ("Intervention", 32),
    ("RDV promis", 13),
    ("Horaires d’accès", 13),
    ("À deux avec", 16),
    ("Échéance", 11),
    ("Trajet (km)", 10),
    ("Trajet (min)", 10),
)


def technician(sheet: Worksheet, name: str, days: list[ScheduledDay], formats: Mapping[str, Format]) -> None:
    """Fill the sheet of one technician."""
    for column, (_, width) in enumerate(VISIT_COLUMNS):
        sheet.set_column(column, column, width)
    last = len(VISIT_COLUMNS) - 1
    sheet.write_string(0, 0, name, formats["title"])
    sheet.write(
        1,
        0,
        "Rouge : urgente. Bleu : heure promise. Jaune : échéance dépassée. Violet : hors zone. "
        "≈ : position estimée, vérifier l’adresse.",
        formats["note"],
    )
    for column, (head, _) in enumerate(VISIT_COLUMNS):
        sheet.write(2, column, head, formats["head"])
    row = 3
    for day in days:
        pause = f", pause à {day.pause:%H:%M}" if day.pause else ""
        band = (
            f"{long_day(day.jour).capitalize()} : départ {day.depart:%H:%M}, retour {day.retour:%H:%M}{pause}"
        )
        band += f" — {hours(day.travail_min)} travaillées, {kilometres(day.km)}"
        sheet.merge_range(row, 0, row, last, band, formats["day"])
        sheet.set_row(row, 18)
        row += 1
        for visit in day.visites:
            _visit_row(sheet, row, visit, formats)
            row += 1
    sheet.merge_range(
        row, 0, row, last - 2, f"Semaine : {hours(60 * total_hours(days))}", formats["total_left"]
    )
    sheet.write_number(row, last - 1, sum(day.km for day in days), formats["km_total"])
    drive = sum(visit.trajet_min for day in days for visit in day.visites)
    sheet.write_number(row, last, drive, formats["total_left"])
    sheet.write(row + 1, 0, "Kilomètres de domicile à domicile, retours compris.", formats["note"])
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    page(sheet, len(VISIT_COLUMNS))


def _visit_row(sheet: Worksheet, row: int, visit: ScheduledVisit, formats: Mapping[str, Format]) -> None:
    kind = kind_of(visit)
    text, time = formats[f"text {kind}"], formats[f"time {kind}"]
    sheet.write_number(row, 0, visit.ordre, formats[f"int {kind}"])
    for column, moment in enumerate((visit.arrivee, visit.debut, visit.fin), start=1):
        sheet.write_datetime(row, column, moment.replace(tzinfo=None).time(), time)
    address = f"≈ {visit.adresse}" if visit.position_estimee else visit.adresse
    values = (visit.client, visit.telephone, address, visit.commune, visit.type_intervention, visit.rdv)
    values += (visit.horaires, visit.avec)
    for column, value in enumerate(values, start=4):
        sheet.write_string(row, column, value, text)
    if visit.date_due is None:
        sheet.write_blank(row, 12, None, text)
    else:
        sheet.write_datetime(row, 12, visit.date_due, formats[f"date {kind}"])
    sheet.write_number(row, 13, visit.trajet_km, formats[f"km {kind}"])
    sheet.write_number(row, 14, visit.trajet_min, formats[f"int {kind}"])
