"""The week as a workbook: overview, a sheet a technician, visits not placed. Prints on A4 landscape."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from services.schedule_files.schedule import LeftOut, Schedule, ScheduledDay, ScheduledVisit, total_hours
from services.schedule_files.wording import hours, kilometres, long_day, short_day

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

URGENT, LATE, PROMISED = "#F8CBAD", "#FFF2CC", "#DDEBF7"
INK, BAND = "#1F3864", "#D9E2F3"
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
    ("Échéance", 11),
    ("Trajet (km)", 10),
    ("Trajet (min)", 10),
)
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
# The longest sheet name that Excel takes.
NAME_LENGTH = 31
# A visit takes one line of the overview: 33 characters of width hold about 46 of text, 7 fewer in bold.
GRID_WIDTH, GRID_LETTERS, BOLD_LETTERS = 33, 46, 7


def write(schedule: Schedule, path: Path) -> Path:
    """Write the workbook to `path`."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", "remove_timezone": True}) as book:
        book.set_properties(
            {"title": f"Planning du {schedule.premier_jour:%d/%m/%Y}", "company": "Fieldhouse"}
        )
        formats = _formats(book)
        _overview(book.add_worksheet("Semaine"), schedule, formats)
        used = {"semaine", "non planifiées"}
        for number, name in schedule.techniciens:
            days = [day for day in schedule.journees if day.technicien_id == number]
            _technician(book.add_worksheet(_sheet_name(name, number, used)), name, days, schedule, formats)
        _left_out(book.add_worksheet("Non planifiées"), schedule.non_planifiees, formats)
    return path


def _formats(book: Workbook) -> Mapping[str, Format]:
    base = {"font_name": "Calibri", "font_size": 10, "valign": "vcenter"}
    cell = {**base, "border": 1, "border_color": "#BFBFBF"}
    made = {
        "title": book.add_format({**base, "bold": True, "font_size": 16, "font_color": INK}),
        "note": book.add_format({**base, "italic": True, "font_color": "#595959"}),
        "head": book.add_format(
            {
                **cell,
                "bold": True,
                "bg_color": INK,
                "font_color": "white",
                "align": "center",
                "text_wrap": True,
            }
        ),
        "name": book.add_format({**cell, "bold": True, "bg_color": BAND, "text_wrap": True}),
        "day": book.add_format({**cell, "bold": True, "bg_color": BAND, "font_size": 11}),
        "grid": book.add_format({**cell, "text_wrap": True, "valign": "top", "font_size": 9}),
        "off": book.add_format({**cell, "align": "center", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}),
        "bold": book.add_format({"bold": True, "font_size": 9}),
        "red": book.add_format({"bold": True, "font_size": 9, "font_color": "#C00000"}),
        "plain": book.add_format({"font_size": 9}),
        "total": book.add_format(
            {**cell, "bold": True, "bg_color": BAND, "align": "center", "text_wrap": True}
        ),
        "total_left": book.add_format({**cell, "bold": True, "bg_color": BAND}),
        "km_total": book.add_format({**cell, "bold": True, "bg_color": BAND, "num_format": "0.0"}),
    }
    for kind, colour in (("", None), ("urgent", URGENT), ("late", LATE), ("promised", PROMISED)):
        fill = {} if colour is None else {"bg_color": colour}
        made[f"text {kind}"] = book.add_format({**cell, **fill, "text_wrap": True})
        made[f"time {kind}"] = book.add_format({**cell, **fill, "num_format": "hh:mm", "align": "center"})
        made[f"date {kind}"] = book.add_format(
            {**cell, **fill, "num_format": "dd/mm/yyyy", "align": "center"}
        )
        made[f"km {kind}"] = book.add_format({**cell, **fill, "num_format": "0.0"})
        made[f"int {kind}"] = book.add_format({**cell, **fill, "num_format": "0", "align": "center"})
    return made


def _page(sheet: Worksheet, columns: int, *, tall: int = 0) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, tall)
    sheet.set_footer("&L&F&C&A&RPage &P / &N")
    sheet.hide_gridlines(2)
    sheet.print_area(0, 0, max(sheet.dim_rowmax or 0, 1), columns - 1)


def _overview(sheet: Worksheet, schedule: Schedule, formats: Mapping[str, Format]) -> None:
    days = schedule.jours
    sheet.set_column(0, 0, 13)
    sheet.set_column(1, max(len(days), 1), GRID_WIDTH)
    sheet.set_column(len(days) + 1, len(days) + 1, 11)
    # The last day of a week that begins on a Monday and may end on a holiday.
    until = f" au {long_day(days[-1])}" if len(days) > 1 else ""
    sheet.write(
        0, 0, f"Planning du {long_day(days[0] if days else schedule.premier_jour)}{until}", formats["title"]
    )
    visits = sum(day.nb_visites for day in schedule.journees)
    worked = hours(60 * total_hours(schedule.journees))
    note = f"{visits} visites, {worked} travaillées (trajets compris, pause exclue)"
    note += f", {kilometres(schedule.km_total)}, {len(schedule.non_planifiees)} non planifiées"
    state = {"Publie": "publié", "Propose": "proposé", "Remplace": "remplacé"}[schedule.statut]
    sheet.write(1, 0, f"{note}. Plan {state}, version {schedule.revision}.", formats["note"])
    sheet.write(2, 0, "En rouge : visite urgente. Un astérisque : heure promise au client.", formats["note"])
    for column, head in enumerate(["Technicien", *map(short_day, days), "Total"]):
        sheet.write(3, column, head, formats["head"])
    row = 4
    for number, name in schedule.techniciens:
        mine = {day.jour: day for day in schedule.journees if day.technicien_id == number}
        sheet.write(row, 0, name, formats["name"])
        for column, day in enumerate(days, start=1):
            _grid_cell(sheet, row, column, mine.get(day), formats)
        sheet.write(row, len(days) + 1, _totals(list(mine.values())), formats["total"])
        lines = max((1 + len(day.visites) for day in mine.values()), default=1)
        sheet.set_row(row, 12.5 * max(lines, 3) + 4)
        row += 1
    sheet.write(row, 0, "Total", formats["total_left"])
    for column, day in enumerate(days, start=1):
        sheet.write(row, column, _totals([d for d in schedule.journees if d.jour == day]), formats["total"])
    sheet.write(row, len(days) + 1, _totals(list(schedule.journees)), formats["total"])
    sheet.set_row(row, 42)
    sheet.freeze_panes(4, 1)
    _page(sheet, len(days) + 2, tall=1)


def _totals(days: list[ScheduledDay]) -> str:
    visits = sum(day.nb_visites for day in days)
    return f"{visits} visites\n{hours(60 * total_hours(days))}\n{kilometres(sum(day.km for day in days))}"


def _grid_cell(
    sheet: Worksheet, row: int, column: int, day: ScheduledDay | None, formats: Mapping[str, Format]
) -> None:
    if day is None:
        sheet.write_string(row, column, "—", formats["off"])
        return
    parts: list[object] = [formats["bold"], f"{hours(day.travail_min)} · {kilometres(day.km)}"]
    for visit in day.visites:
        star = "*" if visit.rdv else ""
        town = visit.commune.partition(" ")[2] or visit.commune
        line = f"\n{visit.debut:%H:%M}{star} {_shortened(visit.client, town, bold=visit.urgente)}"
        parts += [formats["red"] if visit.urgente else formats["plain"], line]
    sheet.write_rich_string(row, column, *parts, formats["grid"])


def _shortened(client: str, town: str, *, bold: bool) -> str:
    """'Client (Commune)' on one line, the client's name cut where it must be."""
    room = GRID_LETTERS - (BOLD_LETTERS if bold else 0) - len("00:00* ") - len(town) - len(" ()")
    name = client if len(client) <= room else f"{client[: max(room, 8) - 1].rstrip()}…"
    return f"{name} ({town})"


def _technician(
    sheet: Worksheet, name: str, days: list[ScheduledDay], schedule: Schedule, formats: Mapping[str, Format]
) -> None:
    for column, (_, width) in enumerate(VISIT_COLUMNS):
        sheet.set_column(column, column, width)
    last = len(VISIT_COLUMNS) - 1
    sheet.write(0, 0, name, formats["title"])
    sheet.write(
        1,
        0,
        "Rouge : urgent. Jaune : échéance dépassée. Bleu : heure promise au client. ≈ : position estimée.",
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
    _page(sheet, len(VISIT_COLUMNS))


def _visit_row(sheet: Worksheet, row: int, visit: ScheduledVisit, formats: Mapping[str, Format]) -> None:
    kind = "urgent" if visit.urgente else "promised" if visit.rdv else ""
    if not kind and visit.date_due is not None and visit.date_due < visit.jour:
        kind = "late"
    text, time = formats[f"text {kind}"], formats[f"time {kind}"]
    sheet.write_number(row, 0, visit.ordre, formats[f"int {kind}"])
    for column, moment in enumerate((visit.arrivee, visit.debut, visit.fin), start=1):
        sheet.write_datetime(row, column, moment.replace(tzinfo=None).time(), time)
    address = f"≈ {visit.adresse}" if visit.position_estimee else visit.adresse
    values = (visit.client, visit.telephone, address, visit.commune, visit.type_intervention, visit.rdv)
    for column, value in enumerate(values, start=4):
        sheet.write_string(row, column, value, text)
    if visit.date_due is None:
        sheet.write_blank(row, 10, None, text)
    else:
        sheet.write_datetime(row, 10, visit.date_due, formats[f"date {kind}"])
    sheet.write_number(row, 11, visit.trajet_km, formats[f"km {kind}"])
    sheet.write_number(row, 12, visit.trajet_min, formats[f"int {kind}"])


def _left_out(sheet: Worksheet, left: tuple[LeftOut, ...], formats: Mapping[str, Format]) -> None:
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
    _page(sheet, len(LEFT_COLUMNS))


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
