"""Reference tables of the ERP, written on the first day."""

from __future__ import annotations

from simulator.catalogue import ARTICLES, SKILLS, VISIT_TYPES
from simulator.today import Today


def write_catalogue(today: Today) -> None:
    """Skills, types of visit and articles."""
    for index, skill in enumerate(SKILLS):
        today.journal.insert("competences", 0.5, competence_id=index + 1, libelle=skill)
    for visit_type in VISIT_TYPES:
        today.journal.insert(
            "types_intervention", 0.6, type_intervention_id=visit_type.type_id, libelle=visit_type.label,
            categorie=visit_type.category, competence_id=visit_type.skill_id,
            duree_standard_min=visit_type.minutes,
        )  # fmt: skip
    for article in ARTICLES:
        today.journal.insert(
            "articles", 0.7, article_id=article.article_id, reference=article.reference,
            libelle=article.label, prix_unitaire_eur=article.price_eur, competence_id=article.skill_id,
        )  # fmt: skip
