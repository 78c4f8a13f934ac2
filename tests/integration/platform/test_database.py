"""Roles have the rights they need and no others; migrations lead to the metadata; the gate keeps its word."""

import subprocess

import pytest
import sqlalchemy as sa

from core.errors import GateRefused
from services import gate
from warehouse.connection import owner_engine, pipeline_engine, reader_engine, role_url, service_url
from warehouse.migrations import alembic_config
from warehouse.tables import drapeaux, journal_actions

pytestmark = pytest.mark.house


@pytest.fixture(autouse=True)
def _house(running_house) -> None:
    """Every test here reads the house's own databases."""


@pytest.mark.parametrize(
    "statement",
    [
        "select * from landing.erp_clients",
        "select * from ml.scores_churn",
        "select * from ops.journal_actions",
        "create table marts.intruder (x int)",
        "delete from marts.dim_zones",
    ],
)
def test_the_reader_sees_marts_and_changes_nothing(statement: str) -> None:
    with reader_engine().connect() as connection:
        assert connection.scalar(sa.text("select count(*) from marts.dim_zones")) == 7
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    "statement",
    ["update public.clients set nom = 'x'", "delete from public.interventions", "create table t (x int)"],
)
def test_the_pipeline_only_reads_the_erp(statement: str) -> None:
    from warehouse.connection import erp_url

    engine = sa.create_engine(erp_url())
    with engine.connect() as connection:
        assert connection.scalar(sa.text("select count(*) from public.clients")) > 0
        with pytest.raises(sa.exc.ProgrammingError):
            connection.execute(sa.text(statement))
    engine.dispose()


def test_the_services_role_cannot_enter_the_warehouse() -> None:
    from core.vocabulary import DatabaseRole

    engine = sa.create_engine(role_url(DatabaseRole.SERVICES))
    with pytest.raises(sa.exc.OperationalError, match="CONNECT"), engine.connect():
        pass
    assert sa.create_engine(service_url("mlflow")).connect().scalar(sa.text("select 1")) == 1


def test_migrations_lead_to_the_metadata() -> None:
    from alembic import command

    command.check(alembic_config())


def test_the_gate_allows_up_to_its_limit_and_leaves_a_row_each_time() -> None:
    engine = pipeline_engine()
    with owner_engine().begin() as connection:
        connection.execute(
            drapeaux.insert().values(nom="essai", actif=True, limite_jour=2, description="test")
        )
    try:
        answers = [gate.request(engine, "essai", f"sujet {i}", "raison", {"i": i}) for i in range(3)]
        assert answers == [True, True, False]
        with engine.begin() as connection:
            rows = connection.execute(
                sa.select(journal_actions).where(journal_actions.c.action == "essai").order_by("fait_at")
            ).all()
            connection.execute(
                drapeaux.update().where(drapeaux.c.nom == "essai").values(actif=False, limite_jour=9)
            )
        assert [row.decision for row in rows] == ["execute", "execute", "refuse"]
        assert len({row.empreinte_entrees for row in rows}) == 3
        assert not gate.request(engine, "essai", "sujet", "raison", {})
        with pytest.raises(GateRefused, match="inconnue"):
            gate.request(engine, "inconnue", "sujet", "raison", {})
    finally:
        with owner_engine().begin() as connection:
            connection.execute(sa.delete(journal_actions).where(journal_actions.c.action == "essai"))
            connection.execute(sa.delete(drapeaux).where(drapeaux.c.nom == "essai"))


def test_no_secret_is_readable_by_others(running_house) -> None:
    listed = subprocess.run(
        ["find", str(running_house.home), "-name", "secrets.json", "-perm", "/077"],
        capture_output=True,
        text=True,
    )
    assert listed.stdout == ""
