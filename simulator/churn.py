"""Why customers leave: the true monthly hazard, drawn on the first day of each month.

The probability of leaving within a month is the logistic of a sum of causes, all known on that day. A
customer who leaves in the month of the contract's end lets it expire; any other cancels on a random day of
the month.
"""

from __future__ import annotations

import calendar as month_lengths
import math
from datetime import date

from simulator.catalogue import CONTRACT_PRICE_EUR
from simulator.today import Today
from simulator.world import Client

BASE = -5.40
YEAR_DAYS = 365
# Effect on the log-odds of leaving, per unit of each cause.
COEFFICIENTS: dict[str, float] = {
    "insatisfaction": 1.25,  # points of running satisfaction below 4.1
    "reclamations": 0.70,  # complaints in 12 months, 3 at most
    "silence": 0.35,  # months without a visit beyond the second, 4 at most
    "retards": 0.22,  # visits more than 7 days late in 12 months, 4 at most
    "hausse_prix": 9.0,  # last price rise beyond 2.5 % (0.10 = ten percent)
    "prix": 0.60,  # logarithm of price over the segment's typical price
    "segment_bronze": 0.25,
    "segment_or": -0.45,
    "engagement": -1.1,  # propensity to answer, 0.4 is the mean
    "echeance": 2.35,  # the contract ends this month
    "nouveau": 0.30,  # first year
}


def causes(client: Client, day: date) -> dict[str, float]:
    """The value of each cause for a customer on the first day of a month."""
    ordinal = day.toordinal()
    last = ordinal + month_lengths.monthrange(day.year, day.month)[1] - 1
    recent = ordinal - YEAR_DAYS
    complaints = sum(1 for when in client.complaints if when >= recent)
    late = sum(1 for when in client.late_visits if when >= recent)
    return {
        "insatisfaction": min(max(4.1 - client.satisfaction, -0.8), 2.2),
        "reclamations": float(min(complaints, 3)),
        "silence": min(max(0.0, (ordinal - client.last_contact - 60) / 30), 4.0),
        "retards": float(min(late, 4)),
        "hausse_prix": max(0.0, client.last_raise - 0.025),
        "prix": math.log(client.price_eur / CONTRACT_PRICE_EUR[client.segment][0]),
        "segment_bronze": float(client.segment == "Bronze"),
        "segment_or": float(client.segment == "Or"),
        "engagement": client.engagement - 0.4,
        "echeance": float(ordinal <= client.contract_end <= last),
        "nouveau": float(ordinal - client.since < YEAR_DAYS),
    }


def hazard(client: Client, day: date) -> float:
    """True probability of leaving during the month that begins on `day`."""
    log_odds = BASE + sum(COEFFICIENTS[name] * value for name, value in causes(client, day).items())
    return 1 / (1 + math.exp(-log_odds))


def draw_departures(today: Today) -> None:
    """On the first of a month, draw who will leave during it and note the true probabilities."""
    if today.day.day != 1:
        return
    world, rng = today.world, today.rng("churn")
    length = month_lengths.monthrange(today.day.year, today.day.month)[1]
    last = today.ordinal + length - 1
    month = today.day.isoformat()[:7]
    for client in world.clients.values():
        if not client.contract_id:
            continue
        _forget(client, today.ordinal)
        probability = hazard(client, today.day)
        today.hazards.append((client.client_id, month, probability))
        if rng.random() >= probability:
            continue
        if client.contract_end <= last:
            client.leaving = True
        else:
            leaves = today.ordinal + 1 + int(rng.random() * (length - 1))
            world.schedule(leaves, "resiliation", client.client_id, client.contract_id)


def _forget(client: Client, ordinal: int) -> None:
    """Drop what happened more than a year ago, so that the state does not grow."""
    for events in (client.complaints, client.late_visits, client.low_notes):
        events[:] = [when for when in events if when >= ordinal - YEAR_DAYS]
