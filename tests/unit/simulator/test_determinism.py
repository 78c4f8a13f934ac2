"""Same seed, same bytes; and a company stored and taken up again lives the same next day."""

from __future__ import annotations

import json

from simulator.day import live_day
from simulator.world import from_document, to_document
from tests.unit.simulator.company_in_memory import live_through


def _written(today) -> tuple:
    changes = [(c.table, c.action, c.key, c.values, when) for c, when in today.journal.timed()]
    lines = [
        (line.minute, line.payload) for line in [*today.app_lines, *today.portal_lines, *today.survey_lines]
    ]
    return changes, lines, today.ledger, today.hazards


def test_same_seed_same_days():
    one, two = live_through(0.05, 60), live_through(0.05, 60)
    assert [_written(day) for day in one.days] == [_written(day) for day in two.days]


def test_another_seed_is_another_company():
    one, two = live_through(0.05, 3), live_through(0.05, 3, seed=8)
    assert _written(one.days[0]) != _written(two.days[0])


def test_stored_state_continues_as_if_never_stopped():
    straight, stopped = live_through(0.05, 90).world, live_through(0.05, 90).world
    for _ in range(25):
        stopped = from_document(json.loads(json.dumps(to_document(stopped))))
        assert _written(live_day(stopped)) == _written(live_day(straight))
    assert to_document(stopped) == to_document(straight)
