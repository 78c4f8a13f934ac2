"""Running a suite: Great Expectations on the warehouse, the verdict in words, Data Docs on disk."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput
from warehouse.quality import arrivals, served
from warehouse.quality.offline_docs import make_readable_offline
from warehouse.quality.probes import Probe, Rule, Severity

SUITES: dict[str, Callable[[date], list[Probe]]] = {"arrivees": arrivals.probes, "servis": served.probes}

_HEADINGS = {"arrivees": "ce qui arrive", "servis": "ce qui est servi"}


@dataclass(frozen=True)
class Failure:
    """One expectation that does not hold: ``words`` in French with what was seen, ready to show."""

    probe: str
    words: str
    severity: Severity


@dataclass(frozen=True)
class SuiteResult:
    """Verdict of a suite. ``docs`` is the page to open."""

    name: str
    checked: int
    failures: tuple[Failure, ...]
    docs: Path

    @property
    def success(self) -> bool:
        """True when nothing critical failed; warnings pass."""
        return not any(failure.severity is Severity.CRITICAL for failure in self.failures)

    def words(self, severity: Severity | None = None) -> list[str]:
        """Failures in French, of one severity or all."""
        return [f.words for f in self.failures if severity is None or f.severity is severity]


def run_suite(name: str, engine: sa.Engine, docs_dir: Path, *, today: date) -> SuiteResult:
    """Run one suite and write its Data Docs under ``docs_dir/<name>``.

    Args:
        name: ``arrivees`` (landing) or ``servis`` (marts).
        engine: engine of a role that may read the schemas the suite looks at.
        today: business date that freshness is measured against.

    Raises:
        InvalidInput: an unknown suite.
    """
    if name not in SUITES:
        raise InvalidInput(f"unknown suite {name!r}", expected=", ".join(SUITES))
    probes = SUITES[name](today)
    folder = docs_dir / name
    shutil.rmtree(folder, ignore_errors=True)
    results = _validated(name, probes, engine.url, folder)
    failures = []
    for probe, rule, result in results:
        if not result.success:
            failures.append(
                Failure(probe.name, f"{probe.title} : attendu, {rule.words} ; {_seen(result)}", rule.severity)
            )
    titles = {probe.name: probe.title for probe in probes}
    page = make_readable_offline(folder, f"{_HEADINGS[name]}, {today:%d/%m/%Y}", titles, failures)
    return SuiteResult(name, len(results), tuple(failures), page)


def _validated(name: str, probes: list[Probe], url: sa.URL, folder: Path) -> list[tuple[Probe, Rule, Any]]:
    """Run the probes; (probe, rule, Great Expectations' result) for each, Data Docs built in ``folder``."""
    import great_expectations as gx

    for logger in ("great_expectations", "posthog"):
        logging.getLogger(logger).setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}
    context.add_data_docs_site("local", _docs_site(folder))
    source = context.data_sources.add_postgres(
        "entrepot",
        connection_string=url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False),
        create_temp_table=False,
    )
    definitions = []
    for probe in probes:
        asset = source.add_query_asset(probe.name, query=f"select * from ({probe.query}) mesure")
        suite = context.suites.add(gx.ExpectationSuite(probe.name))
        for rule in probe.rules:
            make = getattr(gx.expectations, rule.kind)
            suite.add_expectation(make(**rule.arguments, severity=rule.severity, notes=rule.words))
        batch = asset.add_batch_definition_whole_table("tout")
        definition = gx.ValidationDefinition(name=probe.name, data=batch, suite=suite)
        definitions.append(context.validation_definitions.add(definition))
    checkpoint = context.checkpoints.add(gx.Checkpoint(name=name, validation_definitions=definitions))
    run = checkpoint.run()
    context.build_data_docs()
    by_suite = {validation.suite_name: validation for validation in run.run_results.values()}
    return [
        (probe, rule, result)
        for probe in probes
        for rule, result in zip(probe.rules, _in_order(probe, by_suite[probe.name].results), strict=True)
    ]


def _in_order(probe: Probe, results: list[Any]) -> list[Any]:
    """Results by the order of the probe's rules; Great Expectations returns them grouped by column."""
    by_words = {result.expectation_config.notes: result for result in results}
    return [by_words[rule.words] for rule in probe.rules]


def _seen(result: Any) -> str:
    error = _exception(result.exception_info or {})
    if error:
        return f"impossible à vérifier : {error}"
    seen = result.result
    if "mismatched" in seen.get("details", {}):
        missing = seen["details"]["mismatched"].get("missing", [])
        unexpected = seen["details"]["mismatched"].get("unexpected", [])
        parts = [("manquent", missing), ("en plus", unexpected)]
        return " ; ".join(f"{label} : {', '.join(names)}" for label, names in parts if names)
    values = seen.get("partial_unexpected_list") or [seen.get("observed_value")]
    return "vu : " + ", ".join(f"{value:.4g}" if isinstance(value, float) else str(value) for value in values)


def _exception(info: dict[str, Any]) -> str | None:
    """First line of an exception; Great Expectations nests it under the metric that raised."""
    if "exception_message" in info:
        lines = str(info["exception_message"] or "").strip().splitlines()
        return lines[0] if lines else None
    return next((found for nested in info.values() if (found := _exception(nested))), None)


def _docs_site(folder: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
