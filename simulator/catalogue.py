"""What the company sells and does: skills, types of visit, articles, prices."""

from __future__ import annotations

from dataclasses import dataclass

SKILLS = ("Tableau", "VMC", "IRVE", "Alarme", "Chauffage", "Photovoltaique", "Eclairage", "Interphonie")
SKILL_ID = {name: index + 1 for index, name in enumerate(SKILLS)}
# How often an installation is of each skill, for a private and for a business customer.
SKILL_SHARE = {
    "Particulier": (0.24, 0.22, 0.12, 0.08, 0.22, 0.08, 0.02, 0.02),
    "Professionnel": (0.22, 0.12, 0.10, 0.16, 0.10, 0.06, 0.16, 0.08),
}


@dataclass(frozen=True, slots=True)
class VisitType:
    """A kind of visit; `minutes` is the standard duration that contracts promise."""

    type_id: int
    label: str
    category: str
    skill_id: int
    minutes: int


def _visit_types() -> tuple[VisitType, ...]:
    plans = {
        "Preventif": ("Entretien préventif", (50, 45, 45, 50, 60, 65, 40, 35)),
        "Depannage": ("Dépannage", (65, 60, 75, 60, 80, 85, 50, 45)),
        "Controle": ("Contrôle de conformité", (40, 30, 35, 40, 40, 45, 35, 30)),
        "Installation": ("Pose", (150, 120, 150, 135, 165, 180, 105, 90)),
    }
    types: list[VisitType] = []
    for category, (label, minutes) in plans.items():
        for index, skill in enumerate(SKILLS):
            types.append(VisitType(len(types) + 1, f"{label} {skill}", category, index + 1, minutes[index]))
    return tuple(types)


VISIT_TYPES = _visit_types()
TYPE_BY_ID = {visit_type.type_id: visit_type for visit_type in VISIT_TYPES}
TYPE_OF = {(t.category, t.skill_id): t.type_id for t in VISIT_TYPES}


@dataclass(frozen=True, slots=True)
class Article:
    """A spare part and its list price in euros."""

    article_id: int
    reference: str
    label: str
    price_eur: float
    skill_id: int


_PARTS = {
    "Tableau": (("Disjoncteur 16 A", 14.9), ("Interrupteur différentiel 40 A", 62.0),
    ("Contacteur jour/nuit", 38.5),
                ("Parafoudre", 94.0)),
    "VMC": (("Caisson VMC hygroréglable", 189.0), ("Bouche d'extraction", 24.5), ("Moteur VMC", 96.0),
            ("Gaine isolée 6 m", 31.0)),
    "IRVE": (("Câble type 2", 145.0), ("Carte de commande borne", 168.0), ("Module de communication", 119.0),
             ("Prise renforcée", 58.0)),
    "Alarme": (("Détecteur de mouvement", 54.0), ("Batterie de centrale", 42.0), ("Sirène extérieure", 98.0),
               ("Contact d'ouverture", 19.9)),
    "Chauffage": (("Thermostat programmable", 89.0), ("Résistance radiateur", 47.0), ("Fil pilote", 12.5),
                  ("Carte électronique", 128.0)),
    "Photovoltaique": (("Connecteur MC4", 6.9), ("Coffret de protection DC", 156.0), ("Optimiseur", 74.0),
                       ("Onduleur de remplacement", 690.0)),
    "Eclairage": (("Bloc de secours BAES", 46.0), ("Dalle LED", 39.0), ("Détecteur de présence", 33.5),
                  ("Alimentation LED", 27.0)),
    "Interphonie": (("Platine de rue", 210.0), ("Combiné intérieur", 64.0), ("Gâche électrique", 41.0),
                    ("Alimentation 12 V", 29.0)),
}  # fmt: skip


def _articles() -> tuple[Article, ...]:
    articles: list[Article] = []
    for index, skill in enumerate(SKILLS):
        for rank, (label, price) in enumerate(_PARTS[skill]):
            number = len(articles) + 1
            reference = f"{skill[:3].upper()}-{rank + 1:03d}"
            articles.append(Article(number, reference, label, price, index + 1))
    return tuple(articles)


ARTICLES = _articles()
ARTICLE_BY_ID = {article.article_id: article for article in ARTICLES}
ARTICLES_OF = {
    skill: tuple(a for a in ARTICLES if a.skill_id == skill) for skill in range(1, len(SKILLS) + 1)
}

SEGMENTS = ("Bronze", "Argent", "Or")
VISITS_PER_YEAR = {"Bronze": 2, "Argent": 4, "Or": 6}
# Yearly contract price in euros: typical value, lowest and highest.
CONTRACT_PRICE_EUR = {
    "Bronze": (220.0, 150.0, 420.0),
    "Argent": (500.0, 300.0, 950.0),
    "Or": (1250.0, 720.0, 2500.0),
}
HOURLY_RATE_EUR = {2023: 58.0, 2024: 60.0, 2025: 62.0, 2026: 64.0}


def hourly_rate_eur(year: int) -> float:
    """The hourly rate charged to customers in `year`; two euros more each January."""
    return HOURLY_RATE_EUR.get(year, 62.0 + 2.0 * (year - 2025))
