"""Files are opened as their readers open them: a spreadsheet, a calendar, a PDF reader."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader

from core.clock import PARIS
from core.errors import SourceUnavailable
from services.schedule_files.export import write_files
from services.schedule_files.geojson import map_of
from services.schedule_files.schedule import Cancelled, LeftOut, Schedule, ScheduledDay, ScheduledVisit
from services.schedule_files.wording import counted, hours, kilometres, long_day, short_day

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
        "latitude": 45.9 + number / 100_000,
        "longitude": 6.12,
        "horaires": "08:00–18:00",
        "sequence": 2,
        "confirmee": True,
    }
    return ScheduledVisit(**{**values, **changes})


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    visits = (
        _visit(501, 1, 8, urgente=True),
        _visit(502, 2, 10, rdv="10:00–12:00"),
        _visit(503, 3, 14, position_estimee=True, hors_zone=True, date_due=None, avec="Paul Rey"),
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
        domicile=(45.85, 6.2),
    )
    gone = Cancelled(
        505, 2, "Paul Rey", visits[0].debut, visits[0].fin, "Pose IRVE", "Noël Béatrix", sequence=4
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
    published = datetime(2025, 10, 24, 18, 30, tzinfo=PARIS)
    return Schedule("abc", MONDAY, "semaine", "Publie", 2, made, 17.5, (day,), (left,), (gone,), published)


@pytest.fixture(scope="module")
def files(schedule, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plannings") / MONDAY.isoformat()
    return {path.name: path for path in write_files(schedule, folder)}


XLSX, CSV, PDF = (f"planning-2025-10-27.{ending}" for ending in ("xlsx", "csv", "pdf"))
ICS = "elodie-muller-celik-1.ics"


def test_workbook_has_a_sheet_for_each_reader_with_real_times_and_totals(files):
    book = openpyxl.load_workbook(files[XLSX])
    assert book.sheetnames == ["Semaine", "Élodie Müller-Çelik", "Non planifiées"]
    sheet = book["Élodie Müller-Çelik"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    visit = next(row for row in rows if row[0] == 1)
    assert visit[2].strftime("%H:%M") == "08:05"
    assert visit[12].date() == date(2025, 10, 20)
    assert visit[13] == pytest.approx(3.25)
    assert any(row[0] == "Semaine : 7 h 05" and row[13] == pytest.approx(17.5) for row in rows)
    assert "Paul Rey" in {row[11] for row in rows}
    assert any("≈ 12 rue de l’Église" in row for row in rows)
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    colours = [row[4].fill.fgColor.rgb for row in sheet.iter_rows(min_row=5, max_row=7)]
    assert len(set(colours)) == 3
    left = [cell.value for cell in book["Non planifiées"][4]]
    assert left[0] == 504
    assert left[9:] == ["pas de place", "non prouvé"]


def test_the_first_sheet_shows_the_week_by_technician_and_day_in_colours(files):
    sheet = openpyxl.load_workbook(files[XLSX])["Semaine"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "3 visites, 7 h 05 travaillées" in rows[1][0]
    assert "1 non planifiée. Plan publié, version 2." in rows[1][0]
    assert rows[3] == ["Technicien", "lun. 27/10", "Total", None, None]
    assert rows[4][:3] == ["Élodie Müller-Çelik", "7 h 05 · 17,5 km", "3 visites\n7 h 05\n17,5 km"]
    assert [row[1] for row in rows[5:8]] == [
        "08:05 Crèche du Thiou & Fil… (Annecy)",
        "10:05 Crèche du Thiou & Fils <SAR… (Annecy)",
        "14:05 Crèche du Thiou & Fils <SAR… (Annecy)",
    ]
    legend = {sheet.cell(3, column).value: sheet.cell(3, column).fill.fgColor.rgb for column in range(2, 6)}
    shown = [sheet.cell(row, 2).fill.fgColor.rgb for row in (6, 7, 8)]
    assert shown == [legend[kind] for kind in ("Urgente", "Heure promise", "Hors zone du technicien")]
    assert rows[8][1] == "3 visites\n7 h 05\n17,5 km"


def test_csv_opens_in_a_french_spreadsheet(files):
    raw = files[CSV].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [row["N° intervention"] for row in rows] == ["501", "502", "503", "504"]
    assert rows[0]["Trajet (km)"] == "3,2"
    assert rows[3]["Raison"] == "pas de place"
    assert rows[3]["Statut"] == "Non planifiée"


def test_a_name_that_looks_like_a_formula_stays_a_name(schedule, tmp_path):
    day = schedule.journees[0]
    odd = replace(day, visites=(replace(day.visites[0], client="=HYPERLINK(1)", telephone="+33 4 50"),))
    written = write_files(replace(schedule, journees=(odd,)), tmp_path / "formules")
    paths = {path.name: path for path in written}
    (row, _) = csv.DictReader(paths[CSV].read_text("utf-8-sig").splitlines(), delimiter=";")
    assert (row["Client"], row["Téléphone"]) == ("'=HYPERLINK(1)", "+33 4 50")
    cells = [
        cell for sheet in openpyxl.load_workbook(paths[XLSX]) for row in sheet.iter_rows() for cell in row
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]


def _events(path) -> dict[str, icalendar.Event]:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_calendar_carries_what_a_calendar_needs_to_update(files, schedule):
    calendar = icalendar.Calendar.from_ical(files[ICS].read_bytes())
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    events = _events(files[ICS])
    assert list(events) == [f"intervention-{n}-technicien-1@fieldhouse" for n in (501, 502, 503)]
    event = next(iter(events.values()))
    assert (event["SEQUENCE"], event["STATUS"]) == (2, "CONFIRMED")
    assert event.decoded("dtstamp") == event.decoded("last-modified") == schedule.publie_at
    assert "ORGANIZER" in event
    assert "ATTENDEE" not in event
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtstart").astimezone(PARIS) == schedule.journees[0].visites[0].debut
    assert "À deux, avec Paul Rey" in events["intervention-503-technicien-1@fieldhouse"]["DESCRIPTION"]


def test_cancelled_visits_are_told_twice_in_ways_all_programs_know(files):
    for name, method in (("paul-rey-2.ics", "PUBLISH"), ("paul-rey-2-annulations.ics", "CANCEL")):
        assert icalendar.Calendar.from_ical(files[name].read_bytes())["METHOD"] == method
        ((uid, event),) = _events(files[name]).items()
        assert uid == "intervention-505-technicien-2@fieldhouse"
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 4)
        assert event["SUMMARY"] == "Annulée : Pose IRVE – Noël Béatrix"
    assert "elodie-muller-celik-1-annulations.ics" not in files


def test_the_zone_inside_the_calendar_knows_summer_time(files):
    (zone,) = icalendar.Calendar.from_ical(files[ICS].read_bytes()).walk("VTIMEZONE")
    inside = zone.to_tz(lookup_tzid=False)
    for number in range(800):
        noon = datetime(2025, 1, 1, 12) + timedelta(days=number)
        assert noon.replace(tzinfo=inside).utcoffset() == noon.replace(tzinfo=PARIS).utcoffset()


def test_maps_are_geojson_with_longitude_first(files):
    drawn = json.loads(files["tournees-2025-10-27.geojson"].read_text())
    assert drawn["type"] == "FeatureCollection"
    tour, home, *visits = drawn["features"]
    assert tour["geometry"]["type"] == "LineString"
    assert tour["geometry"]["coordinates"] == [
        [6.2, 45.85], [6.12, 45.90501], [6.12, 45.90502], [6.12, 45.90503], [6.2, 45.85]
    ]  # fmt: skip
    assert home["geometry"] == {"type": "Point", "coordinates": [6.2, 45.85]}
    assert [visit["properties"]["ordre"] for visit in visits] == [1, 2, 3]
    first = visits[0]["properties"]
    assert (first["heure_debut"], first["urgence"], first["type"]) == ("08:05", "Urgente", "Dépannage VMC")
    assert {feature["properties"]["couleur"] for feature in drawn["features"]} == {"#0072B2"}
    assert tour["properties"]["trace"] == "directe"


def test_tours_follow_roads_where_a_server_draws_them_and_straight_lines_else(schedule):
    asked = []

    def road(places):
        asked.append(len(places))
        return [(6.2, 45.85), (6.15, 45.87), (6.2, 45.85)]

    def dead(places):
        raise SourceUnavailable("no answer")

    tour = map_of(schedule, MONDAY, road)["features"][0]
    assert asked == [5]
    assert (len(tour["geometry"]["coordinates"]), tour["properties"]["trace"]) == (3, "route")
    assert map_of(schedule, MONDAY, dead) == map_of(schedule, MONDAY)


def test_the_same_plan_gives_the_same_files(files, schedule, tmp_path):
    for path in write_files(schedule, tmp_path / "encore"):
        assert path.read_bytes() == files[path.name].read_bytes(), path.name


def test_pdf_has_one_page_a_day_with_accents_and_markup_characters(files):
    (page,) = PdfReader(files[PDF]).pages
    text = page.extract_text()
    for expected in (
        "Élodie Müller-Çelik",
        "Lundi 27 octobre 2025",
        "Crèche du Thiou & Fils <SARL>",
        "URGENT",
        "Tél. 04 50 00 00 00",
        "Accès 08:00–18:00",
        "RDV promis 10:00–12:00",
        "À deux, avec Paul Rey",
        "Position estimée",
        "Retour au domicile, 7,8 km",
    ):
        assert expected in text
    assert text.index("Pause déjeuner") < text.index("14:05")


def test_an_empty_plan_still_gives_files(schedule, tmp_path):
    empty = replace(schedule, journees=(), non_planifiees=(), annulations=())
    written = write_files(empty, tmp_path / "vide")
    assert {path.suffix for path in written} == {".xlsx", ".csv", ".pdf"}


def test_french_wording():
    assert long_day(date(2025, 12, 1)) == "lundi 1er décembre 2025"
    assert short_day(MONDAY) == "lun. 27/10"
    assert (hours(425), kilometres(12.34)) == ("7 h 05", "12,3 km")
    assert [counted(n, "visite") for n in (0, 1, 2)] == ["0 visite", "1 visite", "2 visites"]
