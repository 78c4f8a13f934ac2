"""dbt's unit tests: computed columns on hand-made rows. Production builds leave them out, they test code."""

import re
import subprocess

import pytest

from core.clock import read_clock
from tests.conftest import RunningHouse

pytestmark = pytest.mark.house


def test_computed_columns(running_house: RunningHouse) -> None:
    from orchestration.dbt_project import DBT, PROJECT_DIR, export_profile

    export_profile()
    today = read_clock(running_house.home).today()
    done = subprocess.run(
        [str(DBT), "test", "--select", "test_type:unit", "--vars", f"date_metier: '{today}'"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"PASS=(\d+)", done.stdout)
    assert passed, done.stdout[-500:]
    assert int(passed[1]) >= 10
