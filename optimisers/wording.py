"""French words for days and times in reasons and remedies."""

from __future__ import annotations

from datetime import date

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def day_label(day: date) -> str:
    """'mardi 18/11'."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m}"


def clock_label(minutes: int) -> str:
    """'09:05' for 545 minutes after midnight."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
