"""The sheet for the van: one A4 page a technician-day, readable at arm's length."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from services.schedule_files.schedule import Schedule, ScheduledDay, ScheduledVisit
from services.schedule_files.wording import counted, hours, kilometres, long_day

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

FONT, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, BAND, URGENT, PROMISED = "#1F3864", "#EEF2F9", "#C00000", "#1F4E9E"


def write(schedule: Schedule, path: Path) -> Path:
    """Write all days, technician by technician, to `path`."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    _register_fonts()
    styles = _styles()
    story: list[Any] = []
    for day in schedule.journees:
        if story:
            story.append(PageBreak())
        story += _page(day, styles)
    if not story:
        story.append(Paragraph("Aucune visite planifiée.", styles["title"]))
    document = SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=f"Feuilles de route du {schedule.premier_jour:%d/%m/%Y}",
        author="Fieldhouse",
        # No moment of export inside: the same plan gives the same file.
        invariant=1,
    )

    def footer(canvas: Canvas, _) -> None:
        canvas.setFont(FONT, 8)
        canvas.setFillColor("#595959")
        left = f"Planning du {schedule.premier_jour:%d/%m/%Y}, version {schedule.revision}"
        canvas.drawString(14 * mm, 9 * mm, left)
        canvas.drawRightString(A4[0] - 14 * mm, 9 * mm, f"Page {canvas.getPageNumber()}")

    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return path


def _register_fonts() -> None:
    """DejaVu has every French letter; matplotlib carries it, so no system font is needed."""
    from matplotlib import get_data_path
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    fonts = Path(get_data_path()) / "fonts" / "ttf"
    for name in (FONT, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(fonts / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def _styles() -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    base = ParagraphStyle("base", fontName=FONT, fontSize=10, leading=13.5)
    return {
        "title": ParagraphStyle("title", base, fontName=BOLD, fontSize=18, leading=23, textColor=INK),
        "day": ParagraphStyle("day", base, fontName=BOLD, fontSize=12, leading=16),
        "line": ParagraphStyle("line", base, fontSize=10, leading=14, spaceAfter=6),
        "time": ParagraphStyle("time", base, fontName=BOLD, fontSize=13, leading=16),
        "cell": base,
        "small": ParagraphStyle("small", base, fontSize=8.5, leading=11.5, textColor="#404040"),
    }


def _page(day: ScheduledDay, styles: dict[str, Any]) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, Spacer, Table, TableStyle

    pause = f" · pause à {day.pause:%H:%M}" if day.pause else ""
    line = f"Départ {day.depart:%H:%M} · retour {day.retour:%H:%M}{pause}"
    line += (
        f" · {hours(day.travail_min)} de travail · {kilometres(day.km)} · {counted(day.nb_visites, 'visite')}"
    )
    rows: list[list[Any]] = []
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#BFBFBF"),
        ("TOPPADDING", (0, 0), (-1, -1), 5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
    ]
    lunch_shown = day.pause is None
    for visit in day.visites:
        if not lunch_shown and day.pause is not None and day.pause < visit.debut:
            look.append(("BACKGROUND", (0, len(rows)), (-1, len(rows)), BAND))
            rows.append(_lunch_row(day, styles))
            lunch_shown = True
        rows.append(_visit_row(visit, styles))
    if not lunch_shown:
        look.append(("BACKGROUND", (0, len(rows)), (-1, len(rows)), BAND))
        rows.append(_lunch_row(day, styles))
    look.append(("BACKGROUND", (0, len(rows)), (-1, len(rows)), BAND))
    rows.append(_return_row(day, styles))
    table = Table(rows, colWidths=[24 * mm, 86 * mm, 72 * mm], style=TableStyle(look))
    return [
        Paragraph(escape(day.technicien), styles["title"]),
        Paragraph(long_day(day.jour).capitalize(), styles["day"]),
        Spacer(1, 2 * mm),
        Paragraph(line, styles["line"]),
        Spacer(1, 2 * mm),
        table,
    ]


def _lunch_row(day: ScheduledDay, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph

    return [Paragraph(f"{day.pause:%H:%M}", styles["time"]), Paragraph("Pause déjeuner", styles["cell"]), ""]


def _return_row(day: ScheduledDay, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph

    way = f"Retour au domicile, {kilometres(day.retour_km)}"
    return [Paragraph(f"{day.retour:%H:%M}", styles["time"]), Paragraph(way, styles["cell"]), ""]


def _visit_row(visit: ScheduledVisit, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import Paragraph

    marks = []
    if visit.urgente:
        marks.append(f'<font name="{BOLD}" color="{URGENT}">URGENT</font>')
    if visit.rdv:
        marks.append(f'<font name="{BOLD}" color="{PROMISED}">RDV promis {visit.rdv}</font>')
    if visit.avec:
        marks.append(f'<font name="{BOLD}">À deux, avec {escape(visit.avec)}</font>')
    if visit.position_estimee:
        marks.append("Position estimée : vérifier l’adresse")
    who = [f'<font name="{BOLD}" size="11.5">{escape(visit.client)}</font>', escape(visit.adresse)]
    who += [escape(visit.commune), f"Tél. {escape(visit.telephone) or 'inconnu'}"]
    if visit.horaires:
        who.append(f"Accès {visit.horaires}")
    what = [escape(visit.type_intervention), *marks]
    minutes = round((visit.fin - visit.debut).total_seconds() / 60)
    small = f"{minutes} min sur place · trajet {visit.trajet_min:.0f} min, {kilometres(visit.trajet_km)}"
    what.append(f'<font size="8.5">{small}</font>')
    what.append(f'<font size="8.5">Intervention n° {visit.intervention_id}</font>')
    when = f'{visit.debut:%H:%M}<br/><font name="{FONT}" size="8.5">fin {visit.fin:%H:%M}</font>'
    cell = styles["cell"]
    return [
        Paragraph(when, styles["time"]),
        Paragraph("<br/>".join(who), cell),
        Paragraph("<br/>".join(what), cell),
    ]
