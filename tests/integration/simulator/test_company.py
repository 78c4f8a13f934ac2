"""The company in a real database and a real folder: created, lived on, interrupted, planned by others."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg2
import pytest

import simulator
from simulator import company
from simulator.erp_schema import BUSINESS_TABLES, COLUMNS

AS_OF = date(2025, 11, 14)
SCALE = 0.05


@dataclass
class House:
    """A created company: where its ERP, files and truth are."""

    url: str
    inbox: Path
    truth: Path

    def live(self, days: int = 1) -> date:
        return simulator.live(self.url, str(self.inbox), self.truth, days=days)

    def last_day(self) -> date:
        return self.query("select max(jour) from jours_vecus")[0][0]

    def live_until(self, day: date) -> None:
        """Live on, if need be, so that `day` is over."""
        if (missing := (day - self.last_day()).days) > 0:
            self.live(missing)

    def query(self, statement: str, *values) -> list[tuple]:
        with psycopg2.connect(self.url) as link, link.cursor() as cursor:
            cursor.execute("set time zone 'Europe/Paris'")
            cursor.execute(statement, values)
            rows = cursor.fetchall() if cursor.description else []
        link.close()
        return rows

    def dump(self) -> dict[str, list[tuple]]:
        """Every row of every table, by key."""
        return {t: self.query(f"select * from {t} order by {COLUMNS[t][0]}") for t in BUSINESS_TABLES}

    def files(self) -> dict[str, str]:
        """Fingerprint of every file of inbox and truth (the state apart)."""
        return {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for root in (self.inbox, self.truth)
            for path in sorted(root.rglob("*"))
            if path.is_file() and path.parent.name != "etat"
        }


def _create(url: str, folder: Path, seed: int = 7) -> House:
    house = House(url, folder / "inbox", folder / "truth")
    simulator.create_schema(url)
    simulator.create_company(url, str(house.inbox), house.truth, AS_OF, scale=SCALE, seed=seed)
    return house


@pytest.fixture(scope="module")
def twins(empty_database, tmp_path_factory) -> tuple[House, House]:
    """Two companies of the same seed. Tests that change one live both on."""
    one, two = (_create(empty_database(), tmp_path_factory.mktemp("maison")) for _ in range(2))
    return one, two


def test_same_seed_same_bytes(twins):
    one, two = twins
    assert one.dump() == two.dump()
    assert one.files() == two.files()


def test_the_company_is_whole(twins):
    house = twins[0]
    counts = {table: house.query(f"select count(*) from {table}")[0][0] for table in BUSINESS_TABLES}
    assert all(counts.values()), counts
    assert counts["zones"] == 7
    assert counts["techniciens"] == 2
    assert 40 <= counts["clients"] <= 90
    latest = max(house.query(f"select max(updated_at) from {t}")[0][0] for t in BUSINESS_TABLES)
    assert latest.date() <= AS_OF
    assert house.query("select count(*) from clients where adresse ~ '[éèÉç]' or nom ~ '[éèÉç]'")[0][0] > 5
    statuses = {row[0] for row in house.query("select distinct statut from interventions")}
    assert statuses == {"A planifier", "Planifiee", "Terminee", "Annulee"}


def test_a_second_creation_is_refused_with_a_remedy(twins, tmp_path):
    with pytest.raises(ValueError, match=r"already holds a company that lived until 2025-11-14.*db reset"):
        simulator.create_company(twins[0].url, str(tmp_path), tmp_path, AS_OF, scale=SCALE)


def test_an_empty_erp_has_not_lived(empty_database, twins):
    url = empty_database()
    simulator.create_schema(url)
    assert simulator.lived_until(url) is None
    assert simulator.lived_until(twins[0].url) == twins[0].last_day()


def test_no_days_are_refused(twins):
    with pytest.raises(ValueError, match="days is 0, expected 1 or more"):
        twins[0].live(0)


def test_an_interrupted_day_is_done_again_the_same(twins, monkeypatch):
    one, two = twins
    with monkeypatch.context() as patch:
        patch.setattr(company, "mark_day", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            one.live()
    assert one.dump() == two.dump(), "an unfinished day must leave the ERP as it was"
    assert one.live() == two.live() == AS_OF + timedelta(days=1)
    assert one.dump() == two.dump()
    assert one.files() == two.files()


def test_another_day_only_adds(twins):
    house, twin = twins
    rows, files = house.dump(), house.files()
    last = house.last_day()
    day = house.live(3)
    twin.live(3)
    assert day == last + timedelta(days=3)
    after = house.dump()
    for table in BUSINESS_TABLES:
        key, stamp = 0, len(COLUMNS[table])
        before = {row[key]: row for row in rows[table]}
        for row in after[table]:
            old = before.get(row[key])
            if old is not None and row[: len(old)] != old:
                assert row[stamp].date() > last
            if old is None:
                assert row[stamp].date() > last
    later = house.files()
    for name, fingerprint in files.items():
        if name.startswith(("app/", "portail/", "enquete/")):
            assert later[name] == fingerprint, f"{name} was delivered and must not change"
    new = {name for name in later if name not in files}
    assert any(name.startswith("app/2025/11/1") for name in new)
    ledger = (house.truth / "spoilt.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(ledger) == len(set(ledger))


def test_a_column_appears_while_living(twins):
    twins[0].live_until(AS_OF + timedelta(days=3))
    columns = twins[0].query("select table_name, column_name from information_schema.columns")
    assert {("clients", "code_naf"), ("factures", "mode_paiement")} <= set(columns)


def test_a_plan_written_by_somebody_else_is_followed(twins):
    house = twins[0]
    house.live_until(date(2025, 11, 17))
    day = house.last_day() + timedelta(days=1)
    visit, technician = house.query(
        "select i.intervention_id, t.technicien_id from interventions i, techniciens t "
        "where i.statut = 'A planifier' and not exists (select 1 from absences a where "
        "a.technicien_id = t.technicien_id and %s between a.date_debut and a.date_fin) "
        "order by i.date_due desc, i.intervention_id, t.technicien_id limit 1",
        day,
    )[0]
    house.query(
        "update interventions set statut = 'Planifiee', technicien_id = %s, date_planifiee = %s, "
        "heure_prevue = '09:00', updated_at = now() where intervention_id = %s",
        technician,
        day,
        visit,
    )
    assert house.live() == day
    status, who = house.query(
        "select statut, technicien_id from interventions where intervention_id = %s", visit
    )[0]
    assert (status, who) == ("Terminee", technician)


def test_a_state_of_another_company_is_refused(empty_database, twins, tmp_path):
    other = _create(empty_database(), tmp_path, seed=8)
    shutil.rmtree(other.truth / "etat")
    with pytest.raises(FileNotFoundError, match="expected beside the ground truth"):
        other.live()
