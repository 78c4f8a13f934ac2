"""Suite ``arrivees``: what landed. Schema, freshness, volume and distribution, at a business date."""

from __future__ import annotations

from datetime import date

from core.vocabulary import Schema
from warehouse.quality.expected_columns import landing_columns
from warehouse.quality.probes import Probe, Severity, columns_of_table, within

# Only lines that are a JSON object PostgreSQL can cast: the others are staging's business.
_EVENTS = f"""
select fichier, encodage, lisible, (d ->> 'type') as type, d -> 'donnees' as donnees,
    substring(d ->> 'envoye_at' from '^\\d{{4}}-\\d\\d-\\d\\d') as jour
from (
    select fichier, encodage, (payload is json object) as lisible,
        case when payload is json object and position('\\u' in payload) = 0 then payload::jsonb end as d
    from {Schema.LANDING}.app_evenements
) lignes
"""
_A_DAY = "-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$"
_LATEST = """
select distinct on (intervention_id) *
from landing.erp_interventions order by intervention_id, updated_at desc, _charge_at desc
"""


def probes(today: date) -> list[Probe]:
    """The suite for one business date."""
    return [*_schema(), _freshness(today), _weekly_volume(today), _files(), *_distributions(today)]


def _schema() -> list[Probe]:
    return [
        columns_of_table(Schema.LANDING, table, columns, exactly=True)
        for table, columns in landing_columns().items()
    ]


def _freshness(today: date) -> Probe:
    """Days between the last thing that happened in each source and today; nothing at all counts as 9999."""
    day = f"date '{today}'"
    newest = f"coalesce({day} - max({{0}}) filter (where {{0}} <= {day}), 9999)"
    survey = (
        "case when payload is json object then "
        "to_date(substring(payload from '\"Envoye le\": \"(\\d\\d/\\d\\d/\\d{4})'), 'DD/MM/YYYY') end"
    )
    portal = 'substring(payload from \'"emis_at": ?"(\\d{4}-\\d\\d-\\d\\d)\')::date'
    query = f"""
select
    (select {newest.format("updated_at::date")}
     from landing.erp_interventions where not _supprime) as age_erp,
    (select {newest.format("jour::date")}
     from ({_EVENTS}) e where jour ~ '{_A_DAY}') as age_app,
    (select {newest.format(portal)} from landing.portail_demandes) as age_portail,
    (select {newest.format(survey)} from landing.enquete_reponses) as age_enquete
"""
    return Probe(
        "fraicheur",
        "Fraîcheur des sources à la date métier (jours)",
        (
            within("age_erp", "l'ERP a bougé depuis 6 jours au plus", high=6),
            within("age_app", "l'application mobile a envoyé depuis 6 jours au plus", high=6),
            within("age_portail", "le portail a reçu une demande depuis 30 jours au plus", high=30),
            within("age_enquete", "une enquête est partie depuis 21 jours au plus", high=21),
        ),
        query,
    )


def _weekly_volume(today: date) -> Probe:
    """Events a week over the last four against the twelve before; NULL without that much history."""
    query = f"""
with semaines as (
    select (date '{today}' - jour::date) / 7 as il_y_a, count(*) as n
    from ({_EVENTS}) e
    where jour ~ '{_A_DAY}' and jour::date between date '{today}' - 111 and date '{today}'
    group by 1
)
select case when count(*) = 16 then
    (avg(n) filter (where il_y_a < 4) / avg(n) filter (where il_y_a >= 4))::double precision end as rapport
from semaines
"""
    words = "les 4 dernières semaines apportent entre 0,3 et 3 fois les événements des 12 précédentes"
    return Probe("volume_app", "Volume des événements", (within("rapport", words, low=0.3, high=3),), query)


def _files() -> Probe:
    query = f"""
select count(*) as fichiers, (avg((lignes = 0)::int))::double precision as part_vides
from {Schema.LANDING}.fichiers
"""
    return Probe(
        "volume_fichiers",
        "Volume des fichiers livrés",
        (
            within("fichiers", "au moins un fichier est arrivé", low=1),
            within("part_vides", "au plus 5 % de fichiers vides", high=0.05, severity=Severity.WARNING),
        ),
        query,
    )


def _distributions(today: date) -> list[Probe]:
    events = f"""
select
    avg((encodage = 'cp1252')::int)::double precision as part_cp1252,
    avg((not lisible)::int)::double precision as part_illisible,
    (count(*) filter (where type = 'depart'))::double precision
        / nullif(count(*) filter (where type = 'arrivee'), 0) as departs_par_arrivee,
    avg((donnees ->> 'latitude' is null)::int) filter (where type = 'arrivee')::double precision
        as part_sans_gps,
    avg(case when donnees ->> 'note' ~ '^[1-5]$' then (donnees ->> 'note')::int end)::double precision as note
from ({_EVENTS}) e
where fichier ~ '{today.year}|{today.year - 1}'
"""
    interventions = f"""
select
    avg((statut = 'Annulee')::int)::double precision as part_annulee,
    avg((urgence = 'Urgente')::int)::double precision as part_urgente,
    avg(duree_prevue_min)::double precision as duree_prevue,
    avg(taux_horaire_eur)::double precision as taux_horaire
from ({_LATEST}) derniere
where not _supprime and demande_at::date between date '{today}' - 365 and date '{today}'
"""
    warning = Severity.WARNING
    return [
        Probe(
            "distribution_app",
            "Répartition des événements",
            (
                within("part_illisible", "au plus 5 % de lignes illisibles", high=0.05),
                within("part_cp1252", "au plus 5 % de lignes mal encodées", high=0.05, severity=warning),
                within("departs_par_arrivee", "0,8 à 1,2 départ par arrivée", low=0.8, high=1.2),
                within("part_sans_gps", "au plus 10 % d'arrivées sans GPS", high=0.1, severity=warning),
                within("note", "note moyenne entre 2,5 et 5", low=2.5, high=5, severity=warning),
            ),
            events,
        ),
        Probe(
            "distribution_interventions",
            "Répartition des interventions de l'année",
            (
                within("part_annulee", "au plus 20 % d'annulées", high=0.2, severity=warning),
                within("part_urgente", "au plus 40 % d'urgentes", high=0.4, severity=warning),
                within("duree_prevue", "durée prévue moyenne de 20 à 240 minutes", low=20, high=240),
                within("taux_horaire", "taux horaire moyen de 25 à 150 euros", low=25, high=150),
            ),
            interventions,
        ),
    ]
