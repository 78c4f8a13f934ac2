"""French names, streets and companies, with the accents that real data has."""

from __future__ import annotations

import unicodedata

import numpy as np

FIRST_NAMES = (
    "Marie", "Élodie", "Françoise", "Hélène", "Céline", "Zoé", "Chloé", "Mélanie", "Aurélie", "Léa", "Inès",
    "Agnès", "Noémie", "Camille", "Sophie", "Nathalie", "Isabelle", "Julie", "Manon", "Claire", "Jean",
    "Pierre", "Michel", "François", "Éric", "Jérôme", "Stéphane", "Frédéric", "Sébastien", "Gaël", "Loïc",
    "Rémi", "André", "René", "Thomas", "Nicolas", "Julien", "Antoine", "Hervé", "Gérard", "Raphaël", "Théo",
    "Maël", "Cédric", "Benoît", "Clément", "Mickaël", "Joël", "Anaïs", "Maëlle",
)  # fmt: skip
LAST_NAMES = (
    "Duret", "Favre", "Perréal", "Métral", "Lachenal", "Bouvier", "Gaillard", "Chappaz", "Dépollier",
    "Brunet", "Lévêque", "Béchu", "Rossillon", "Garçon", "François", "Guérin", "Lefèvre", "Mugnier",
    "Périllat", "Vuillermoz", "Burnod", "Collomb", "Dufour", "Blanc", "Roux", "Fontaine", "Gérard", "Pernet",
    "Sonnier", "Thévenet", "Vallet", "Rey", "Bonnet", "Tissot", "Charvin", "Curtet", "Dupuis", "Élie",
    "Avrillon", "Baud", "Cochet", "Desbiolles", "Excoffier", "Fillion", "Grosjean", "Hudry", "Jacquier",
    "Lavorel", "Masson", "Nicoud", "Œuvrard", "Poncet", "Quétand", "Renaud", "Saulnier", "Terrier", "Ulmann",
    "Viret", "Zanetti", "Bétemps", "Croset", "Déronzier",
)  # fmt: skip
COMPANY_KINDS = (
    "Boulangerie", "Copropriété", "Garage", "Hôtel", "Restaurant", "Cabinet dentaire", "Pharmacie",
    "École privée", "Crèche", "Fromagerie", "Menuiserie", "Clinique vétérinaire", "Résidence",
    "Agence immobilière", "Supérette", "Salon de coiffure", "Camping", "Auto-école",
)  # fmt: skip
COMPANY_NAMES = (
    "des Érables", "du Lac", "du Semnoz", "de la Tournette", "des Cordeliers", "du Fier", "des Marquisats",
    "Saint-François", "du Château", "des Glières", "de l'Impérial", "du Vallon", "des Aravis", "du Parmelan",
    "de l'Église", "du Thiou", "des Trois Fontaines", "de la Mandallaz", "Bel-Été", "du Crêt",
)  # fmt: skip
STREETS = (
    "rue de la République", "avenue de Genève", "rue Carnot", "avenue d'Albigny", "rue des Écoles",
    "chemin des Prés Fleuris", "route de Frangy", "impasse du Vieux Moulin", "rue de l'Église",
    "allée des Tilleuls", "avenue de Chambéry", "rue du Général-Ferrié", "place de la Mairie",
    "route d'Aix-les-Bains", "rue des Glaïeuls", "chemin de la Forêt", "rue Aristide-Bergès",
    "avenue du Pré-Félin", "rue du Travail", "route des Crêts", "chemin du Maréchal", "rue François-Lévêque",
    "allée de la Mandallaz", "rue des Bégonias",
)  # fmt: skip


def ascii_slug(text: str) -> str:
    """`text` in lower case ASCII letters and digits, for e-mail addresses."""
    text = text.replace("Œ", "Oe").replace("œ", "oe")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "".join(letter for letter in plain if letter.isalnum())


def draw(options: tuple[str, ...], rng: np.random.Generator) -> str:
    """One of `options`, all equally likely."""
    return options[int(rng.random() * len(options))]


def company_name(rng: np.random.Generator) -> str:
    """A business name such as « Boulangerie des Érables »."""
    return f"{draw(COMPANY_KINDS, rng)} {draw(COMPANY_NAMES, rng)}"


def street_address(rng: np.random.Generator) -> str:
    """A street number and name."""
    suffix = " bis" if rng.random() < 0.06 else ""
    return f"{1 + int(rng.random() * 120)}{suffix} {draw(STREETS, rng)}"


def phone(rng: np.random.Generator, mobile: bool) -> str:
    """A number from the ranges that ARCEP keeps for fiction: 06 39 98 xx xx and 04 65 71 xx xx."""
    tail = int(rng.random() * 10_000)
    return f"{'06 39 98' if mobile else '04 65 71'} {tail // 100:02d} {tail % 100:02d}"
