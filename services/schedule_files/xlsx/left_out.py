"""Visits that the plan could not place: why, and what would place them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.schedule_files.schedule import LeftOut
from services.schedule_files.xlsx.look import page

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LEFT_COLUMNS = (
    ("N°", 8),
    ("Client", 24),
    ("Téléphone", 15),
    ("Adresse", 38),
    ("Intervention", 28),
    ("Urgence", 10),
    ("Échéance", 11),
    ("Durée (min)", 10),
    ("RDV promis", 12),
    ("Pourquoi", 46),
    ("Ce qui la placerait", 38),
)


def left_out(sheet: Worksheet, left: tuple[LeftOut, ...], formats: Mapping[str, Format]) -> None:
    """Fill the sheet."""
    for column, (head, width) in enumerate(LEFT_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write(2, column, head, formats["head"])
    sheet.write(0, 0, f"Visites non planifiées : {len(left)}", formats["title"])
    sheet.write(
        1,
        0,
        "Chaque proposition a été vérifiée seule. « non prouvé » : aucun changement simple trouvé.",
        formats["note"],
    )
    for row, item in enumerate(left, start=3):
        kind = "urgent" if item.urgente else ""
        text = formats[f"text {kind}"]
        sheet.write_number(row, 0, item.intervention_id, formats[f"int {kind}"])
        urgency = "Urgente" if item.urgente else "Normale"
        for column, value in enumerate(
            (item.client, item.telephone, item.adresse, item.type_intervention, urgency), 1
        ):
            sheet.write_string(row, column, value, text)
        if item.date_due is None:
            sheet.write_blank(row, 6, None, text)
        else:
            sheet.write_datetime(row, 6, item.date_due, formats[f"date {kind}"])
        if item.duree_min is None:
            sheet.write_blank(row, 7, None, text)
        else:
            sheet.write_number(row, 7, item.duree_min, formats[f"int {kind}"])
        for column, value in enumerate((item.rdv, item.raison, item.remede), 8):
            sheet.write_string(row, column, value, text)
        sheet.set_row(row, 28)
    if left:
        sheet.autofilter(2, 0, 2 + len(left), len(LEFT_COLUMNS) - 1)
    sheet.freeze_panes(3, 2)
    sheet.repeat_rows(2)
    page(sheet, len(LEFT_COLUMNS))
