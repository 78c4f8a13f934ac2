"""The ground truth: what drives the company, what was spoilt. Neither pipeline nor models read it."""

from __future__ import annotations

import csv
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from simulator import churn, dispatcher, satisfaction, visits
from simulator.catalogue import SKILLS
from simulator.world import World

LEDGER, HAZARDS, MODEL = "spoilt.jsonl", "churn_mensuel.csv", "verite.json"


def write_whole(path: Path, text: str) -> None:
    """Write a text file by rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.en_cours")
    waiting.write_text(text, encoding="utf-8")
    os.replace(waiting, path)


def cause_ranking(world: World) -> list[dict[str, float | str]]:
    """Causes of churn by weight among today's customers: |coefficient| × standard deviation."""
    first = date.fromordinal(world.day).replace(day=1)
    values = [churn.causes(c, first) for c in world.clients.values() if c.contract_id]
    spread = {name: float(np.std([v[name] for v in values])) for name in churn.COEFFICIENTS}
    ranking = [
        {"cause": name, "coefficient": beta, "ecart_type": round(spread[name], 4),
         "poids": round(abs(beta) * spread[name], 4)}
        for name, beta in churn.COEFFICIENTS.items()
    ]  # fmt: skip
    return sorted(ranking, key=lambda row: -float(row["poids"]))


def model_document(world: World) -> dict[str, Any]:
    """Every coefficient that a model could recover."""
    return {
        "graine": world.seed,
        "echelle": world.scale,
        "churn": {
            "constante": churn.BASE,
            "coefficients": churn.COEFFICIENTS,
            "causes_par_poids": cause_ranking(world),
            "lecture": "probabilité mensuelle = logistique(constante + somme), tirée le premier du mois",
        },
        "satisfaction": {
            "base": satisfaction.NOTE_BASE,
            "par_jour_de_retard": satisfaction.NOTE_PER_DAY_LATE,
            "probleme_non_resolu": satisfaction.NOTE_UNRESOLVED,
            "par_minute_apres_le_rendez_vous": satisfaction.NOTE_PER_WINDOW_MIN_LATE,
            "depassement_30_min": satisfaction.NOTE_OVERRUN,
            "bruit": satisfaction.NOTE_NOISE,
        },
        "duree": {
            "par_annee_d_age_de_l_installation": visits.DURATION_PER_YEAR_OF_AGE,
            "age_neutre_ans": 8,
            "bruit_logarithmique": visits.DURATION_NOISE,
            "marge_logarithmique": visits.DURATION_MARGIN,
            "lecture": "durée standard × lenteur du technicien × (1 + pente × (âge - 8)) × bruit",
        },
        "techniciens": [
            {
                "technicien_id": t.technician_id,
                "nom": f"{t.first_name} {t.last_name}",
                "lenteur": t.slowness,
                "accueil": t.warmth,
                "maitrise": t.mastery,
                "competences": [SKILLS[s - 1] for s in t.skills],
                "zones": t.zones,
            }
            for t in world.technicians
        ],
        "repartiteur": (dispatcher.__doc__ or "").strip(),
    }


class Truth:
    """The folder of the ground truth; writing a day twice leaves it as if written once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write_model(self, world: World) -> None:
        """Coefficients and qualities."""
        text = json.dumps(model_document(world), ensure_ascii=False, indent=1)
        write_whole(self._folder / MODEL, text + "\n")

    def write_history(self, ledger: list[dict[str, Any]], hazards: list[tuple[int, str, float]]) -> None:
        """Ledger and monthly probabilities of a new company."""
        write_whole(self._folder / LEDGER, "".join(_json_line(note) for note in ledger))
        write_whole(self._folder / HAZARDS, "client_id,mois,p\n" + "".join(map(_hazard_line, hazards)))

    def add_day(self, day: str, ledger: list[dict[str, Any]], hazards: list[tuple[int, str, float]]) -> None:
        """Add a day's notes; what an interrupted earlier try of the same day wrote is replaced."""
        path = self._folder / LEDGER
        kept = [n for n in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if n["day"] < day]
        write_whole(path, "".join(_json_line(note) for note in kept + ledger))
        if hazards:
            path = self._folder / HAZARDS
            with path.open(encoding="utf-8", newline="") as stream:
                rows = [row for row in list(csv.reader(stream))[1:] if row[1] < hazards[0][1]]
            lines = [",".join(row) + "\n" for row in rows] + list(map(_hazard_line, hazards))
            write_whole(path, "client_id,mois,p\n" + "".join(lines))


def _json_line(note: dict[str, Any]) -> str:
    return json.dumps(note, ensure_ascii=False) + "\n"


def _hazard_line(row: tuple[int, str, float]) -> str:
    return f"{row[0]},{row[1]},{row[2]:.6f}\n"
