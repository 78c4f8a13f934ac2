"""The simulated company, loaded day after day: landing's current rows are the ERP, table by table."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa

from simulator import create_company, create_schema, live
from tests.integration.warehouse.systems import NOW, Systems, run_sql
from warehouse.sources.catalogue import ERP_TABLES, FEEDS
from warehouse.sources.erp import load_erp
from warehouse.sources.inbox import load_inbox
from warehouse.sources.landing_tables import rows_by_batch

AS_OF = date(2025, 11, 14)


def _load(systems: Systems, inbox: Path, day: int) -> dict:
    now, batch = NOW + timedelta(days=day), f"jour-{day}"
    summaries = load_erp(
        systems.erp, systems.warehouse, state_dir=systems.folder / "etat", batch=batch, now=now
    )
    summaries += [
        load_inbox(str(inbox), systems.warehouse, feed=feed, batch=batch, now=now) for feed in FEEDS
    ]
    return {summary.table: summary for summary in summaries}


def _assert_same_tables(systems: Systems) -> None:
    for table in ERP_TABLES.values():
        source = systems.in_erp(f"select to_jsonb(t) from {table.name} t order by {table.key}")
        live_rows = systems.landed(
            "select to_jsonb(t) - '{_source,_lot,_charge_at,_supprime}'::text[] from ("
            f"select distinct on ({table.key}) * from landing.{table.landed} "
            f"order by {table.key}, updated_at desc) t where not _supprime"
        )
        assert [_comparable(row) for row in live_rows] == [_comparable(row) for row in source], table.name


def _comparable(row: tuple) -> dict:
    """Rows as text, without what a column added later leaves empty in older rows."""
    return {name: str(value) for name, value in row[0].items() if value is not None}


def test_every_day_lands_completely(systems: Systems) -> None:
    run_sql(systems.erp, "drop table clients, interventions")
    inbox, truth = systems.folder / "inbox", systems.folder / "verite"
    inbox.mkdir()
    create_schema(systems.erp)
    create_company(systems.erp, str(inbox), truth, as_of=AS_OF, scale=0.05, seed=5, progress=None)
    first = _load(systems, inbox, 0)
    assert all(first[table.landed].rows for table in ERP_TABLES.values() if table.name != "reclamations")
    assert all(first[feed].rows for feed in FEEDS)
    _assert_same_tables(systems)
    seen = []
    for day in range(1, 5):
        live(systems.erp, str(inbox), truth, days=1)
        seen.append(_load(systems, inbox, day))
        _assert_same_tables(systems)
    assert any("mode_paiement" in warning for day in seen for warning in day["erp_factures"].warnings)
    run_sql(systems.erp, "delete from factures where facture_id % 7 = 0")
    assert _load(systems, inbox, 9)["erp_factures"].tombstones > 0
    _assert_same_tables(systems)
    engine = sa.create_engine(systems.warehouse, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        counted = rows_by_batch(connection, "app_evenements")
    assert counted["jour-0"] == first["app_evenements"].rows
    files = systems.landed("select count(*) from landing.fichiers")[0][0]
    assert files == sum(1 for path in inbox.rglob("*") if path.suffix in {".jsonl", ".csv"})


def test_least_rights_suffice(systems: Systems) -> None:
    run_sql(systems.warehouse, "drop role if exists essai_pipeline")
    run_sql(systems.warehouse, "create role essai_pipeline login password 'essai'")
    name = sa.make_url(systems.warehouse).database
    run_sql(systems.warehouse, f"revoke all on database {name} from public")
    run_sql(systems.warehouse, f"grant connect, temporary on database {name} to essai_pipeline")
    run_sql(systems.warehouse, "grant usage, create on schema landing to essai_pipeline")
    run_sql(systems.erp, "grant select on all tables in schema public to essai_pipeline")
    erp, warehouse = (
        sa.make_url(url)
        .set(username="essai_pipeline", password="essai")
        .render_as_string(hide_password=False)
        for url in (systems.erp, systems.warehouse)
    )
    limited = Systems(erp, warehouse, systems.folder)
    assert limited.load()["erp_clients"].rows == 300
    systems.in_erp("delete from clients where client_id = 1")
    assert limited.load(batch="lot-2")["erp_clients"].tombstones == 1
    for url in (systems.warehouse, systems.erp):
        run_sql(url, "drop owned by essai_pipeline")
    run_sql(systems.warehouse, "drop role essai_pipeline")
