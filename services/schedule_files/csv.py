"""The plan as CSV for French spreadsheets: UTF-8 with BOM, semicolons, decimal commas."""

from __future__ import annotations

import csv
from pathlib import Path

from services.schedule_files.schedule import Schedule

# A text that begins like this would be read as a formula, whoever typed it into the ERP.
FORMULAS = ("=", "@", "\t", "\r")
HEADER = (
    "Technicien",
    "Jour",
    "Ordre",
    "Arrivée",
    "Début",
    "Fin",
    "Client",
    "Téléphone",
    "Adresse",
    "Commune",
    "Intervention",
    "N° intervention",
    "Urgence",
    "Rendez-vous promis",
    "Horaires d’accès",
    "À deux avec",
    "Hors zone",
    "Échéance",
    "Trajet (km)",
    "Trajet (min)",
    "Statut",
    "Raison",
    "Remède",
)


def write(schedule: Schedule, path: Path) -> Path:
    """One row a visit, then one row a visit not placed (without technician and times)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(HEADER)
        for day in schedule.journees:
            for visit in day.visites:
                rows.writerow(
                    _harmless(
                        visit.technicien,
                        f"{visit.jour:%d/%m/%Y}",
                        visit.ordre,
                        f"{visit.arrivee:%H:%M}",
                        f"{visit.debut:%H:%M}",
                        f"{visit.fin:%H:%M}",
                        visit.client,
                        visit.telephone,
                        visit.adresse,
                        visit.commune,
                        visit.type_intervention,
                        visit.intervention_id,
                        "Urgente" if visit.urgente else "Normale",
                        visit.rdv,
                        visit.horaires,
                        visit.avec,
                        "oui" if visit.hors_zone else "",
                        f"{visit.date_due:%d/%m/%Y}" if visit.date_due else "",
                        f"{visit.trajet_km:.1f}".replace(".", ","),
                        f"{visit.trajet_min:.0f}",
                        "Planifiée",
                        "",
                        "",
                    )
                )
        for left in schedule.non_planifiees:
            due = f"{left.date_due:%d/%m/%Y}" if left.date_due else ""
            urgency = "Urgente" if left.urgente else "Normale"
            who = [
                left.client,
                left.telephone,
                left.adresse,
                "",
                left.type_intervention,
                left.intervention_id,
            ]
            outcome = ["Non planifiée", left.raison, left.remede]
            rows.writerow(_harmless(*[""] * 6, *who, urgency, left.rdv, "", "", "", due, "", "", *outcome))
    return path


def _harmless(*values: object) -> list[object]:
    return [
        f"'{value}" if isinstance(value, str) and value.startswith(FORMULAS) else value for value in values
    ]
