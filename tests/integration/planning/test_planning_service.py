"""The planning service on a real PostgreSQL: a small company's marts in, plans, files and publication out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from core.clock import PARIS
from core.errors import InvalidInput
from optimisers.model import Stop
from services.planning import compare_driven_tours, plan_tour, plan_week, publish_latest, publish_plan
from services.planning.driven import WEEKS_COMPARED
from services.planning.frames import read_driven
from tests.integration.planning.small_company import MONDAY, business_date, company
from warehouse.tables import drapeaux

QUICK = Stop(max_iterations=150)


@pytest.fixture(scope="module")
def engine(postgres_url: str) -> Iterator[sa.Engine]:
    with company(postgres_url, "test_planning") as made:
        yield made


def _count(engine: sa.Engine, table: str, plan_id: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(
            sa.text(f"select count(*) from planning.{table} where plan_id = :p"), {"p": plan_id}
        )


def test_a_week_is_written_whole_once_and_exported(engine, tmp_path):
    first = plan_week(engine, MONDAY, seed=1, stop=QUICK, out_dir=tmp_path)
    again = plan_week(engine, MONDAY, seed=1, stop=QUICK, out_dir=tmp_path)
    assert first.plan_id == again.plan_id
    assert first.objective == again.objective
    assert _count(engine, "plans", first.plan_id) == 1
    assert _count(engine, "visites", first.plan_id) + _count(engine, "non_planifiees", first.plan_id) == 30
    assert all(path.stat().st_size > 500 for path in first.files)
    assert {path.suffix for path in first.files} == {".xlsx", ".csv", ".pdf", ".ics", ".geojson"}
    with engine.connect() as connection:
        promised = connection.scalar(
            sa.text("select debut_at from planning.visites where intervention_id = 101 and plan_id = :p"),
            {"p": first.plan_id},
        )
    assert datetime(2025, 11, 18, 10, tzinfo=PARIS) <= promised <= datetime(2025, 11, 18, 12, tzinfo=PARIS)
    assert "30 visites" in first.summary()
    assert first.metadata()["visites"] == 30


def test_publishing_passes_the_gate_and_replaces_the_former_plan(engine):
    first = plan_week(engine, MONDAY, seed=1, stop=QUICK)
    assert publish_latest(engine, MONDAY).published
    assert publish_plan(engine, first.plan_id)  # already published: nothing asked again
    second = plan_week(engine, MONDAY, seed=2, stop=QUICK)
    # The flag allows one publication a day.
    assert not publish_plan(engine, second.plan_id)
    with engine.begin() as connection:
        connection.execute(drapeaux.update().values(limite_jour=5))
    assert publish_plan(engine, second.plan_id)
    with engine.connect() as connection:
        states = dict(connection.execute(sa.text("select plan_id::text, statut from planning.plans")).all())
    assert states == {first.plan_id: "Remplace", second.plan_id: "Publie"}
    with pytest.raises(InvalidInput, match="replaced"):
        publish_plan(engine, first.plan_id)
    assert plan_week(engine, MONDAY, seed=2, stop=QUICK).plan_id == second.plan_id
    assert publish_latest(engine, MONDAY).plan_id is None


def test_a_tour_takes_the_visits_of_the_week_and_is_exact(engine):
    plan_week(engine, MONDAY, seed=1, stop=QUICK)
    with engine.connect() as connection:
        technician, visits = connection.execute(
            sa.text("select technicien_id, nb_visites from planning.journees where jour = :d limit 1"),
            {"d": MONDAY},
        ).one()
    report = plan_tour(engine, technician, MONDAY)
    assert report.visits + report.unassigned + report.waiting == visits
    with pytest.raises(InvalidInput, match="fieldhouse plan week"):
        plan_tour(engine, 3, MONDAY)


def test_driven_tours_are_compared_whatever_the_session_time_zone(engine):
    report = compare_driven_tours(engine)
    assert report.reduction is not None
    assert report.reduction.days == 14
    assert report.reduction.low_pct >= 0
    today = business_date()
    assert len(read_driven(engine, today - timedelta(weeks=WEEKS_COMPARED), today).visits) == 56
    assert compare_driven_tours(engine).metadata() == report.metadata()


def test_a_week_that_does_not_begin_on_monday_is_refused(engine):
    with pytest.raises(InvalidInput, match="Monday"):
        plan_week(engine, MONDAY + timedelta(1), stop=QUICK)
