"""How much is proved: days of 5 to 15 visits solved exactly, and bounds of weeks against the best plan known.

``python -m benchmarks.optimality [--quick] --out DIR`` draws days and weeks, solves them on one thread and
writes ``optimality.json`` and ``.md``. Compile time is left out.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np

from optimisers.bounds.exact_day import best_day, warm_up
from optimisers.bounds.week import week_bound
from optimisers.routing.instance import Break, Instance
from optimisers.routing.search import search

STYLES = ("free", "half_days", "appointments", "two_windows")
SIZES, QUICK_SIZES = range(5, 16), (5, 10, 15)
DAYS_EACH, QUICK_DAYS_EACH = 6, 3
WEEKS, QUICK_WEEKS = ((5, 90), (5, 130)), ((5, 90),)
PLAN_SECONDS, QUICK_PLAN_SECONDS = 30.0, 5.0
ROUNDS, QUICK_ROUNDS = 20, 12
DAY_START, DAY_END, NOON_PAUSE = 480.0, 1080.0, Break(45, 690, 840)


def drawn_day(seed: int, visits: int, style: str) -> Instance:
    """One technician's day around a town; services fill it about as long as the hours allow."""
    rng = np.random.default_rng([seed, visits, STYLES.index(style)])
    places = rng.uniform(0, 25, (visits + 1, 2))
    service = np.floor(rng.uniform(0.5, 1.5, visits) * 330 / max(visits, 6))
    windows = np.full((visits, 1, 2, 2), (1.0, 0.0))
    windows[:, 0, 0] = np.stack((np.full(visits, DAY_START), DAY_END - service), axis=1)
    if style == "half_days":
        morning = rng.random(visits) < 0.5
        windows[morning, 0, 0, 1], windows[~morning, 0, 0, 0] = 720, 780
    elif style == "appointments":
        promised = rng.random(visits) < 0.6
        first = rng.integers(8, 16, visits) * 60.0
        windows[promised, 0, 0] = np.stack((first, first + 60), axis=1)[promised]
    elif style == "two_windows":
        windows[:, 0, 0], windows[:, 0, 1] = (540, 690), (840, 1020)
    return _instance(places, 1, service, windows, np.full(visits, 150.0), np.zeros((1, visits)), 1)


def drawn_week(seed: int, technicians: int, visits: int, days: int = 5) -> Instance:
    """A week in towns: skills, zones, due dates, urgent visits, half days and promised hours."""
    rng = np.random.default_rng([seed, technicians, visits])
    towns = rng.uniform(0, 13 * technicians**0.5, (max(6, technicians), 2))
    town = rng.integers(0, len(towns), visits)
    homes = towns[rng.integers(0, len(towns), technicians)] + rng.normal(0, 2, (technicians, 2))
    places = np.vstack((homes, towns[town] + rng.normal(0, 3, (visits, 2))))
    service = rng.choice([30.0, 45.0, 60.0, 90.0], visits, p=[0.3, 0.3, 0.25, 0.15])
    windows = np.full((visits, days, 1, 2), DAY_START)
    windows[..., 1] = (DAY_END - service)[:, None, None]
    half, morning = rng.random(visits) < 0.3, rng.random(visits) < 0.5
    windows[half & morning, ..., 1] = (720 - service[half & morning])[:, None, None]
    windows[half & ~morning, ..., 0] = 840
    promised, on, at = rng.random(visits) < 0.12, rng.integers(0, days, visits), rng.integers(9, 16, visits)
    windows[promised] = np.stack((at * 60.0, at * 60.0 + 60), axis=1)[promised, None, None, :]
    who, day = np.repeat(np.arange(technicians), days), np.tile(np.arange(days), technicians)
    urgent, due = (
        rng.random(visits) < 0.12,
        np.where(rng.random(visits) < 0.4, rng.integers(0, days, visits), 99),
    )
    late = np.maximum(day[:, None] - due[None, :], 0) * np.where(urgent, 8.0, 2.0)
    zone = town[rng.integers(0, visits, technicians)]
    choice = late + urgent * day[:, None] * 5.0 + 4.0 * (zone[who][:, None] != town[None, :])
    skills = rng.random((technicians, 4)) < 0.7
    skills[0], skills[:, 3] = True, True
    choice[~skills[who][:, rng.choice(4, visits, p=[0.17, 0.17, 0.16, 0.5])]] = np.inf
    choice[promised[None, :] & (day[:, None] != on[None, :])] = np.inf
    skip = 150.0 + 400 * urgent + 800 * promised
    return _instance(places, technicians, service, windows, skip, choice, days, balance=0.5)


def _instance(places, technicians, service, windows, skip, choice, days, balance=0.0) -> Instance:  # type: ignore[no-untyped-def]
    km = np.round(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) * 1.3, 3)
    drive = np.where(km > 0, 3 + np.minimum(km, 10) / 35 * 60 + np.maximum(km - 10, 0), 0)
    shifts = technicians * days
    who = np.repeat(np.arange(technicians), days)
    return Instance(
        leg_cost=km,
        leg_min=np.ceil(drive),
        visit_at=np.arange(len(service)) + technicians,
        service_min=service,
        windows=windows,
        skip_cost=skip,
        choice_cost=choice,
        shift_technician=who,
        shift_day=np.tile(np.arange(days), technicians),
        start_at=who,
        end_at=who,
        earliest=np.full(shifts, DAY_START),
        latest=np.full(shifts, DAY_END),
        max_work=np.full(shifts, 480.0),
        max_week_min=np.full(technicians, 2880.0),
        max_days=np.full(technicians, days),
        fair_share=np.full(technicians, 1 / technicians),
        pause=NOON_PAUSE,
        balance_per_hour2=balance,
    )


def measure_days(sizes: range | tuple[int, ...], each: int) -> list[dict[str, Any]]:
    """One row a day drawn."""
    from rich.progress import track

    warm_up()
    rows = []
    for style in track(STYLES, description="days"):
        for visits in sizes:
            for seed in range(each):
                instance = drawn_day(seed, visits, style)
                began = time.process_time()
                day = best_day(instance, 0, range(visits))
                seconds = time.process_time() - began
                gap = 100 * (day.objective - day.lower_bound) / max(day.objective, 1e-9)
                rows.append({"style": style, "visits": visits, "seed": seed, "seconds": round(seconds, 4),
                             "proved": day.proved, "gap_pct": round(gap, 4), "cost": round(day.objective, 3),
                             "made": len(day.order or ())})  # fmt: skip
    return rows


def measure_weeks(weeks: tuple[tuple[int, int], ...], plan_s: float, rounds: int) -> list[dict[str, Any]]:
    """One row a week drawn: our plan after `plan_s`, then its bounds."""
    small = drawn_week(0, 2, 8)
    search(small, max_iterations=20)
    week_bound(small, upper_bound=np.inf, max_rounds=2)
    rows = []
    for technicians, visits in weeks:
        instance = drawn_week(1, technicians, visits)
        plan = search(instance, seconds=plan_s, seed=1)
        floor = week_bound(instance, upper_bound=plan.objective, max_rounds=0)
        began = time.process_time()
        bound = week_bound(instance, upper_bound=plan.objective, orders=plan.orders, max_rounds=rounds)
        rows.append({"technicians": technicians, "visits": visits, "plan_seconds": plan_s,
                     "cost": round(plan.objective, 2), "made": sum(map(len, plan.orders)),
                     "assignment": round(floor.value, 2), "lower_bound": round(bound.value, 2),
                     "method": bound.method, "rounds": bound.rounds,
                     "seconds": round(time.process_time() - began, 1),
                     "gap_pct": round(100 * (plan.objective - bound.value) / plan.objective, 2)})  # fmt: skip
    return rows


def page(measured: dict[str, Any]) -> str:
    """The tables, from the figures alone."""
    lines = ["# What is proved", "", "Drawn days, one technician, one thread; seconds of processor time.", "",
             "| style | visits | days | proved optimal | worst gap | median s | p95 s |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for style in STYLES:
        for low, high in ((5, 10), (11, 15)):
            rows = [r for r in measured["days"] if r["style"] == style and low <= r["visits"] <= high]
            if rows:
                seconds = sorted(r["seconds"] for r in rows)
                p95 = seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]
                share, worst = statistics.mean(r["proved"] for r in rows), max(r["gap_pct"] for r in rows)
                lines.append(f"| {style} | {low}-{high} | {len(rows)} | {share:.1%} | {worst:.2f} % |"
                             f" {statistics.median(seconds):.3f} | {p95:.3f} |")  # fmt: skip
    lines += ["", "Drawn weeks of five days: our search's plan against the bounds.", "",
              "| technicians | visits | plan (points) | assignment bound | bound | gap | its seconds |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    lines += [
        f"| {r['technicians']} | {r['visits']} | {r['cost']} | {r['assignment']} | {r['lower_bound']}"
        f" ({r['method']}) | {r['gap_pct']} % | {r['seconds']} |"
        for r in measured["weeks"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, then write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    quick = options.quick
    days = measure_days(QUICK_SIZES if quick else SIZES, QUICK_DAYS_EACH if quick else DAYS_EACH)
    plan_s, rounds = (QUICK_PLAN_SECONDS, QUICK_ROUNDS) if quick else (PLAN_SECONDS, ROUNDS)
    measured = {"days": days, "weeks": measure_weeks(QUICK_WEEKS if quick else WEEKS, plan_s, rounds)}
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "optimality.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    (options.out / "optimality.md").write_text(page(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
