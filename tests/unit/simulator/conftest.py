"""A small company lived once in memory, shared by the simulator's tests."""

from __future__ import annotations

import pytest

from tests.unit.simulator.company_in_memory import Lived, live_through

DAYS = 400


@pytest.fixture(scope="session")
def company() -> Lived:
    """Thirteen months of a company at scale 0.4: read only."""
    return live_through(0.4, DAYS)
