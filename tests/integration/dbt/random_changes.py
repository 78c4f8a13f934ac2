"""A few days in the life of a source: late, edited, deleted, spoilt and corrected rows, drawn at random."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from tests.integration.dbt.landing_by_hand import Landing, as_line, event
from tests.integration.dbt.small_company import TODAY, Company, at

UNKNOWN = 999_999


class Source:
    """The company's systems as they change; each day lands what changed."""

    def __init__(self, company: Company, landing: Landing, seed: int) -> None:
        self.company, self.landing = company, landing
        self.chance = random.Random(seed)
        self.day = 0
        self.events = 0
        self.spoilt: list[tuple[str, dict]] = []  # (table, its good version)

    def live_a_day(self) -> None:
        """Change some of everything and land it."""
        self.day += 1
        self.landing.begin_load()
        self._correct()
        for _ in range(12):
            self._edit("interventions", duree_prevue_min=self.chance.choice((30, 45, 90)))
            self._edit("factures", montant_heures_sup_eur=self.chance.randint(0, 50))
        for _ in range(5):
            self._edit("interventions", statut="Annulee")
            self._edit("interventions", statut="Terminee", date_planifiee=TODAY - timedelta(days=3))
            self._edit("clients", segment=self.chance.choice(("Bronze", "Argent", "Or")))
            self._spoil("interventions", duree_prevue_min=-10)
            self._spoil("interventions", client_id=UNKNOWN)
            self._spoil("clients", segment="Platine")
        self._edit("techniciens", taux_horaire_eur=40 + self.day)
        for table, number in (
            ("interventions", 6),
            ("clients", 1),
            ("factures", 4),
            ("intervention_pieces", 2),
        ):
            self._delete(table, number)
        self._send_events()

    @property
    def _now(self) -> datetime:
        return at(TODAY, 12) + timedelta(minutes=10 * self.day)

    def _edit(self, table: str, **values) -> None:
        rows = self.company.erp[table]
        if not rows:
            return
        row = self.chance.choice(rows)
        row.update(values, updated_at=self._now)
        self.landing.erp(table, [row])

    def _spoil(self, table: str, **values) -> None:
        row = self.chance.choice(self.company.erp[table])
        self.spoilt.append((table, dict(row)))
        self.landing.erp(table, [{**row, **values, "updated_at": self._now + timedelta(seconds=1)}])

    def _correct(self) -> None:
        """Half of what was spoilt the day before comes right."""
        for table, row in self.spoilt[::2]:
            self.landing.erp(table, [{**row, "updated_at": self._now}])
        self.spoilt = self.spoilt[1::2]

    def _delete(self, table: str, number: int) -> None:
        rows = self.company.erp[table]
        gone = [rows.pop(self.chance.randrange(len(rows))) for _ in range(min(number, len(rows)))]
        self.landing.tombstones(table, [next(iter(row.values())) for row in gone], self._now)
        if gone and self.chance.random() < 0.5:  # typed again the same day, seen by a later load
            self.landing.begin_load()
            back = {**gone[0], "updated_at": self._now + timedelta(seconds=5)}
            rows.append(back)
            self.landing.erp(table, [back])

    def _send_events(self) -> None:
        lines = []
        for _ in range(30):
            visit = self.chance.choice(self.company.erp["interventions"])["intervention_id"]
            moment = at(TODAY - timedelta(days=self.chance.randint(0, 60)), self.chance.randint(7, 17))
            kind = self.chance.choice(("arrivee", "depart", "note", "pieces", "rapport_signe", "depassement"))
            data = {
                "arrivee": {"km_trajet": self.chance.choice((3, 12.5, -4))},
                "depart": {},
                "note": {"note": self.chance.choice((1, 3, 5, 7))},
                "pieces": {"pieces": [{"article_id": self.chance.choice((1, 2, 77)), "quantite": 1}]},
                "rapport_signe": {"conforme": True, "probleme_resolu": self.chance.random() < 0.5},
                "depassement": {
                    "minutes": self.chance.randint(5, 60),
                    "accepte_client": self.chance.random() < 0.5,
                },
            }[kind]
            self.events += 1
            lines.append(
                as_line(event(kind, visit, 1 + self.events % 2, moment, 10_000_000 + self.events, **data))
            )
        old = [as_line(e) for e in self.chance.sample(self.company.events, 5)]
        self.landing.lines(
            "app_evenements", f"app/2025/11/15/j{self.day}.jsonl", [*lines, *old, lines[0], '{"evene']
        )
