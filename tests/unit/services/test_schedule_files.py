"""Files are opened as their readers open them: a spreadsheet, a calendar, a PDF reader."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader

from core.clock import PARIS
from services.schedule_files.export import write_files
from services.schedule_files.schedule import LeftOut, Schedule, ScheduledDay, ScheduledVisit
from services.schedule_files.wording import hours, kilometres, long_day, short_day

# The Monday after the end of summer time: a file that stores UTC offsets wrongly shows it here.
MONDAY = date(2025, 10, 27)


def _visit(number: int, rank: int, hour: int, **changes) -> ScheduledVisit:
    start = datetime(2025, 10, 27, hour, 5, tzinfo=PARIS)
    values = {
        "intervention_id": number,
        "technicien_id": 1,
        "technicien": "Élodie Müller-Çelik",
        "jour": MONDAY,
        "ordre": rank,
        "arrivee": start,
        "debut": start,
        "fin": start + timedelta(minutes=45),
        "trajet_km": 3.25,
        "trajet_min": 9,
        "client": "Crèche du Thiou & Fils <SARL>",
        "telephone": "04 50 00 00 00",
        "adresse": "12 rue de l’Église",
        "commune": "74000 Annecy",
        "type_intervention": "Dépannage VMC",
        "urgente": False,
        "date_due": date(2025, 10, 20),
        "rdv": "",
        "position_estimee": False,
    }
    return ScheduledVisit(**{**values, **changes})


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    visits = (
        _visit(501, 1, 8, urgente=True),
        _visit(502, 2, 10, rdv="10:00–12:00"),
        _visit(503, 3, 14, position_estimee=True),
    )
    day = ScheduledDay(
        technicien_id=1,
        technicien="Élodie Müller-Çelik",
        jour=MONDAY,
        nb_visites=3,
        km=17.5,
        travail_min=425,
        depart=datetime(2025, 10, 27, 8, 0, tzinfo=PARIS),
        retour=datetime(2025, 10, 27, 15, 50, tzinfo=PARIS),
        pause=datetime(2025, 10, 27, 12, 0, tzinfo=PARIS),
        visites=visits,
    )
    left = LeftOut(
        504,
        "Noël Béatrix",
        "06 00 00 00 00",
        "1 place, Annecy",
        "Pose IRVE",
        True,
        MONDAY,
        90,
        "",
        "pas de place",
        "non prouvé",
    )
    made = datetime(2025, 10, 24, 17, 0, tzinfo=PARIS)
    return Schedule("abc", MONDAY, "semaine", "Propose", 2, made, 17.5, (day,), (left,))


@pytest.fixture(scope="module")
def files(schedule, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plannings") / MONDAY.isoformat()
    return {path.suffix: path for path in write_files(schedule, folder)}


def test_workbook_has_a_sheet_for_each_reader_with_real_times_and_totals(files):
    book = openpyxl.load_workbook(files[".xlsx"])
    assert book.sheetnames == ["Semaine", "Élodie Müller-Çelik", "Non planifiées"]
    sheet = book["Élodie Müller-Çelik"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    visit = next(row for row in rows if row[0] == 1)
    assert visit[2].strftime("%H:%M") == "08:05"
    assert visit[10].date() == date(2025, 10, 20)
    assert visit[11] == pytest.approx(3.25)
    assert any(row[0] == "Semaine : 7 h 05" and row[11] == pytest.approx(17.5) for row in rows)
    assert any("≈ 12 rue de l’Église" in row for row in rows)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    colours = [row[4].fill.fgColor.rgb for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert len(set(colours)) == 3
    assert "504" in str([cell.value for cell in book["Non planifiées"][4]])


def test_csv_opens_in_a_french_spreadsheet(files):
    raw = files[".csv"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["N° intervention"] for row in rows] == ["501", "502", "503", "504"]
    assert rows[0]["Trajet (km)"] == "3,2"
    assert rows[3]["Raison"] == "pas de place"
    assert rows[3]["Statut"] == "Non planifiée"


def test_calendar_keeps_uids_counts_revisions_and_knows_its_zone(files, schedule):
    calendar = icalendar.Calendar.from_ical(files[".ics"].read_bytes())
    events = calendar.walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [
        f"intervention-{n}@fieldhouse" for n in (501, 502, 503)
    ]
    assert {event["SEQUENCE"] for event in events} == {schedule.revision}
    assert events[0]["DTSTART"].params["TZID"] == "Europe/Paris"
    assert events[0].decoded("dtstart").astimezone(PARIS) == schedule.journees[0].visites[0].debut
    (zone,) = calendar.walk("VTIMEZONE")
    summer = zone.to_tz(lookup_tzid=False)
    assert datetime(2025, 10, 24, 9, tzinfo=summer).utcoffset() == timedelta(hours=2)
    assert datetime(2025, 10, 27, 9, tzinfo=summer).utcoffset() == timedelta(hours=1)


def test_pdf_has_one_page_a_day_with_accents_and_markup_characters(files):
    (page,) = PdfReader(files[".pdf"]).pages
    text = page.extract_text()
    for expected in (
        "Élodie Müller-Çelik",
        "Lundi 27 octobre 2025",
        "Crèche du Thiou & Fils <SARL>",
        "URGENT",
    ):
        assert expected in text
    assert text.index("Pause déjeuner") < text.index("14:05")


def test_an_empty_plan_still_gives_files(schedule, tmp_path):
    from dataclasses import replace

    written = write_files(replace(schedule, journees=(), non_planifiees=()), tmp_path / "vide")
    assert {path.suffix for path in written} == {".xlsx", ".csv", ".pdf"}


def test_french_wording():
    assert long_day(date(2025, 12, 1)) == "lundi 1er décembre 2025"
    assert short_day(MONDAY) == "lun. 27/10"
    assert (hours(425), kilometres(12.34)) == ("7 h 05", "12,3 km")
