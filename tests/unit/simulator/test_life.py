"""The numbers of the company's life are plausible, and what it writes hangs together."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from simulator.calendar import is_working
from simulator.inbox_writer import Inbox
from simulator.survey import HEADER


def test_updated_at_is_strictly_increasing_and_within_the_day(company):
    for today in company.days:
        stamps = [when for _change, when in today.journal.timed()]
        assert all(a < b for a, b in pairwise(stamps))
        assert not stamps or stamps[0].date() == stamps[-1].date() == today.day


def test_nobody_drives_on_sundays_and_public_holidays(company):
    for today in company.days:
        if not is_working(today.day) and today.day.weekday() != 5:
            assert not any(event["type"] == "arrivee" for event in today.app_events)


def test_visits_a_technician_day(company):
    counts = Counter(
        (event["technicien_id"], today.ordinal)
        for today in company.days[30:]
        if is_working(today.day)
        for event in today.app_events
        if event["type"] == "arrivee"
    )
    assert 4.0 < np.mean(list(counts.values())) < 8.0
    assert max(counts.values()) < 14


def test_arrival_departure_and_odometer_tell_one_story(company):
    for today in company.days:
        trips = defaultdict(list)
        for event in today.app_events:
            trips[event["technicien_id"]].append(event)
        for events in trips.values():
            stops = [e for e in events if e["type"] in ("arrivee", "depart", "fin_journee")]
            assert [e["type"] for e in stops] == ["arrivee", "depart"] * (len(stops) // 2) + ["fin_journee"]
            stamps = [e["survenu_at"] for e in stops if e["type"] != "fin_journee"]
            assert all("T" in stamp for stamp in stamps)
            assert all(e["donnees"]["km_trajet"] >= 0 for e in stops if e["type"] != "depart")


def test_business_rates(company):
    quotes = {}
    for change, _ in company.changes:
        if change.table == "devis" and "statut" in change.values:
            quotes[change.key] = change.values["statut"]
    decided = [status for status in quotes.values() if status != "Envoye"]
    assert 0.18 < np.mean([status == "Signe" for status in decided]) < 0.42
    invitations, answers = 0, 0
    for today in company.days:
        for line in today.survey_lines:
            try:
                row = next(csv.reader(io.StringIO(line.payload.decode()), delimiter=";"))
            except UnicodeDecodeError:
                continue
            invitations += not row[5]
            answers += bool(row[5])
    assert 0.25 < answers / (invitations + answers * 0.35) < 0.55


def test_backlog_holds_every_kind_of_visit(company):
    visits = list(company.world.visits.values())
    today = company.world.day
    assert len(visits) > 60
    assert any(v.promised for v in visits)
    assert any(v.planned for v in visits)
    assert sum(today < v.due <= today + 9 for v in visits) > 15
    assert all(v.planned > today or not v.planned for v in visits)


@pytest.mark.parametrize("address", ["folder", "memory://livraison"])
def test_inbox_takes_a_folder_or_an_fsspec_address(company, tmp_path, address):
    import fsspec

    address = str(tmp_path) if address == "folder" else address
    inbox = Inbox(address)
    inbox.clear()
    for today in company.days[-8:]:
        inbox.deliver(today)
    files, root = fsspec.core.url_to_fs(address)
    names = files.find(root)
    assert any("/app/" in name for name in names)
    assert not [name for name in names if "en_cours" in name]
    exports = [name for name in names if "/enquete/" in name]
    assert files.cat_file(exports[0]).split(b"\n")[0].decode() == ";".join(HEADER)
    inbox.clear()
    assert not files.find(root)
