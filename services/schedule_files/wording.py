"""French words and figures shared by the file formats. No locale: machines rarely have the French one."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)


def long_day(day: date) -> str:
    """'lundi 17 novembre 2025', '1er' for the first."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """'lun. 17/11'."""
    return f"{WEEKDAYS[day.weekday()][:3]}. {day:%d/%m}"


def hours(minutes: float) -> str:
    """'7 h 05'."""
    whole = round(minutes)
    return f"{whole // 60} h {whole % 60:02d}"


def kilometres(km: float) -> str:
    """'12,3 km'."""
    return f"{km:.1f} km".replace(".", ",")


def counted(number: int, what: str) -> str:
    """'1 visite', '2 visites'; French counts zero in the singular."""
    return f"{number} {what}{'s' if number > 1 else ''}"
