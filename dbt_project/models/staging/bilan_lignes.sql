-- What became of what landed, each part counted where it lives: landed rows in landing, current ones in what serves,
-- waiting ones in quarantine, the others in the sorted rows. A row lost or counted twice on the way shows.
{{ config(materialized='table') }}
{%- set arrivees = {
    'app_evenements': ['base_app__evenements', 'stg_app__evenements', 'app__evenements'],
    'portail_demandes': ['base_portail__demandes', 'stg_portail__demandes', 'portail__demandes'],
    'enquete_reponses': ['base_enquete__reponses', 'stg_enquete__reponses', 'enquete__reponses']
} -%}
{%- for table in [
    'zones', 'techniciens', 'competences', 'technicien_competences', 'absences', 'types_intervention', 'articles',
    'clients', 'contrats', 'installations', 'interventions', 'intervention_pieces', 'devis', 'factures', 'reclamations'
] -%}
    {%- do arrivees.update({'erp_' ~ table: ['base_erp__' ~ table, 'stg_erp__' ~ table, 'erp__' ~ table]}) -%}
{%- endfor -%}

with comptes as (
    {%- for table, (base, servie, quarantaine) in arrivees.items() %}
    select
        '{{ table }}' as source_table,
        (select count(*) from {{ source('landing', table) }}) as landed,
        (select count(*) from {{ ref(servie) }}) as courantes,
        (select count(*) from {{ ref(base) }} where statut_ligne = 'remplacee') as remplacees,
        (select count(*) from {{ ref(base) }} where statut_ligne = 'doublon') as doublons,
        (select count(*) from {{ ref(base) }} where statut_ligne = 'supprimee') as supprimees,
        (select count(*) from {{ ref(quarantaine) }}) as en_quarantaine
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    *,
    landed - courantes - remplacees - doublons - supprimees - en_quarantaine as ecart
from comptes
