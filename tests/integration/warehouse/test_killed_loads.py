"""kill -9 at any moment, run again: the same landing as if nothing had happened."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from tests.integration.warehouse.systems import CONTENT, Systems

LOADER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import dlt
from warehouse.sources.erp import load_erp
from warehouse.sources.inbox import load_inbox
kind, source, warehouse, folder, batch = sys.argv[1:]
now = datetime(2025, 11, 14, 19, tzinfo=UTC)
print("loading", flush=True)
if kind == "erp":
    tables = ["clients", "interventions"]
    load_erp(source, warehouse, tables=tables, state_dir=Path(folder), batch=batch, now=now)
else:
    load_inbox(source, warehouse, feed="app_evenements", batch=batch, now=now)
"""


def _load(
    systems: Systems, kind: str, source: str, batch: str, *, kill_after_s: float | None = None
) -> float:
    """Run a load in a process, killed ``kill_after_s`` after its start; returns its seconds."""
    command = [
        sys.executable,
        "-c",
        LOADER,
        kind,
        source,
        systems.warehouse,
        str(systems.folder / "etat"),
        batch,
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().strip() == "loading"
    start = time.monotonic()
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        process.kill()
    code = process.wait(timeout=60)
    if kill_after_s is None:
        assert code == 0
    return time.monotonic() - start


@pytest.mark.parametrize("systems", [40_000], indirect=True)
def test_erp_loads_killed_anywhere_land_each_version_exactly_once(systems: Systems) -> None:
    chance = random.Random(7)
    for number in range(5):
        _load(systems, "erp", systems.erp, f"tue-{number}", kill_after_s=chance.uniform(0.05, 1.1))
    _load(systems, "erp", systems.erp, "complet-1")
    versions = systems.in_erp(f"select {CONTENT} from clients")
    systems.in_erp("update clients set nom = nom || '!', updated_at = '2025-06-01' where client_id % 2 = 0")
    systems.in_erp("delete from clients where client_id % 5 = 0")
    for number in range(4):
        _load(systems, "erp", systems.erp, f"tue-apres-{number}", kill_after_s=chance.uniform(0.05, 0.8))
    _load(systems, "erp", systems.erp, "complet-2")
    versions += systems.in_erp(f"select {CONTENT} from clients where updated_at = '2025-06-01'")
    landed = systems.landed(f"select {CONTENT} from landing.erp_clients where not _supprime")
    assert sorted(landed, key=repr) == sorted(versions, key=repr)
    gone = systems.landed("select client_id from landing.erp_clients where _supprime order by 1")
    assert gone == [(key,) for key in range(5, 40_001, 5)]
    assert systems.landed("select count(*) from landing.erp_interventions") == [(40_000,)]
    assert systems.landed("select tablename from pg_tables where tablename like 'tampon%'") == []


def test_inbox_loads_killed_anywhere_land_each_line_exactly_once(systems: Systems) -> None:
    folder = systems.folder / "inbox" / "app" / "2025"
    folder.mkdir(parents=True)
    for number in range(3_000):
        (folder / f"evenements_{number:05d}.jsonl").write_text(f'{{"n": {number}}}\n{{"m": {number}}}\n')
    inbox, chance = str(systems.folder / "inbox"), random.Random(11)
    for number in range(5):
        _load(systems, "inbox", inbox, f"tue-{number}", kill_after_s=chance.uniform(0.02, 0.5))
    _load(systems, "inbox", inbox, "complet")
    counts = systems.landed("select count(*), count(distinct (fichier, ligne)) from landing.app_evenements")
    assert counts == [(6_000, 6_000)]
    assert systems.landed("select count(*), sum(lignes_chargees) from landing.fichiers") == [(3_000, 6_000)]


def test_two_loads_at_once_land_each_row_once(systems: Systems) -> None:
    command = [sys.executable, "-c", LOADER, "erp", systems.erp, systems.warehouse]
    running = [
        subprocess.Popen([*command, str(systems.folder / "etat"), f"lot-{number}"], stdout=subprocess.DEVNULL)
        for number in range(2)
    ]
    assert [process.wait(timeout=90) for process in running] == [0, 0]
    assert systems.landed("select count(*) from landing.erp_clients") == [(300,)]
