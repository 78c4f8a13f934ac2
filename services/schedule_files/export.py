"""All files of one plan, in one folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from services.schedule_files.schedule import Schedule, read_schedule


def export_plan(engine: sa.Engine, plan_id: str, out_dir: Path) -> tuple[Path, ...]:
    """Write XLSX, CSV, PDF and ICS below `out_dir`/<first day>/ and return their paths."""
    schedule = read_schedule(engine, plan_id)
    return write_files(schedule, out_dir / schedule.premier_jour.isoformat())


def write_files(schedule: Schedule, folder: Path) -> tuple[Path, ...]:
    """All formats of a schedule, replacing what the folder held.

    Files are written aside first: whoever opens the folder sees the former ones or the new ones. What a
    killed run left aside is thrown away.
    """
    from services.schedule_files import csv, ics, pdf, xlsx

    aside = folder.with_name(f".{folder.name}-en-cours")
    former = folder.with_name(f".{folder.name}-ancien")
    for leftover in (aside, former):
        shutil.rmtree(leftover, ignore_errors=True)
    aside.mkdir(parents=True)
    stem = f"{'planning' if schedule.nature == 'semaine' else 'tournee'}-{schedule.premier_jour}"
    written = [
        xlsx.write(schedule, aside / f"{stem}.xlsx"),
        csv.write(schedule, aside / f"{stem}.csv"),
        pdf.write(schedule, aside / f"{stem}.pdf"),
        *ics.write(schedule, aside / "calendriers"),
    ]
    if folder.exists():
        folder.rename(former)
    aside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    return tuple(folder / path.relative_to(aside) for path in written)
