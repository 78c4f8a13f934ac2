"""Kilometres against the order really driven (M3, target −20 %), sequencing and assignment told apart.

``python -m benchmarks.driven --out DIR [--weeks N]`` reads the warehouse (``FIELDHOUSE_HOME``) and
writes ``driven.json`` and ``driven.md``. Each team day is driven, put in the best order technician by
technician, and shared out again between the technicians who worked. Intervals draw days, with all three
figures of a day together.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import sqlalchemy as sa
from rich.progress import track

from core.clock import read_clock
from core.settings import get_settings
from optimisers.tours.reassign import TeamComparison, TeamDay, compare_team_day
from services.planning.driven import driven_days
from services.planning.frames import read_driven
from warehouse.connection import pipeline_engine

DRAWS = 5000
TARGET_PCT = 20.0
_NEEDED = """
select f.intervention_id, t.competence
from marts.fact_interventions as f
join marts.dim_types_intervention as t on t.type_intervention_id = f.type_intervention_id
where f.heure_arrivee >= :since and f.heure_arrivee < :until and t.competence is not null
"""


def team_days(engine: sa.Engine, weeks: int) -> list[TeamDay]:
    """Days on which at least one technician made two visits, with skills held and needed."""
    until = read_clock(get_settings().home).today() + timedelta(days=1)
    since = until - timedelta(weeks=weeks)
    frames = read_driven(engine, since, until)
    days, _ = driven_days(frames)
    with engine.connect() as connection:
        needed = pd.read_sql(sa.text(_NEEDED), connection, params={"since": since, "until": until})
    skills = {int(row.intervention_id): {str(row.competence): 1} for row in needed.itertuples(index=False)}
    held = {
        int(row.technicien_id): dict.fromkeys(row.specialites or (), 1)
        for row in frames.technicians.itertuples(index=False)
    }
    by_date = sorted(days, key=lambda day: (day.day, day.technician_id))
    return [
        TeamDay(date, tuple(tours), held, skills) for date, tours in groupby(by_date, key=lambda day: day.day)
    ]


def savings(compared: Sequence[TeamComparison], draws: int = DRAWS, seed: int = 0) -> dict[str, list[float]]:
    """Share of the driven kilometres saved, %, as [mean, low, high] of a 95 % bootstrap over days."""
    km = np.array([(c.driven_km, c.sequenced_km, c.assigned_km) for c in compared])
    drawn = km[np.random.default_rng(seed).integers(0, len(km), (draws, len(km)))].sum(axis=1)
    steps = {"sequencing": (0, 1), "assignment": (1, 2), "both": (0, 2)}

    def share(sums: np.ndarray, first: int, last: int) -> np.ndarray:
        return 100 * (sums[..., first] - sums[..., last]) / sums[..., 0]

    return {
        name: [float(share(km.sum(axis=0), *span)), *np.percentile(share(drawn, *span), [2.5, 97.5]).tolist()]
        for name, span in steps.items()
    }


def report(compared: Sequence[TeamComparison], shares: dict[str, list[float]]) -> str:
    """The measures as Markdown, written from the figures alone."""
    tours = sum(c.technician_days for c in compared)
    km = [sum(getattr(c, name) for c in compared) for name in ("driven_km", "sequenced_km", "assigned_km")]
    both = shares["both"]
    verdict = "reached" if both[1] >= TARGET_PCT else "not reached" if both[2] < TARGET_PCT else "not decided"
    lines = [
        "## Kilometres against the order really driven",
        "",
        f"Demo company (simulated): {len(compared)} days, {tours} technician-days, "
        f"{sum(c.visits for c in compared)} visits, same days, promises and people; planner's distances.",
        f"Target −{TARGET_PCT:.0f} %: **{verdict}** by sequencing and assignment together.",
        "",
        "| step | km after | saved, % of driven | 95 % interval |",
        "|---|---:|---:|---:|",
        f"| driven | {km[0]:,.0f} | | |",
    ]
    for name, after in (("sequencing", km[1]), ("assignment", km[2]), ("both", km[2])):
        mean, low, high = shares[name]
        lines.append(f"| {name} | {after:,.0f} | {mean:.1f} | [{low:.1f}, {high:.1f}] |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--weeks", type=int, default=12)
    chosen = parser.parse_args()
    compared = []
    for team in track(team_days(pipeline_engine(), chosen.weeks), description="days"):
        try:
            compared.append(compare_team_day(team, seed=1))
        except ValueError:
            continue  # fewer than two tours that can be replayed that day
    shares = savings(compared)
    chosen.out.mkdir(parents=True, exist_ok=True)
    rows = [{**asdict(c), "day": c.day.isoformat()} for c in compared]
    (chosen.out / "driven.json").write_text(
        json.dumps({"saved_pct": shares, "days": rows}, indent=1) + "\n", encoding="utf-8"
    )
    (chosen.out / "driven.md").write_text(report(compared, shares), encoding="utf-8")


if __name__ == "__main__":
    main()
