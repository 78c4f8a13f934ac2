"""Behaviour has causes: satisfaction, complaints and departures move with them, by the written amounts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from simulator.churn import COEFFICIENTS, hazard
from simulator.satisfaction import Experience, feel
from simulator.world import Client, Technician

GOOD = Experience(0, 0.0, 0.0, True)
MONTH = date(2025, 3, 1)


def _client(**changes) -> Client:
    values = dict(
        client_id=1, zone_id=1, kind="Particulier", segment="Argent", name="x", latitude=45.9, longitude=6.1,
        opens_min=480, closes_min=1140, technician_id=1, bias=0.0, engagement=0.4, satisfaction=4.1,
        since=735000, last_contact=MONTH.toordinal() - 10, has_email=True, contract_id=1,
        contract_end=MONTH.toordinal() + 200, price_eur=500.0, visits_per_year=4, last_raise=0.025,
    )  # fmt: skip
    return Client(**{**values, **changes})


def _mean_note(experience: Experience, warmth: float = 0.0) -> float:
    rng = np.random.default_rng(3)
    person = Technician(1, "a", "b", 45.9, 6.1, [1], [1], 1.0, warmth, 0.0)
    notes = [feel(_client(), person, experience, 739000, rng)[1] for _ in range(1500)]
    return float(np.mean([note for note in notes if note is not None]))


def test_satisfaction_falls_with_lateness_step_by_step():
    means = [_mean_note(Experience(days, 0.0, 0.0, True)) for days in (0, 4, 8, 16)]
    assert means == sorted(means, reverse=True)
    assert means[0] - means[-1] > 0.8


@pytest.mark.parametrize(
    "worse", [Experience(0, 0.0, 0.0, False), Experience(0, 45.0, 0.0, True), Experience(0, 0.0, 40.0, True)]
)
def test_satisfaction_falls_with_each_other_cause(worse):
    assert _mean_note(worse) < _mean_note(GOOD) - 0.1


def test_a_warm_technician_gets_better_notes():
    assert _mean_note(GOOD, warmth=0.3) > _mean_note(GOOD) + 0.1 > _mean_note(GOOD, warmth=-0.3)


@pytest.mark.parametrize(
    "changes",
    [
        {"satisfaction": 3.2},
        {"complaints": [MONTH.toordinal() - 40]},
        {"late_visits": [MONTH.toordinal() - 40] * 3},
        {"last_contact": MONTH.toordinal() - 150},
        {"last_raise": 0.12},
        {"price_eur": 800.0},
        {"segment": "Bronze", "price_eur": 220.0},
        {"engagement": 0.1},
        {"contract_end": MONTH.toordinal() + 20},
        {"since": MONTH.toordinal() - 60},
    ],
)
def test_each_cause_raises_the_hazard(changes):
    assert hazard(_client(**changes), MONTH) > 1.05 * hazard(_client(), MONTH)


def test_what_happened_more_than_a_year_ago_no_longer_counts():
    old = MONTH.toordinal() - 400
    assert hazard(_client(complaints=[old], late_visits=[old]), MONTH) == hazard(_client(), MONTH)


def test_departures_happen_as_often_as_their_true_probability_says(company):
    expected = [p for day in company.days for _client_id, _month, p in day.hazards]
    left = sum(
        c.values.get("statut") in ("Resilie", "Expire")
        for c, _ in company.changes
        if c.table == "contrats" and c.action == "update"
    )
    sigma = np.sqrt(sum(p * (1 - p) for p in expected))
    assert abs(left - sum(expected)) < 4 * sigma
    assert set(COEFFICIENTS) >= {"insatisfaction", "reclamations", "silence", "hausse_prix", "segment_bronze"}


def test_late_visits_are_followed_by_lower_notes(company):
    dues = {
        c.key: c.values["date_due"]
        for c, _ in company.changes
        if c.table == "interventions" and c.action == "insert"
    }
    late, in_time = [], []
    for today in company.days:
        for event in today.app_events:
            note = event["donnees"].get("note")
            if event["type"] == "note" and note and note <= 5:
                (late if (today.day - dues[event["intervention_id"]]).days > 7 else in_time).append(note)
    assert len(late) > 20
    assert np.mean(late) < np.mean(in_time) - 0.2
