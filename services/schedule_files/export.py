"""All files of one plan, in one folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

from services.schedule_files.schedule import Schedule, read_schedule


def export_plan(engine: sa.Engine, plan_id: str, out_dir: Path) -> tuple[Path, ...]:
    """Write XLSX, CSV, PDF and ICS below `out_dir`/<first day>/ and return their paths."""
    schedule = read_schedule(engine, plan_id)
    return write_files(schedule, out_dir / schedule.premier_jour.isoformat())


def write_files(schedule: Schedule, folder: Path) -> tuple[Path, ...]:
    """All formats of a schedule, replacing what the folder held.

    Files are written aside first: whoever opens the folder sees the former ones or the new ones.
    """
    from services.schedule_files import csv, ics, pdf, xlsx

    folder.parent.mkdir(parents=True, exist_ok=True)
    stem = f"{'planning' if schedule.nature == 'semaine' else 'tournee'}-{schedule.premier_jour}"
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".en-cours-") as aside:
        working = Path(aside) / "fichiers"
        working.mkdir()
        written = [
            xlsx.write(schedule, working / f"{stem}.xlsx"),
            csv.write(schedule, working / f"{stem}.csv"),
            pdf.write(schedule, working / f"{stem}.pdf"),
            *ics.write(schedule, working / "calendriers"),
        ]
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(working, folder)
    return tuple(folder / path.relative_to(working) for path in written)
