"""Suites on a real landing: what holds, what does not, and pages that open without the network."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput
from tests.integration.warehouse.systems import Systems
from warehouse.quality.expected_columns import landing_columns
from warehouse.quality.probes import Severity
from warehouse.quality.suites import SuiteResult, run_suite

TODAY = date(2025, 11, 14)
FETCHED = re.compile(
    r"""(?:src|href|data)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?https?:|@import[^;]*https?:|<script"""
)
_KINDS = {
    "updated_at": "timestamptz",
    "_charge_at": "timestamptz",
    "demande_at": "timestamptz",
    "_supprime": "boolean",
    "ligne": "integer",
    "duree_prevue_min": "bigint",
    "taux_horaire_eur": "numeric",
    "intervention_id": "bigint",
}


def _fill(systems: Systems) -> None:
    """Landing as the catalogue describes it, with sixteen weeks of plausible arrivals."""
    for table, columns in landing_columns().items():
        typed = ", ".join(f"{column} {_KINDS.get(column, 'text')}" for column in columns)
        systems.landed(f"create table landing.{table} ({typed})")
    systems.landed(
        """
create table landing.fichiers (lignes integer);
insert into landing.fichiers values (10), (20);
insert into landing.erp_interventions
    (intervention_id, demande_at, updated_at, statut, urgence, duree_prevue_min, taux_horaire_eur, _supprime)
select i, timestamptz '2025-11-14' - i * interval '1 day', timestamptz '2025-11-14' - i * interval '1 day',
    'Terminee', 'Normale', 60, 65, false
from generate_series(0, 200) i;
insert into landing.app_evenements (fichier, ligne, payload, encodage)
select 'app/2025/x.jsonl', n, format(
    '{"type": "%s", "envoye_at": "%s", "donnees": {"latitude": 45.9, "note": 4}}',
    type, date '2025-11-14' - i), 'utf-8'
from generate_series(0, 130) i, (values (1, 'arrivee'), (2, 'depart'), (3, 'note')) t(n, type);
insert into landing.app_evenements (fichier, ligne, payload, encodage)
values ('app/2025/x.jsonl', 9, '{"casse', 'utf-8'), ('app/2025/x.jsonl', 10, '{"a": "\\u0000"}', 'utf-8');
insert into landing.portail_demandes (payload) values ('{"emis_at": "2025-11-13T08:00:00+01:00"}'), ('{"');
insert into landing.enquete_reponses (payload) values ('{"Envoye le": "10/11/2025 09:19"}');
"""
    )


def _run(systems: Systems, docs: Path, today: date = TODAY) -> SuiteResult:
    return run_suite("arrivees", sa.create_engine(systems.warehouse), docs, today=today)


def test_arrivals_from_good_to_bad(systems: Systems, tmp_path: Path) -> None:
    _fill(systems)
    good = _run(systems, tmp_path)
    assert good.success, good.words()
    assert good.failures == ()
    pages = [page for page in tmp_path.rglob("*") if page.suffix in {".html", ".css"}]
    assert len(pages) > 20
    assert [page for page in pages if FETCHED.search(page.read_text())] == []

    systems.landed("alter table landing.erp_clients add column code_naf text")
    late = _run(systems, tmp_path, today=date(2025, 12, 24))
    assert not late.success
    assert any("l'ERP a bougé" in words and "vu : 40" in words for words in late.words(Severity.CRITICAL))
    assert any("code_naf" in words for words in late.words(Severity.WARNING))

    systems.landed(
        "alter table landing.erp_devis drop column montant_eur; drop table landing.portail_demandes"
    )
    broken = _run(systems, tmp_path)
    assert any("manquent : montant_eur" in words for words in broken.words(Severity.CRITICAL))
    assert any("portail_demandes" in words and "impossible" in words for words in broken.words())


def test_an_unknown_suite_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="arrivees"):
        run_suite("autre", sa.create_engine("postgresql://"), tmp_path, today=TODAY)
