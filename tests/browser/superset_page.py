"""What a person does with Superset: log in, open a dashboard, read it. Everything that goes wrong is kept."""

from __future__ import annotations

import re
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Response

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
_HOLDER = ".dashboard-component-chart-holder"
_NO_DATA = re.compile(
    r"Aucun résultat|Aucune donnée|Pas de résultat|Pas de données|No results|No data|Erreur|Error", re.I
)
_BUSY = '.loading, [data-test="loading-indicator"], .ant-spin-spinning'


def chromium_path() -> str | None:
    """The machine's Chromium or Chrome, None when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Headless Chromium that talks to nobody but the pages it is given."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=_FLAGS)


@dataclass
class Visit:
    """One person's session, and the problems met in it.

    Attributes:
        problems: HTTP answers of 400 and above, console errors, requests to other machines.
        seconds: how long the last dashboard took to show all its charts.
    """

    page: Page
    base_url: str
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    _answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._on_response)
        self.page.on("console", self._on_console)
        self.page.on("request", lambda request: self._on_request(request.url))

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"HTTP {response.status} {response.url[:160]}")
        elif "/api/v1/chart/data" in response.url:
            self._answers.append(response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text[:300]}")

    def _on_request(self, url: str) -> None:
        if not url.startswith((self.base_url, "data:", "blob:")):
            self.problems.append(f"leaves the machine: {url[:160]}")

    def log_in(self, username: str, password: str) -> None:
        """Log in through the form."""
        self.page.goto(f"{self.base_url}/login/")
        self.page.fill('input[name="username"], #username', username)
        self.page.fill('input[name="password"], #password', password)
        self.page.click('[data-test="login-button"], button[type=submit], input[type=submit]')
        self.page.wait_for_url(lambda url: "/login" not in url, timeout=30_000)

    def open(self, slug: str, timeout_s: float = 90) -> None:
        """Open a dashboard and wait until no chart is loading any more."""
        started = time.monotonic()
        self.page.goto(f"{self.base_url}/superset/dashboard/{slug}/")
        self.page.wait_for_selector(_HOLDER, timeout=timeout_s * 1000)
        self._wait_for_charts(timeout_s)
        self.seconds = time.monotonic() - started - 1.0

    def _wait_for_charts(self, timeout_s: float) -> None:
        """Wait until nothing has been loading for a second."""
        deadline, quiet = time.monotonic() + timeout_s, 0
        while quiet < 4:
            if time.monotonic() > deadline:
                raise TimeoutError(f"charts still loading after {timeout_s} s: {self.page.url}")
            self.page.wait_for_timeout(250)
            quiet = quiet + 1 if self.page.locator(_BUSY).count() == 0 else 0

    def filter(self, name: str, value: str) -> None:
        """Choose one value of a filter and apply it."""
        control = self.page.locator('[data-test="filter-bar"] .ant-form-item', has_text=name)
        control.locator(".ant-select").first.click()
        self.page.locator(".ant-select-item-option", has_text=value).first.click()
        self.page.keyboard.press("Escape")
        self.page.locator('[data-test="filter-bar__apply-button"]').click()
        self.page.wait_for_timeout(1000)
        self._wait_for_charts(30)

    def queries_without_rows(self) -> int:
        """How many of the charts' queries came back without a single row."""
        results = [result for answer in self._answers for result in answer.json().get("result", [])]
        return sum(1 for result in results if result.get("rowcount") == 0)

    def charts(self) -> dict[str, Locator]:
        """Title -> holder of every chart on the page."""
        holders = self.page.locator(_HOLDER)
        return {
            holders.nth(i).locator('[data-test="editable-title"]').first.inner_text().strip(): holders.nth(i)
            for i in range(holders.count())
        }

    def screenshot(self, path: Path) -> None:
        """The whole page. The window is made as high as the page: a stitched picture loses the charts."""
        grid = self.page.locator('.grid-container, [data-test="grid-content"]').first
        height = grid.evaluate("element => element.getBoundingClientRect().bottom")
        self.page.set_viewport_size({"width": 1600, "height": int(height) + 40})
        self.page.wait_for_timeout(2500)
        self.page.screenshot(path=path)

    def empty_charts(self) -> list[str]:
        """Titles of the charts that show an error, no data, or nothing at all."""
        return [title for title, chart in self.charts().items() if not _has_content(chart)]

    def number(self, title: str) -> float:
        """The big number of a chart, read as French: narrow spaces, decimal comma, unit."""
        return french_number(self.charts()[title].locator(".header-line").first.inner_text())


def _has_content(chart: Locator) -> bool:
    body = chart.locator('[data-test="slice-container"], .chart-slice, .slice_container').first
    text = body.inner_text() if body.count() else chart.inner_text()
    if _NO_DATA.search(text) or chart.locator('.ant-alert-error, [data-test="error-message"]').count():
        return False
    drawn = chart.locator("canvas, svg.chart, table tbody tr, .header-line")
    return drawn.count() > 0 and (drawn.first.bounding_box() or {}).get("width", 0) > 0


def french_number(text: str) -> float:
    """``1 234,5 €`` -> 1234.5 ; ``-37,4 %`` -> -0.374 .

    Raises:
        ValueError: the text holds no number.
    """
    found = re.search(r"[-−+]?\d[\d\s\u202f\u00a0.]*(?:,\d+)?", text)
    if found is None:
        raise ValueError(f"no number in {text!r}")
    number = float(re.sub(r"\s", "", found[0]).replace("−", "-").replace(",", "."))
    return number / 100 if "%" in text else number
