"""What the machine lacks is said before anything starts, all at once, with the remedy."""

import socket

import pytest

from cli.platform.checks import check_machine
from cli.platform.house import House, read_house, refuse_change
from core.errors import FieldhouseError, PrerequisiteMissing
from core.settings import Settings


@pytest.fixture
def free(tmp_path, unused_ports) -> Settings:
    dagster, code, mlflow, superset = unused_ports(4)
    return Settings(
        home=tmp_path, dagster_port=dagster, code_server_port=code, mlflow_port=mlflow, superset_port=superset
    )


@pytest.fixture
def unused_ports():
    def ports(count: int) -> list[int]:
        probes = [socket.socket() for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        found = [probe.getsockname()[1] for probe in probes]
        for probe in probes:
            probe.close()
        return found

    return ports


def test_a_free_machine_passes(free) -> None:
    check_machine(free, with_bi=False)


def test_a_taken_port_and_a_full_disk_are_named_together(free) -> None:
    free.min_free_disk_gb = 1e9
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free.mlflow_port))
        taken.listen()
        with pytest.raises(PrerequisiteMissing) as caught:
            check_machine(free, with_bi=False)
    text = str(caught.value)
    assert f"Port {free.mlflow_port} (mlflow)" in text
    assert f"FIELDHOUSE_MLFLOW_PORT={free.mlflow_port + 1000} make up" in text
    assert "GB free" in text
    assert "FIELDHOUSE_HOME" in text


def test_another_company_than_the_one_that_lives_here_is_refused(tmp_path) -> None:
    House(0.2, 7, True).save(tmp_path)
    found = read_house(tmp_path)
    refuse_change(found, scale=0.2, seed=None)
    with pytest.raises(FieldhouseError, match=r"scale 0\.2.*\n?.*--scale 0\.2"):
        refuse_change(found, scale=1.0, seed=None)
