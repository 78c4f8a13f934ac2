"""The house follows its company day after day, and a killed run leaves no trace once it is run again."""

import hashlib
import os
import signal
import subprocess
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import read_clock
from tests.conftest import FIELDHOUSE, ROOT, RunningHouse
from warehouse.connection import erp_url, pipeline_engine

pytestmark = pytest.mark.house

_COMPARED = (
    "fact_interventions",
    "fact_contrats",
    "fact_satisfaction",
    "fact_devis",
    "dim_clients_historique",
    "feat_churn",
)


def _rows(table: str) -> int:
    with pipeline_engine().connect() as connection:
        return connection.scalar(sa.text(f"select count(*) from {table}"))


def _content(table: str) -> str:
    """Hash of a mart's rows in any order, scores aside (they carry the instant of scoring)."""
    with pipeline_engine().connect() as connection:
        rows = connection.execute(sa.text(f"select md5(t::text) from marts.{table} t order by 1")).scalars()
        return hashlib.sha256("".join(rows).encode()).hexdigest()


def test_a_day_more_reaches_the_dashboards(running_house: RunningHouse) -> None:
    before, visits = read_clock(running_house.home).today(), _rows("marts.fact_interventions")
    running_house.run("simulate", "--days", "3")
    running_house.run("run", "daily")
    assert read_clock(running_house.home).today() == before + timedelta(days=3)
    assert _rows("marts.fact_interventions") > visits
    with pipeline_engine().connect() as connection:
        scored = connection.scalar(sa.text("select max(as_of) from ml.scores_churn"))
    assert scored == before + timedelta(days=3)


def test_a_killed_run_done_again_gives_the_same(running_house: RunningHouse) -> None:
    running_house.run("simulate", "--days", "1")
    for seconds in (9, 16):
        _run_daily_and_kill_after(seconds)
    running_house.run("run", "daily")
    after_kills = {table: _content(table) for table in _COMPARED}
    _rebuild_from_landing(running_house)
    assert {table: _content(table) for table in _COMPARED} == after_kills
    _landing_holds_the_erp()


def _run_daily_and_kill_after(seconds: float) -> None:
    process = subprocess.Popen(
        [str(FIELDHOUSE), "run", "daily"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    assert process.poll() is None, "daily ended before it could be killed; kill it earlier"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _rebuild_from_landing(house: RunningHouse) -> None:
    """Build the compared marts from nothing but landing, without any incremental shortcut."""
    from orchestration.dbt_project import DBT, PROJECT_DIR, export_profile

    export_profile()
    today = read_clock(house.home).today()
    selected = " ".join(f"+{table}" for table in _COMPARED)
    command = f"{DBT} --quiet run --full-refresh --project-dir {PROJECT_DIR} --select {selected}"
    subprocess.run([*command.split(), "--vars", f"date_metier: '{today}'"], check=True, cwd=PROJECT_DIR)


def _landing_holds_the_erp() -> None:
    source = sa.create_engine(erp_url())
    with source.connect() as erp, pipeline_engine().connect() as warehouse:
        expected = erp.execute(sa.text("select intervention_id, updated_at from interventions")).all()
        landed = warehouse.execute(
            sa.text(
                "select intervention_id, updated_at from (select distinct on (intervention_id) * "
                "from landing.erp_interventions order by intervention_id, updated_at desc, _supprime desc) v "
                "where not _supprime"
            )
        ).all()
    source.dispose()
    assert sorted(map(tuple, landed)) == sorted(map(tuple, expected))
