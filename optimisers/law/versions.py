"""The limits of the French Code du travail by the days they are in force, and the public holidays.

The act of 8 August 2016 gave the chapters on working time new numbers and left these figures as they were:
the two packs differ in their articles only (`optimisers.law.articles`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from optimisers.model import LawPack

# The code of 2008 is the oldest one held here: its predecessor counted articles in another way.
CODE_OF_2008 = date(2008, 5, 1)
ACT_OF_2016 = date(2016, 8, 10)

PACKS: tuple[LawPack, ...] = (
    replace(
        LawPack(),
        version="FR-2008",
        in_force_from=CODE_OF_2008,
        in_force_until=ACT_OF_2016 - timedelta(days=1),
    ),
    replace(LawPack(), version="FR-2016", in_force_from=ACT_OF_2016, in_force_until=None),
)

# Moselle (57), Bas-Rhin and Haut-Rhin keep Good Friday and 26 December (L3134-13): one stands for the three.
_ALSACE_MOSELLE = "57"


def pack_on(day: date) -> LawPack:
    """The pack in force on that day. Raises ValueError before 1 May 2008, where none is held."""
    for pack in PACKS:
        if pack.in_force_from <= day and (pack.in_force_until is None or day <= pack.in_force_until):
            return pack
    raise ValueError(f"no working-time pack for {day}, expected {CODE_OF_2008} or later: add a pack")


def public_holidays(years: Iterable[int], *, alsace_moselle: bool = False) -> frozenset[date]:
    """The eleven public holidays of L3133-1 in those years; thirteen with the local law of Alsace-Moselle."""
    import holidays

    region = _ALSACE_MOSELLE if alsace_moselle else None
    return frozenset(holidays.country_holidays("FR", subdiv=region, years=sorted(set(years))))
