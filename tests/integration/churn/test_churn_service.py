"""Training, gate, registry and scores together, on a real database with a small made-up mart."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "ml"))
from synthetic_churn import synthetic_feat_churn

DATABASE = "fieldhouse_churn_service"


@pytest.fixture(scope="module")
def warehouse(postgres_url):
    """A warehouse with Python's tables, the promotion flag raised, and feat_churn."""
    from warehouse.tables import drapeaux, metadata

    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"drop database if exists {DATABASE} with (force)"))
        connection.execute(sa.text(f"create database {DATABASE}"))
    engine = sa.create_engine(sa.make_url(postgres_url).set(database=DATABASE))
    with engine.begin() as connection:
        for schema in ("marts", "ml", "ops", "planning"):
            connection.execute(sa.text(f"create schema {schema}"))
        metadata.create_all(connection)
        connection.execute(
            drapeaux.insert().values(nom="promouvoir_modele", actif=True, limite_jour=5, description="essai")
        )
        synthetic_feat_churn(300, 15, seed=1).drop(columns="verite").to_sql(
            "feat_churn",
            connection,
            schema="marts",
            index=False,
            dtype={"as_of": sa.Date, "resilie_3m": sa.Boolean},
        )
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(sa.text(f"drop database {DATABASE} with (force)"))


@pytest.fixture(scope="module")
def first_training(warehouse, tmp_path_factory):
    """The first training of this warehouse, on two blocks to stay quick."""
    from services.churn import train_churn

    folder = tmp_path_factory.mktemp("mlflow")
    address = f"sqlite:///{folder / 'mlflow.db'}"
    patch = pytest.MonkeyPatch()
    patch.setattr("ml.churn.N_BLOCKS", 2)
    trained = train_churn(warehouse, address, card_path=folder / "churn.md", artifacts=folder)
    patch.undo()
    return trained, address, folder


def test_the_first_model_is_promoted_through_the_gate(warehouse, first_training):
    trained, _, folder = first_training
    assert trained.alias == "champion"
    journal = pd.read_sql("select * from ops.journal_actions", warehouse)
    assert journal["decision"].tolist() == ["execute"]
    assert journal["sujet"].tolist() == ["churn v1"]
    assert "taux de base" in journal["raison"].iloc[0]
    assert "1 (champion)" in (folder / "churn.md").read_text(encoding="utf-8")


def test_scores_are_replaced_not_added(warehouse, first_training):
    from services.churn import score_clients

    _, address, _ = first_training
    once = score_clients(warehouse, address)
    first = pd.read_sql("select * from ml.scores_churn order by client_id", warehouse)
    score_clients(warehouse, address)
    again = pd.read_sql("select * from ml.scores_churn order by client_id", warehouse)
    assert once.rows == len(first) == len(again)
    pd.testing.assert_frame_equal(first.drop(columns="scored_at"), again.drop(columns="scored_at"))
    assert first["score"].between(0, 1).all()
    assert first["modele_version"].eq("1").all()
    assert first[first["risque_churn"] != "Faible"]["action_suggeree"].notna().all()
    assert once.alerts_justified >= once.alerts_documented


def test_a_closed_gate_keeps_a_better_model_challenger(warehouse, first_training, tmp_path, monkeypatch):
    from services.churn import train_churn

    monkeypatch.setattr("ml.churn.N_BLOCKS", 2)
    refused = train_churn(
        warehouse, f"sqlite:///{tmp_path / 'other.db'}", artifacts=tmp_path, allow=lambda *_: False
    )
    assert refused.alias == "challenger"
    assert "porte a refusé" in refused.reason
