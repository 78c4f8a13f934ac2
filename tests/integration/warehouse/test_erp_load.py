"""ERP -> landing: what changed, what went, what was added, and sources that do not answer."""

from __future__ import annotations

import pytest

from core.errors import InvalidInput, SourceUnavailable
from tests.integration.warehouse.systems import CONTENT, NOW, Systems

SAME = f"select {CONTENT} from {{}} order by client_id"


def _live(systems: Systems) -> list:
    """Latest landed version of each client, deleted ones left out: what staging will call current."""
    return systems.landed(
        f"select {CONTENT} from (select distinct on (client_id) * from landing.erp_clients "
        "order by client_id, updated_at desc) latest where not _supprime order by client_id"
    )


def test_first_load_is_the_source_to_the_last_character(systems: Systems) -> None:
    summaries = systems.load()
    assert summaries["erp_clients"].rows == 300
    assert systems.landed(SAME.format("landing.erp_clients")) == systems.in_erp(SAME.format("clients"))
    stamps = systems.landed("select distinct _source, _lot, _charge_at, _supprime from landing.erp_clients")
    assert stamps == [("erp_terrain", "lot-1", NOW, False)]


def test_second_load_brings_only_what_changed(systems: Systems) -> None:
    systems.load()
    assert systems.load(batch="lot-2")["erp_clients"].rows == 0
    systems.in_erp("update clients set nom = 'Neuf', updated_at = '2025-06-01' where client_id in (4, 5)")
    systems.in_erp("insert into clients (client_id, nom, updated_at) values (900, 'Nouveau', '2025-06-02')")
    assert systems.load(batch="lot-3")["erp_clients"].rows == 3
    assert _live(systems) == systems.in_erp(SAME.format("clients"))
    assert systems.landed("select count(*) from landing.erp_clients") == [(303,)]


def test_deleted_rows_leave_a_tombstone_once(systems: Systems) -> None:
    systems.load()
    systems.in_erp("delete from clients where client_id <= 10")
    assert systems.load(batch="lot-2")["erp_clients"].tombstones == 10
    assert systems.load(batch="lot-3")["erp_clients"].tombstones == 0
    tombstones = systems.landed(
        "select client_id, nom, updated_at, _lot from landing.erp_clients where _supprime order by 1"
    )
    assert tombstones[0] == (1, None, NOW, "lot-2")
    assert _live(systems) == systems.in_erp(SAME.format("clients"))


def test_a_tombstone_is_always_the_latest_version_of_its_key(systems: Systems) -> None:
    systems.in_erp("update clients set updated_at = '2025-12-24' where client_id = 1")
    systems.load()
    systems.in_erp("delete from clients where client_id = 1")
    systems.load(batch="lot-2", deleted_at=NOW)
    assert (1,) not in [row[:1] for row in _live(systems)]


def test_a_key_used_again_after_its_deletion_lives_again(systems: Systems) -> None:
    systems.load()
    systems.in_erp("delete from clients where client_id = 1")
    systems.load(batch="lot-2")
    systems.in_erp("insert into clients (client_id, nom, updated_at) values (1, 'Retour', '2025-12-01')")
    systems.load(batch="lot-3")
    assert _live(systems) == systems.in_erp(SAME.format("clients"))
    systems.in_erp("delete from clients where client_id = 1")
    assert systems.load(batch="lot-4")["erp_clients"].tombstones == 1


def test_a_row_committed_behind_the_cursor_is_not_lost(systems: Systems) -> None:
    systems.load()
    systems.in_erp("insert into clients (client_id, nom, updated_at) values (901, 'Tardif', '2024-01-01')")
    summary = systems.load(batch="lot-2")["erp_clients"]
    assert (summary.rows, summary.late_rows) == (1, 1)
    assert systems.load(batch="lot-3")["erp_clients"].rows == 0
    assert _live(systems) == systems.in_erp(SAME.format("clients"))


def test_a_new_column_is_accepted_and_reported(systems: Systems) -> None:
    systems.load()
    systems.in_erp("alter table clients add column code_naf varchar(5)")
    systems.in_erp("update clients set code_naf = '4321A', updated_at = '2025-06-01' where client_id = 3")
    summary = systems.load(batch="lot-2")["erp_clients"]
    assert any("code_naf" in warning for warning in summary.warnings)
    assert systems.landed("select client_id, code_naf from landing.erp_clients where _lot = 'lot-2'") == [
        (3, "4321A")
    ]
    ledger = systems.landed("select avertissements from landing.chargements where lot = 'lot-2'")
    assert "code_naf" in ledger[0][0][0]


def test_a_wider_column_changes_nothing_and_another_type_is_refused(systems: Systems) -> None:
    systems.load()
    systems.in_erp("alter table clients alter nom type varchar(400), alter latitude type numeric(12, 8)")
    systems.in_erp("update clients set nom = repeat('x', 300), updated_at = '2025-06-01' where client_id = 3")
    assert systems.load(batch="lot-2")["erp_clients"].rows == 1
    systems.in_erp(
        "alter table clients alter latitude type text; update clients set updated_at = '2025-07-01'"
    )
    with pytest.raises(InvalidInput, match="latitude"):
        systems.load(batch="lot-3")
    assert systems.landed("select count(*) from landing.erp_clients where _lot = 'lot-3'") == [(0,)]


def test_an_empty_table_lands_empty_and_fills_later(systems: Systems) -> None:
    systems.in_erp("truncate clients")
    assert systems.load()["erp_clients"].rows == 0
    systems.in_erp("insert into clients (client_id, nom, updated_at) values (1, 'Premier', '2024-01-01')")
    assert systems.load(batch="lot-2")["erp_clients"].rows == 1
    assert systems.load(batch="lot-3")["erp_clients"].rows == 0


def test_one_table_alone_can_be_loaded(systems: Systems) -> None:
    assert list(systems.load(tables=["interventions"])) == ["erp_interventions"]
    assert systems.landed("select to_regclass('landing.erp_clients')") == [(None,)]


def test_a_lost_working_folder_changes_nothing(systems: Systems, tmp_path) -> None:
    systems.load()
    assert list(systems.folder.iterdir()) == []
    moved = Systems(systems.erp, systems.warehouse, tmp_path / "ailleurs")
    assert moved.load(batch="lot-2")["erp_clients"].rows == 0


def test_a_source_that_is_down_is_named_with_a_remedy_and_without_its_password(systems: Systems) -> None:
    down = Systems("postgresql://lecteur:tres-secret@127.0.0.1:9/erp", systems.warehouse, systems.folder)
    with pytest.raises(SourceUnavailable, match="erp_terrain") as caught:
        down.load(attempts=2)
    assert "tres-secret" not in str(caught.value)
    assert caught.value.remedy
    assert systems.load()["erp_clients"].rows == 300


def test_a_warehouse_that_is_down_is_not_blamed_on_the_source(systems: Systems) -> None:
    import sqlalchemy as sa

    lost = Systems(systems.erp, "postgresql://x:y@127.0.0.1:9/entrepot", systems.folder)
    with pytest.raises(sa.exc.OperationalError):
        lost.load()


def test_unknown_and_missing_tables_are_refused(systems: Systems) -> None:
    with pytest.raises(InvalidInput, match="chaussettes"):
        systems.load(tables=["chaussettes"])
    with pytest.raises(InvalidInput, match="devis"):
        systems.load(tables=["devis"])


def test_a_source_that_drops_connections_in_the_middle_is_asked_again(
    systems: Systems, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.sources import erp

    extract, calls = erp.extract_into_buffers, []

    def dropped_first(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            systems.in_erp(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        return extract(*arguments)

    monkeypatch.setattr(erp, "extract_into_buffers", dropped_first)
    assert systems.load()["erp_clients"].rows == 300
    assert len(calls) == 2
    assert systems.landed("select count(*) from landing.erp_clients") == [(300,)]


def test_another_erp_is_another_list(systems: Systems, monkeypatch: pytest.MonkeyPatch) -> None:
    from warehouse.sources.catalogue import ERP_TABLES, SourceTable

    monkeypatch.setitem(ERP_TABLES, "affaires", SourceTable("affaires", "code", cursor="modifie_le"))
    systems.in_erp(
        "create table affaires (code varchar(8) primary key, libelle text, modifie_le timestamptz not null);"
        "insert into affaires select 'A' || i, 'x', '2025-01-01' from generate_series(1, 5) i"
    )
    assert systems.load(tables=["affaires"])["erp_affaires"].rows == 5
    systems.in_erp(
        "delete from affaires where code = 'A1'; insert into affaires values ('A0', 'y', '2024-01-01')"
    )
    summary = systems.load(batch="lot-2", tables=["affaires"])["erp_affaires"]
    assert (summary.rows, summary.late_rows, summary.tombstones) == (1, 1, 1)
