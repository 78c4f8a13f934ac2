"""Which article of the Code du travail each limit comes from, with a French line for those who read plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """`number` as printed in the code, `line` what it says, in French, `derogation` where exceptions are."""

    number: str
    line: str
    derogation: str


_LINES: Mapping[str, str] = {
    "longest_stretch_min": "Vingt minutes de pause consécutives dès que le travail atteint six heures.",
    "max_day_min": "Dix heures de travail effectif par jour au plus.",
    "max_week_min": "Quarante-huit heures de travail par semaine au plus.",
    "max_average_week_min": "Quarante-quatre heures par semaine en moyenne sur douze semaines consécutives.",
    "daily_rest_min": "Onze heures de repos consécutives entre deux journées de travail.",
    "weekly_rest_min": "Vingt-quatre heures de repos par semaine, plus les onze heures du repos quotidien.",
    "max_days_a_week": "Six jours de travail par semaine au plus.",
    "sunday_off": "Le repos hebdomadaire est donné le dimanche.",
    "holidays_off": "Les jours fériés ne sont pas travaillés (seul le 1er mai l’est de par la loi).",
    "commute_counts": "Le trajet entre le domicile et le lieu de travail n’est pas du travail effectif.",
}

_SINCE_2016: Mapping[str, tuple[str, str]] = {
    "longest_stretch_min": ("L3121-16", "L3121-17 (une pause plus longue seulement)"),
    "max_day_min": ("L3121-18", "L3121-18, L3121-19, D3121-4 à D3121-7 (jusqu’à 12 h par accord)"),
    "max_week_min": ("L3121-20", "L3121-21, R3121-8 à R3121-10 (jusqu’à 60 h, autorisation)"),
    "max_average_week_min": ("L3121-22", "L3121-23 à L3121-25 (jusqu’à 46 h)"),
    "daily_rest_min": ("L3131-1", "L3131-2, L3131-3, D3131-4 à D3131-7 (jamais moins de 9 h par accord)"),
    "weekly_rest_min": ("L3132-2", "L3132-4 (travaux urgents)"),
    "max_days_a_week": ("L3132-1", "L3132-4 (travaux urgents)"),
    "sunday_off": ("L3132-3", "L3132-4, L3132-12, L3132-20"),
    "holidays_off": ("L3133-1, L3133-4", "L3133-3-1 (accord ou employeur), L3133-6 (1er mai)"),
    "commute_counts": ("L3121-4", "accord, usage ou règlement de l’entreprise"),
}

_BEFORE_2016: Mapping[str, tuple[str, str]] = {
    **_SINCE_2016,
    "longest_stretch_min": ("L3121-33", "L3121-33 (une pause plus longue seulement)"),
    "max_day_min": ("L3121-34", "L3121-34, D3121-15 à D3121-19"),
    "max_week_min": ("L3121-35", "L3121-35, R3121-23 (jusqu’à 60 h, autorisation)"),
    "max_average_week_min": ("L3121-36", "L3121-36, R3121-20 à R3121-22 (jusqu’à 46 h)"),
    "daily_rest_min": ("L3131-1", "L3131-1, L3131-2, D3131-1 à D3131-6"),
    "holidays_off": ("L3133-1, L3133-4", "accord ou employeur, L3133-6 (1er mai)"),
}

_BY_VERSION = {"FR-2008": _BEFORE_2016, "FR-2016": _SINCE_2016}


def article_of(limit: str, version: str = "FR-2016") -> Article:
    """Where a limit comes from: a field name of LawPack, or `commute_counts`.

    A pack of the company's own (an unknown version) is read with the articles in force. Raises KeyError for
    a limit that the law does not set.
    """
    number, derogation = _BY_VERSION.get(version, _SINCE_2016)[limit]
    return Article(number, _LINES[limit], derogation)
