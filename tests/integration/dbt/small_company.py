"""A small, coherent company: the state of its ERP and what its technicians, portal and survey sent."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tests.integration.dbt.landing_by_hand import ERP_COLUMNS, Landing, as_line, event

TODAY = date(2025, 11, 14)
HISTORY_DAYS = 420
_SKILLS = ("Tableau", "VMC", "IRVE")
_HOURLY_EUR = 55.0


@dataclass
class Company:
    """ERP tables as lists of rows, and the three feeds as lists of payloads."""

    erp: dict[str, list[dict]] = field(default_factory=lambda: {table: [] for table in ERP_COLUMNS})
    events: list[dict] = field(default_factory=list)
    requests: list[dict] = field(default_factory=list)
    answers: list[dict] = field(default_factory=list)

    def land(self, landing: Landing) -> None:
        """Land everything as one load."""
        landing.begin_load()
        for table, rows in self.erp.items():
            landing.erp(table, rows)
        landing.lines(
            "app_evenements",
            "app/2025/11/14/evenements_202511141800.jsonl",
            [as_line(e) for e in self.events],
        )
        landing.lines(
            "portail_demandes", "portail/2025/11/demandes_20251114.jsonl", [as_line(r) for r in self.requests]
        )
        landing.lines("enquete_reponses", "enquete/reponses_20251114.csv", [as_line(a) for a in self.answers])


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day, UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def make_company(seed: int = 1, clients: int = 40) -> Company:
    """A company whose every row is good."""
    chance = random.Random(seed)
    company = Company()
    _references(company)
    for client_id in range(1, clients + 1):
        _client(company, chance, client_id)
    for client_id in range(1, clients + 1):
        _visits(company, chance, client_id)
    return company


def add(company: Company, table: str, changed_at: datetime | None = None, **values) -> dict:
    """Append a row to an ERP table; columns left out are null."""
    names = [column.split()[0] for column in ERP_COLUMNS[table].split(", ")]
    row = {name: values.pop(name, None) for name in names}
    if values:
        raise ValueError(f"{table} has no column {sorted(values)}; expected {names}")
    row["updated_at"] = changed_at or at(TODAY - timedelta(days=1), 12)
    company.erp[table].append(row)
    return row


def _references(company: Company) -> None:
    for zone_id, name in enumerate(("Annecy Centre", "Seynod"), 1):
        add(
            company,
            "zones",
            zone_id=zone_id,
            nom_zone=name,
            latitude_centre=45.9,
            longitude_centre=6.1,
            rayon_km=4,
            superficie_km2=20,
            technicien_id=zone_id,
        )
    for skill_id, label in enumerate(_SKILLS, 1):
        add(company, "competences", competence_id=skill_id, libelle=label)
        add(
            company,
            "types_intervention",
            type_intervention_id=skill_id,
            libelle=f"Entretien {label}",
            categorie="Preventif",
            competence_id=skill_id,
            duree_standard_min=60,
        )
        add(
            company,
            "articles",
            article_id=skill_id,
            reference=f"A{skill_id}",
            libelle=f"Filtre {label}",
            prix_unitaire_eur=10 * skill_id,
            competence_id=skill_id,
        )
    for technician in (1, 2):
        add(
            company,
            "techniciens",
            technicien_id=technician,
            nom=f"Blanc{technician}",
            prenom="Élodie",
            date_embauche=date(2018, 3, 1),
            zone_principale_id=technician,
            domicile_latitude=45.9,
            domicile_longitude=6.1,
            taux_horaire_eur=32,
            heures_jour=8,
        )
        for skill_id in range(1, len(_SKILLS) + 1):
            add(
                company,
                "technicien_competences",
                technicien_competence_id=10 * technician + skill_id,
                technicien_id=technician,
                competence_id=skill_id,
                niveau=2,
                obtenue_le=date(2019, 1, 1),
            )


def _client(company: Company, chance: random.Random, client_id: int) -> None:
    add(
        company,
        "clients",
        client_id=client_id,
        nom=f"Durand{client_id}",
        prenom="Zoé",
        type_client="Particulier",
        segment=chance.choice(("Bronze", "Argent", "Or")),
        email=f"c{client_id}@exemple.fr",
        telephone="0450000000",
        adresse="1 rue du Lac",
        code_postal="74000",
        ville="Annecy",
        latitude=45.9 + chance.random() / 50,
        longitude=6.1 + chance.random() / 50,
        zone_id=1 + client_id % 2,
        ouverture=time(8),
        fermeture=time(18),
        accepte_contact=True,
        date_creation=date(2022, 1, 10),
    )
    start = TODAY - timedelta(days=chance.randint(500, 700))
    renewed = chance.random() < 0.8
    add(
        company,
        "contrats",
        contrat_id=10 * client_id,
        client_id=client_id,
        reference=f"C{client_id}-1",
        date_debut=start,
        date_fin=start + timedelta(days=365),
        montant_annuel_eur=chance.randint(200, 900),
        nb_visites_an=2,
        statut="Renouvele" if renewed else "Expire",
        date_resiliation=None if renewed else start + timedelta(days=365),
    )
    if renewed:
        leaves = chance.random() < 0.3
        second = start + timedelta(days=366)
        add(
            company,
            "contrats",
            contrat_id=10 * client_id + 1,
            client_id=client_id,
            reference=f"C{client_id}-2",
            date_debut=second,
            date_fin=second + timedelta(days=365),
            montant_annuel_eur=chance.randint(200, 900),
            nb_visites_an=2,
            statut="Resilie" if leaves else "Actif",
            contrat_precedent_id=10 * client_id,
            date_resiliation=second + timedelta(days=60) if leaves else None,
        )
    if chance.random() < 0.3:
        opened = TODAY - timedelta(days=chance.randint(5, 400))
        add(
            company,
            "reclamations",
            reclamation_id=client_id,
            client_id=client_id,
            date_ouverture=opened,
            motif="Retard",
            statut="Resolu",
            date_resolution=opened + timedelta(days=3),
        )


def _visits(company: Company, chance: random.Random, client_id: int) -> None:
    for rank in range(chance.randint(1, 5)):
        intervention_id = 100 * client_id + rank
        day = TODAY - timedelta(days=chance.randint(0, HISTORY_DAYS))
        is_done = chance.random() < 0.85
        technician = 1 + chance.randrange(2)
        add(
            company,
            "interventions",
            intervention_id=intervention_id,
            client_id=client_id,
            contrat_id=10 * client_id,
            type_intervention_id=chance.randint(1, 3),
            technicien_id=technician,
            demande_at=at(day, 9) - timedelta(days=20),
            date_due=day - timedelta(days=chance.randint(-5, 12)),
            date_planifiee=day if is_done else None,
            heure_prevue=time(9) if is_done else None,
            duree_prevue_min=60,
            urgence="Normale",
            statut="Terminee" if is_done else "A planifier",
            taux_horaire_eur=_HOURLY_EUR,
        )
        if is_done:
            _done(company, chance, intervention_id, client_id, technician, day)


def _done(
    company: Company, chance: random.Random, visit: int, client_id: int, technician: int, day: date
) -> None:
    start = at(day, 8, chance.randint(0, 59))
    overrun = max(0, chance.randint(-30, 40))
    end = start + timedelta(minutes=60 + overrun)
    number = 10 * visit
    events = [
        event(
            "arrivee",
            visit,
            technician,
            start,
            number,
            latitude=45.9,
            longitude=6.1,
            km_trajet=chance.randint(1, 25),
        ),
        event("depart", visit, technician, end, number + 1, latitude=45.9, longitude=6.1),
        event(
            "pieces",
            visit,
            technician,
            end,
            number + 2,
            pieces=[{"article_id": chance.randint(1, 3), "quantite": 2}],
        ),
        event("note", visit, technician, end, number + 3, note=chance.randint(1, 5)),
        event(
            "rapport_signe",
            visit,
            technician,
            end,
            number + 4,
            conforme=True,
            probleme_resolu=chance.random() < 0.9,
            signataire="Zoé D.",
        ),
    ]
    if overrun:
        events.append(
            event(
                "depassement",
                visit,
                technician,
                end,
                number + 5,
                minutes=overrun,
                motif="Imprévu",
                accepte_client=chance.random() < 0.7,
            )
        )
    company.events += events
    add(
        company,
        "factures",
        facture_id=visit,
        client_id=client_id,
        intervention_id=visit,
        date_facture=day,
        nature="Intervention",
        montant_pieces_eur=20,
        montant_mo_eur=55,
        montant_heures_sup_eur=0,
        montant_total_eur=75,
        statut="Payee",
    )
    sent = day + timedelta(days=2)
    if sent <= TODAY:
        answered = chance.random() < 0.5 and sent + timedelta(days=1) <= TODAY
        company.answers.append(
            answer(f"E-{visit}", visit, client_id, sent, chance.randint(0, 10) if answered else None)
        )


def answer(invitation: str, visit: int, client_id: int, sent: date, score: int | None) -> dict:
    """One line of the survey's export; ``score`` None: not answered yet."""
    yes = "" if score is None else "Oui" if score > 5 else "Non"
    return {
        "Invitation": invitation,
        "Intervention": str(visit),
        "Client": str(client_id),
        "Envoye le": f"{sent:%d/%m/%Y} 09:00",
        "Canal": "E-mail",
        "Repondu le": "" if score is None else f"{sent + timedelta(days=1):%d/%m/%Y} 10:30",
        "Q1 Recommandation (0-10)": "" if score is None else str(score),
        "Q2 Technicien professionnel": yes,
        "Q2 Commentaire": "",
        "Q3 Delai respecte": yes,
        "Q3 Commentaire": "",
        "Q4 Probleme resolu": yes,
        "Q4 Commentaire": "",
        "Q5 Suggestions": "",
    }
