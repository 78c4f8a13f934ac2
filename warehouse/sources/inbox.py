"""Files of the inbox into ``landing.<feed>``: each line once, as it came.

Files are small and many, and dlt's packages cost more than they bring here (ADR 0011): rows and the ledger of
files (``landing.fichiers``) are written with COPY, a few hundred files a transaction.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import sqlalchemy as sa

from core.errors import InvalidInput
from core.vocabulary import Schema
from warehouse.sources import landing_tables as landing
from warehouse.sources.arrivals import listed, opened
from warehouse.sources.catalogue import FEEDS, Feed
from warehouse.sources.file_lines import Delivery, Row, describe, first_new_line, rows_of
from warehouse.sources.landing_tables import LoadSummary, landing_name
from warehouse.sources.postgres_copy import copy_rows_in
from warehouse.sources.retry import with_patience

_FILES_A_TRANSACTION = 500
_READERS = 8


def load_inbox(
    inbox_url: str,
    warehouse_url: str | sa.URL,
    *,
    feed: str,
    batch: str,
    now: datetime,
    attempts: int = 4,
) -> LoadSummary:
    """Land what is new in one feed of the inbox.

    A file is known by its path and content: delivered again unchanged it brings nothing; grown, it brings its
    new lines; rewritten, all its lines again (staging keeps the latest of each row).

    Args:
        inbox_url: folder or fsspec address (``s3://bucket/inbox``).
        feed: a name of the catalogue: app_evenements, portail_demandes, enquete_reponses.
        batch: written to ``_lot``.
        now: written to ``_charge_at``.

    Raises:
        SourceUnavailable: the inbox cannot be listed or read, after ``attempts`` attempts.
        InvalidInput: an unknown feed.
    """
    if feed not in FEEDS:
        raise InvalidInput(
            f"unknown feed {feed!r}",
            expected=", ".join(FEEDS),
            remedy="add it to warehouse/sources/catalogue.py",
        )
    engine = sa.create_engine(warehouse_url, poolclass=sa.pool.NullPool)
    with engine.connect() as warehouse:
        return with_patience(
            lambda: _Landing(inbox_url, warehouse, FEEDS[feed], batch, now).run(),
            source=f"inbox ({feed})",
            address=inbox_url,
            errors=(OSError,),
            attempts=attempts,
        )


class _Landing:
    """One load of one feed. Every few hundred files are one transaction with their ledger rows."""

    def __init__(
        self, inbox_url: str, warehouse: sa.Connection, feed: Feed, batch: str, now: datetime
    ) -> None:
        self.files, self.root = opened(inbox_url)
        self.warehouse, self.feed, self.batch, self.now = warehouse, feed, batch, now
        self.warnings: list[str] = []

    def run(self) -> LoadSummary:
        self.warehouse.rollback()
        self.warehouse.execute(
            sa.text("select pg_advisory_lock(hashtext(:name))"), {"name": f"landing:{self.feed.name}"}
        )
        landing.ensure_ledgers(self.warehouse)
        landing.ensure_feed_table(self.warehouse, self.feed.name)
        known = self._known()
        self.warehouse.commit()
        marks = dict(listed(self.files, self.root, self.feed))
        fresh = [path for path, mark in marks.items() if path not in known or known[path].mark != mark]
        rows = files = 0
        with ThreadPoolExecutor(_READERS) as readers:
            for start in range(0, len(fresh), _FILES_A_TRANSACTION):
                paths = fresh[start : start + _FILES_A_TRANSACTION]
                contents = readers.map(self._read, paths)
                rows += self._land(
                    [
                        (path, content)
                        for path, content in zip(paths, contents, strict=True)
                        if content is not None
                    ],
                    known,
                    marks,
                )
                files += len(paths)
        return LoadSummary(self.feed.name, self.batch, rows, warnings=self.warnings, files=files)

    def _known(self) -> dict[str, Delivery]:
        """Latest landed version of each file."""
        rows = self.warehouse.execute(
            sa.text(
                "select distinct on (fichier) fichier, taille, marque, empreinte, octets_complets, "
                f"empreinte_complete, lignes_completes, lignes from {Schema.LANDING}.fichiers "
                "where flux = :feed order by fichier, rang desc"
            ),
            {"feed": self.feed.name},
        )
        return {row.fichier: Delivery(*row) for row in rows}

    def _read(self, path: str) -> bytes | None:
        try:
            return self.files.cat_file(f"{self.root}/{path}")
        except FileNotFoundError:
            return None  # moved away between listing and reading: no longer delivered

    def _land(
        self, contents: list[tuple[str, bytes]], known: dict[str, Delivery], marks: dict[str, str]
    ) -> int:
        """Land a group of files in one transaction; returns the number of rows."""
        lines, ledger, total = io.StringIO(), io.StringIO(), 0
        for path, content in contents:
            earlier, delivery = known.get(path), describe(path, marks[path], content)
            landed = 0
            if earlier is None or earlier.digest != delivery.digest:
                first = first_new_line(content, earlier)
                if earlier is not None:
                    kind = "complete" if first > 1 else "modifie"
                    self.warnings.append(f"fichier {path} {kind} depuis sa premiere livraison")
                for row in rows_of(self.feed, content, first):
                    lines.write(self._landing_row(path, row))
                    landed += 1
            ledger.write(self._ledger_row(delivery, landed))
            total += landed
        with self.warehouse.begin():
            connection = self.warehouse.connection.dbapi_connection
            copy_rows_in(connection, f"{landing_name(self.feed.name)} ({_ROW_COLUMNS})", _rewound(lines))
            copy_rows_in(connection, f"{Schema.LANDING}.fichiers ({_LEDGER_COLUMNS})", _rewound(ledger))
        return total

    def _landing_row(self, path: str, row: Row) -> str:
        return _copy_line(
            path, row.line, row.payload, row.encoding, self.feed.source, self.batch, self.now.isoformat()
        )

    def _ledger_row(self, delivery: Delivery, landed: int) -> str:
        return _copy_line(
            self.feed.name,
            delivery.path,
            delivery.size,
            delivery.mark,
            delivery.digest,
            delivery.complete_bytes,
            delivery.complete_digest,
            delivery.complete_lines,
            delivery.lines,
            landed,
            self.batch,
            self.now.isoformat(),
        )


_ROW_COLUMNS = "fichier, ligne, payload, encodage, _source, _lot, _charge_at"
_LEDGER_COLUMNS = (
    "flux, fichier, taille, marque, empreinte, octets_complets, empreinte_complete, lignes_completes, "
    "lignes, lignes_chargees, lot, charge_at"
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _copy_line(*values: object) -> str:
    return "\t".join(str(value).translate(_ESCAPES) for value in values) + "\n"


def _rewound(text: io.StringIO) -> io.BytesIO:
    return io.BytesIO(text.getvalue().encode("utf-8"))
