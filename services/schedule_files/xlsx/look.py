"""What the workbook's sheets share: colours by kind of visit, formats, the printed page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from services.schedule_files.schedule import ScheduledVisit

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, BAND = "#1F3864", "#D9E2F3"
# In the order in which a kind hides the next: a visit has one colour.
COLOURS = {"urgent": "#F8CBAD", "promised": "#BDD7EE", "late": "#FFE699", "outside": "#E4D7F0"}
LEGEND = {
    "urgent": "urgente",
    "promised": "heure promise",
    "late": "échéance dépassée",
    "outside": "hors zone du technicien",
}


def kind_of(visit: ScheduledVisit) -> str:
    """The kind that gives a visit its colour; empty for an ordinary one."""
    if visit.urgente:
        return "urgent"
    if visit.rdv:
        return "promised"
    if visit.date_due is not None and visit.date_due < visit.jour:
        return "late"
    return "outside" if visit.hors_zone else ""


def formats_of(book: Workbook) -> Mapping[str, Format]:
    """Every format of the workbook by name; 'text urgent' is the look of a text in an urgent visit's row."""
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
        "hours": book.add_format({**cell, "bold": True, "bg_color": BAND, "font_size": 9, "align": "center"}),
        "empty": book.add_format({**cell}),
        "off": book.add_format({**cell, "align": "center", "font_color": "#7F7F7F", "bg_color": "#F2F2F2"}),
        "total": book.add_format(
            {**cell, "bold": True, "bg_color": BAND, "align": "center", "text_wrap": True}
        ),
        "total_left": book.add_format({**cell, "bold": True, "bg_color": BAND}),
        "km_total": book.add_format({**cell, "bold": True, "bg_color": BAND, "num_format": "0.0"}),
    }
    for kind, colour in (("", None), *COLOURS.items()):
        fill = {} if colour is None else {"bg_color": colour}
        bold = {"bold": True} if kind == "urgent" else {}
        made[f"grid {kind}"] = book.add_format({**cell, **fill, **bold, "font_size": 9})
        made[f"key {kind}"] = book.add_format({**cell, **fill, "font_size": 9, "align": "center"})
        made[f"text {kind}"] = book.add_format({**cell, **fill, "text_wrap": True})
        made[f"time {kind}"] = book.add_format({**cell, **fill, "num_format": "hh:mm", "align": "center"})
        made[f"date {kind}"] = book.add_format(
            {**cell, **fill, "num_format": "dd/mm/yyyy", "align": "center"}
        )
        made[f"km {kind}"] = book.add_format({**cell, **fill, "num_format": "0.0"})
        made[f"int {kind}"] = book.add_format({**cell, **fill, "num_format": "0", "align": "center"})
    return made


def page(sheet: Worksheet, columns: int, *, tall: int = 0) -> None:
    """A4 landscape, one page wide, `tall` pages high (0: as many as it takes), page numbers below."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, tall)
    sheet.set_footer("&L&F&C&A&RPage &P / &N")
    sheet.hide_gridlines(2)
    sheet.print_area(0, 0, max(sheet.dim_rowmax or 0, 1), columns - 1)
