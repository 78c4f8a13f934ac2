"""The Superset the browser tests look at: the test house's, or any other one named by the environment.

``FIELDHOUSE_TEST_SUPERSET_URL``       e.g. http://127.0.0.1:8088
``FIELDHOUSE_TEST_SUPERSET_ACCOUNTS``  JSON object, account -> password
``FIELDHOUSE_TEST_ERP_URL``            the ERP behind it
``FIELDHOUSE_TEST_AS_OF``              its business date, YYYY-MM-DD
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.superset_page import Visit, chromium_path, launch


@dataclass(frozen=True)
class Dashboards:
    """A running Superset, its demo accounts, and where its figures come from."""

    url: str
    passwords: dict[str, str]
    erp_url: str
    today: date


@pytest.fixture(scope="session")
def dashboards(request: pytest.FixtureRequest) -> Dashboards:
    """The Superset under test."""
    if url := os.environ.get("FIELDHOUSE_TEST_SUPERSET_URL"):
        passwords = json.loads(os.environ["FIELDHOUSE_TEST_SUPERSET_ACCOUNTS"])
        today = date.fromisoformat(os.environ["FIELDHOUSE_TEST_AS_OF"])
        return Dashboards(url, passwords, os.environ["FIELDHOUSE_TEST_ERP_URL"], today)
    house = request.getfixturevalue("running_house")
    from core.clock import read_clock
    from warehouse.connection import erp_url

    accounts = {account["username"]: account["password"] for account in house.status["accounts"]}
    address = erp_url().render_as_string(hide_password=False)
    return Dashboards(house.url("superset").rstrip("/"), accounts, address, read_clock(house.home).today())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the session."""
    if chromium_path() is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, dashboards: Dashboards) -> Iterator[Callable[[str], Visit]]:
    """Open a session as one account."""
    contexts = []

    def as_account(account: str) -> Visit:
        context = browser.new_context(
            viewport={"width": 1600, "height": 1200}, locale="fr-FR", timezone_id="Europe/Paris"
        )
        contexts.append(context)
        session = Visit(context.new_page(), dashboards.url)
        session.log_in(account, dashboards.passwords[account])
        return session

    yield as_account
    for context in contexts:
        context.close()
