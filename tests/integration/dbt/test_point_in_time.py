"""feat_churn for a date does not change when everything after that date is taken away."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime

import pytest

from tests.integration.dbt.dbt_build import Warehouse
from tests.integration.dbt.landing_by_hand import Landing
from tests.integration.dbt.small_company import TODAY, Company, add, at, make_company

THEN = date(2025, 6, 1)
TARGET = "resilie_3m"
_AFTER = {
    "reclamations": "date_ouverture",
    "devis": "date_emission",
    "factures": "date_facture",
    "contrats": "date_debut",
}


def as_known(company: Company, day: date) -> Company:
    """The same company on the evening of ``day``: what came later has not happened."""
    known = deepcopy(company)
    end_of_day = at(day, 22)  # midnight in France, summer time
    known.events = [e for e in known.events if datetime.fromisoformat(e["survenu_at"]) < end_of_day]
    done = {e["intervention_id"] for e in known.events}
    known.answers = [_unanswered(a, day) for a in known.answers if _day(a["Envoye le"]) <= day]
    visits = [row for row in known.erp["interventions"] if row["demande_at"] < end_of_day]
    for row in visits:
        if row["intervention_id"] not in done:
            row.update(statut="A planifier", date_planifiee=None)
    known.erp["interventions"] = visits
    for table, column in _AFTER.items():
        known.erp[table] = [row for row in known.erp[table] if row[column] <= day]
    for row in known.erp["contrats"]:
        if row["date_resiliation"] and row["date_resiliation"] > day:
            row.update(date_resiliation=None, motif_resiliation=None)
        if row["date_resiliation"] is None and row["date_fin"] >= day:
            row["statut"] = "Actif"
    for row in known.erp["reclamations"]:
        if row["date_resolution"] and row["date_resolution"] > day:
            row.update(date_resolution=None, statut="Ouvert")
    for row in known.erp["devis"]:
        if row["date_decision"] and row["date_decision"] > day:
            row.update(date_decision=None, statut="Envoye")
    return known


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").date()


def _unanswered(answer: dict, day: date) -> dict:
    if not answer["Repondu le"] or _day(answer["Repondu le"]) <= day:
        return answer
    return {key: "" if key[0] == "Q" or key == "Repondu le" else value for key, value in answer.items()}


def _features(warehouse: Warehouse, landing: Landing, company: Company, today: date) -> dict[tuple, dict]:
    landing.create()
    company.land(landing)
    warehouse.dbt("run", "--select", "+feat_churn", day=today)
    rows = warehouse.rows("select * from marts.feat_churn")
    return {(row["client_id"], row["as_of"]): row for row in rows}


@pytest.fixture(scope="module")
def both(warehouse: Warehouse, landing: Landing) -> tuple[dict, dict]:
    """Features of today's landing, and of landing as it was on THEN."""
    company = make_company(seed=5, clients=60)
    for number, visit in enumerate(company.erp["interventions"][:30]):
        issued = visit["date_due"]
        add(
            company,
            "devis",
            devis_id=number,
            client_id=visit["client_id"],
            technicien_id=1,
            date_emission=issued,
            montant_eur=500,
            statut="Refuse",
            date_decision=min(date.fromordinal(issued.toordinal() + 20), TODAY),
        )
    full = _features(warehouse, landing, company, TODAY)
    return full, _features(warehouse, landing, as_known(company, THEN), THEN)


def test_features_do_not_know_the_future(both: tuple[dict, dict]) -> None:
    """Every observation up to THEN has the same features in both."""
    full, then = both
    past = {key: row for key, row in full.items() if key[1] <= THEN}
    assert past.keys() == then.keys()
    differing = {
        column
        for key, row in past.items()
        for column, value in row.items()
        if column != TARGET and value != then[key][column]
    }
    assert not differing
    assert len(past) > 100


def test_target_is_known_after_three_months_only(both: tuple[dict, dict]) -> None:
    """Null while the three months are not over, and the only column that differs between the two."""
    full, then = both
    assert all(row[TARGET] is None for key, row in then.items() if key[1] > date(2025, 3, 1))
    assert all(row[TARGET] is not None for key, row in full.items() if key[1] <= date(2025, 8, 1))
    assert any(row[TARGET] for row in full.values())


def test_every_feature_varies(both: tuple[dict, dict]) -> None:
    """A feature that never varies would pass the comparison without meaning anything."""
    full, _ = both
    constant = {c for c in next(iter(full.values())) if len({row[c] for row in full.values()}) == 1}
    assert constant <= {
        "type_client",
        "nb_visites_an",
        "nb_contrats_actifs",
        "nb_depannages_12m",
        "nb_reclamations_ouvertes",
    }
