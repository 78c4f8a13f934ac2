"""All files of one plan, in one folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from services.schedule_files.geojson import Shape
from services.schedule_files.reading import read_schedule
from services.schedule_files.schedule import Schedule
from services.travel import road_service


def export_plan(engine: sa.Engine, plan_id: str, out_dir: Path) -> tuple[Path, ...]:
    """Write XLSX, CSV, PDF, calendars and maps below `out_dir`/<first day>/ and return their paths."""
    schedule = read_schedule(engine, plan_id)
    roads = road_service()
    folder = out_dir / schedule.premier_jour.isoformat()
    return write_files(schedule, folder, None if roads is None else roads.shape)


def write_files(schedule: Schedule, folder: Path, shape: Shape | None = None) -> tuple[Path, ...]:
    """All formats of a schedule, replacing what the folder held; `shape` draws tours along roads.

    Files are written aside first: whoever opens the folder sees the former ones or the new ones. What a
    killed run left aside is thrown away.
    """
    from services.schedule_files import csv, geojson, ics, pdf, xlsx

    aside = folder.with_name(f".{folder.name}-en-cours")
    former = folder.with_name(f".{folder.name}-ancien")
    for leftover in (aside, former):
        shutil.rmtree(leftover, ignore_errors=True)
    aside.mkdir(parents=True)
    stem = f"{'tournee' if schedule.nature == 'tournee' else 'planning'}-{schedule.premier_jour}"
    written = [
        xlsx.write(schedule, aside / f"{stem}.xlsx"),
        csv.write(schedule, aside / f"{stem}.csv"),
        pdf.write(schedule, aside / f"{stem}.pdf"),
        *ics.write(schedule, aside / "calendriers"),
        *geojson.write(schedule, aside / "cartes", shape),
    ]
    if folder.exists():
        folder.rename(former)
    aside.rename(folder)
    shutil.rmtree(former, ignore_errors=True)
    return tuple(folder / path.relative_to(aside) for path in written)
