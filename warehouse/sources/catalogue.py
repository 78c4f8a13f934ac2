"""What is read from the company's systems. Another ERP is another list here, nothing else changes."""

from __future__ import annotations

from dataclasses import dataclass

ERP_SOURCE = "erp_terrain"
ERP_SCHEMA = "public"


@dataclass(frozen=True)
class SourceTable:
    """One table of the ERP.

    Attributes:
        name: table name in the source.
        key: its primary key (one column).
        cursor: column that grows at every change of a row; compared as timestamps.
    """

    name: str
    key: str
    cursor: str = "updated_at"

    @property
    def landed(self) -> str:
        """Name of the landing table."""
        return f"erp_{self.name}"


@dataclass(frozen=True)
class Feed:
    """Files of one kind in the inbox.

    Attributes:
        name: name of the landing table and of the Dagster asset.
        source: value of ``_source``.
        folder: folder under the inbox, searched to any depth.
        suffix: ending of the files' names.
        csv_delimiter: None for JSON lines (one payload a line).
    """

    name: str
    source: str
    folder: str
    suffix: str
    csv_delimiter: str | None = None


ERP_TABLES: dict[str, SourceTable] = {
    table.name: table
    for table in (
        SourceTable("zones", "zone_id"),
        SourceTable("techniciens", "technicien_id"),
        SourceTable("competences", "competence_id"),
        SourceTable("technicien_competences", "technicien_competence_id"),
        SourceTable("absences", "absence_id"),
        SourceTable("types_intervention", "type_intervention_id"),
        SourceTable("articles", "article_id"),
        SourceTable("clients", "client_id"),
        SourceTable("contrats", "contrat_id"),
        SourceTable("installations", "installation_id"),
        SourceTable("interventions", "intervention_id"),
        SourceTable("intervention_pieces", "intervention_piece_id"),
        SourceTable("devis", "devis_id"),
        SourceTable("factures", "facture_id"),
        SourceTable("reclamations", "reclamation_id"),
    )
}

FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        Feed("app_evenements", "app_mobile", "app", ".jsonl"),
        Feed("portail_demandes", "portail", "portail", ".jsonl"),
        Feed("enquete_reponses", "enquete", "enquete", ".csv", csv_delimiter=";"),
    )
}
