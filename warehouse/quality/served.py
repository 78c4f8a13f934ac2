"""Suite ``servis``: what dashboards and models read. Schema, freshness, volume, distribution."""

from __future__ import annotations

from datetime import date

from core.vocabulary import Schema
from warehouse.quality.expected_columns import served_columns
from warehouse.quality.probes import Probe, Severity, columns_of_table, within

_WARNING = Severity.WARNING


def probes(today: date) -> list[Probe]:
    """The suite for one business date."""
    schema = [columns_of_table(Schema.MARTS, table, columns) for table, columns in served_columns().items()]
    return [*schema, _freshness(today), _volume(), _interventions(today), _satisfaction(), _clients()]


def _freshness(today: date) -> Probe:
    query = f"""
select
    coalesce(date '{today}' - (select max(heure_arrivee)::date from marts.fact_interventions), 9999)
        as age_visites,
    coalesce(date '{today}' - (select max(envoye_at)::date from marts.fact_satisfaction), 9999)
        as age_enquetes,
    (select max(date) from marts.dim_temps) - date '{today}' as jours_a_venir
"""
    return Probe(
        "fraicheur",
        "Fraîcheur des données servies à la date métier (jours)",
        (
            within("age_visites", "dernière visite terminée entre 0 et 7 jours", low=0, high=7),
            within("age_enquetes", "dernière enquête envoyée entre 0 et 21 jours", low=0, high=21),
            within("jours_a_venir", "le calendrier couvre au moins une année à venir", low=365),
        ),
        query,
    )


def _volume() -> Probe:
    """Served against landed: what is missing is in quarantine, and there must not be much of it."""
    query = """
with interventions as (
    select distinct on (intervention_id) statut, _supprime
    from landing.erp_interventions order by intervention_id, updated_at desc, _charge_at desc
), clients as (
    select distinct on (client_id) _supprime
    from landing.erp_clients order by client_id, updated_at desc, _charge_at desc
)
select
    (select count(*) from marts.fact_interventions)::double precision
        / nullif((select count(*) from interventions where statut = 'Terminee' and not _supprime), 0)
        as visites,
    (select count(*) from marts.dim_clients)::double precision
        / nullif((select count(*) from clients where not _supprime), 0) as clients
"""
    return Probe(
        "volume",
        "Volume servi rapporté au volume arrivé",
        (
            within("visites", "95 à 100 % des interventions terminées sont servies", low=0.95, high=1),
            within("clients", "95 à 105 % des clients sont servis", low=0.95, high=1.05),
        ),
        query,
    )


def _interventions(today: date) -> Probe:
    query = f"""
select
    avg(duree_min)::double precision as duree_min,
    avg(montant_total)::double precision as montant_total,
    avg((duree_min is null)::int)::double precision as part_sans_duree,
    avg((zone_id is null)::int)::double precision as part_sans_zone,
    percentile_cont(0.99) within group (order by km_parcourus)::double precision as km_99
from marts.fact_interventions
where heure_arrivee is null or heure_arrivee::date > date '{today}' - 365
"""
    return Probe(
        "distribution_interventions",
        "Répartition des visites de l'année",
        (
            within("duree_min", "durée moyenne de 20 à 240 minutes", low=20, high=240),
            within("montant_total", "montant moyen de 0 à 2 000 euros", low=0, high=2000),
            within("part_sans_duree", "au plus 10 % de visites sans durée", high=0.1, severity=_WARNING),
            within("part_sans_zone", "au plus 5 % de visites sans zone", high=0.05),
            within("km_99", "99 % des trajets font moins de 150 km", high=150),
        ),
        query,
    )


def _satisfaction() -> Probe:
    query = """
select avg(note_nps)::double precision as note, avg(a_repondu::int)::double precision as part_repondue
from marts.fact_satisfaction
"""
    return Probe(
        "distribution_satisfaction",
        "Répartition des réponses à l'enquête",
        (
            within("note", "note moyenne de recommandation de 4 à 10", low=4, high=10, severity=_WARNING),
            within("part_repondue", "taux de réponse de 5 à 95 %", low=0.05, high=0.95),
        ),
        query,
    )


def _clients() -> Probe:
    query = """
select
    avg((zone_id is null)::int)::double precision as part_sans_zone,
    avg((contrat_actif)::int)::double precision as part_sous_contrat,
    avg((risque_churn = 'Eleve')::int) filter (where risque_churn is not null)::double precision
        as part_risque
from marts.dim_clients
"""
    return Probe(
        "distribution_clients",
        "Répartition des clients",
        (
            within("part_sans_zone", "au plus 5 % de clients sans zone", high=0.05),
            within("part_sous_contrat", "30 à 100 % de clients sous contrat", low=0.3, high=1),
            within("part_risque", "au plus 40 % de clients à risque élevé", high=0.4, severity=_WARNING),
        ),
        query,
    )
