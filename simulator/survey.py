"""The satisfaction survey, as the survey tool exports it: sent at D+2, reminder by SMS at D+7, weekly CSV.

The first question (0 to 10, recommendation) is not the note (1 to 5) given at signature: same experience,
other scale.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import numpy as np

from simulator.calendar import at_minute
from simulator.satisfaction import Experience
from simulator.today import Line, Today
from simulator.world import Client, Visit

HEADER = (
    "Invitation", "Intervention", "Client", "Envoye le", "Canal", "Repondu le", "Q1 Recommandation (0-10)",
    "Q2 Technicien professionnel", "Q2 Commentaire", "Q3 Delai respecte", "Q3 Commentaire",
    "Q4 Probleme resolu", "Q4 Commentaire", "Q5 Suggestions",
)  # fmt: skip
SENT_AFTER_DAYS = 2
REMINDER_AFTER_DAYS = 7
EXPORT_WEEKDAY = 4  # Friday evening
ANSWER_BASE, ANSWER_PER_ENGAGEMENT = 0.12, 0.70
Q1_BASE, Q1_PER_POINT, Q1_NOISE = 8.35, 1.9, 1.15  # at latent satisfaction 4.1

COMMENTS = {
    "professionnel": ("Technicien peu aimable", "N'a rien expliqué", "Chantier laissé sale, dommage"),
    "delai": ("Trop d'attente avant l'intervention", "Rendez-vous décalé sans prévenir",
    "Arrivé très en retard",
              "Plus d'une semaine de retard"),
    "resolu": ("La panne est revenue le lendemain", "Il faut repasser, pièce manquante",
    "Toujours le même problème"), "cher": ("Tarifs trop élevés", "Dépassement facturé, pas prévu"),
    "content": ("Très bon accueil, merci !", "Rapide et efficace", "Technicien à l'écoute, très pédagogue",
    "Rien à redire",
                "Équipe sérieuse, je recommande"),
    "idee": ("Prévenir par SMS le matin même", "Proposer des créneaux le samedi",
    "Envoyer la facture par e-mail",
             "Préciser l'heure d'arrivée"),
}  # fmt: skip


def _say(theme: str, rng: np.random.Generator) -> str:
    options = COMMENTS[theme]
    return options[int(rng.random() * len(options))]


def invite(today: Today, client: Client, visit: Visit, latent: float, experience: Experience) -> None:
    """Schedule the invitation to rate a visit, and the answer if there will be one."""
    world, rng = today.world, today.rng("survey")
    number = world.next_id("invitation")
    sent = today.ordinal + SENT_AFTER_DAYS
    channel = "Email" if client.has_email else "SMS"
    world.schedule(
        sent, "enquete_envoi", number, visit.visit_id, client.client_id, channel, 540 + int(rng.random() * 20)
    )
    if rng.random() >= ANSWER_BASE + ANSWER_PER_ENGAGEMENT * client.engagement:
        return
    late = rng.random() < 0.35
    delay = REMINDER_AFTER_DAYS + int(rng.exponential(1.5)) if late else min(int(rng.exponential(1.8)), 6)
    minute = 600 + int(rng.random() * 700)
    world.schedule(sent + delay, "enquete_reponse", number, "SMS" if late else channel, minute,
                   _answers(latent, experience, rng))  # fmt: skip


def _answers(latent: float, experience: Experience, rng: np.random.Generator) -> list[str]:
    score = round(
        min(10.0, max(0.0, Q1_BASE + Q1_PER_POINT * (latent - 4.1) + Q1_NOISE * float(rng.standard_normal())))
    )
    professional = rng.random() < (0.98 if latent > 3.5 else 0.72)
    felt_late = experience.days_late > 3 or experience.window_late_min > 15
    in_time = rng.random() < (0.12 if felt_late else 0.97)
    solved = rng.random() < (0.97 if experience.resolved else 0.07)
    themes = ["content"] if score >= 9 else ["idee"]
    if score <= 6 and experience.overrun_min > 30:
        themes.append("cher")
    suggestion = _say(themes[int(rng.random() * len(themes))], rng) if rng.random() < 0.3 else ""
    return [
        str(score),
        "Oui" if professional else "Non",
        _say("professionnel", rng) if not professional else "",
        "Oui" if in_time else "Non",
        _say("delai", rng) if not in_time and rng.random() < 0.7 else "",
        "Oui" if solved else "Non",
        _say("resolu", rng) if not solved and rng.random() < 0.8 else "",
        suggestion,
    ]


def send(today: Today, number: int, visit_id: int, client_id: int, channel: str, minute: int) -> None:
    """An invitation leaves."""
    row = [f"INV-{number:06d}", str(visit_id), str(client_id), _stamp(today.ordinal, minute), channel] + [
        ""
    ] * 9
    today.world.invitations[number] = row
    today.world.survey_changes.append(number)


def answer(today: Today, number: int, channel: str, minute: int, answers: list[str]) -> None:
    """A customer answers."""
    row = today.world.invitations[number]
    row[4], row[5], row[6:] = channel, _stamp(today.ordinal, minute), answers
    today.world.survey_changes.append(number)


def _stamp(ordinal: int, minute: int) -> str:
    return at_minute(date.fromordinal(ordinal), minute).strftime("%d/%m/%Y %H:%M")


def as_line(row: list[Any]) -> bytes:
    """A CSV line without its end, UTF-8."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="").writerow(row)
    return text.getvalue().encode()


def export(today: Today) -> None:
    """The weekly export: every invitation sent or answered since the last one, once."""
    world = today.world
    if today.day.weekday() != EXPORT_WEEKDAY:
        return
    for number in dict.fromkeys(world.survey_changes):
        today.survey_lines.append(Line(1080.0, as_line(world.invitations[number])))
    world.survey_changes.clear()
    # Answered ones are final; nobody answers after a month.
    oldest = today.ordinal - 45
    for number, row in list(world.invitations.items()):
        sent = date(int(row[3][6:10]), int(row[3][3:5]), int(row[3][:2])).toordinal()
        if row[5] or sent < oldest:
            del world.invitations[number]
