-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['date_id']}, {'columns': ['client_id']}]) }}

with devis as (
    select * from {{ ref('stg_erp__devis') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
)

select
    devis.devis_id,
    to_char(devis.date_emission, 'YYYYMMDD')::integer as date_id,
    devis.client_id,
    devis.technicien_id,
    devis.intervention_id,
    clients.zone_id,
    devis.montant_eur,
    devis.statut,
    devis.date_emission,
    devis.date_decision,
    devis.date_decision - devis.date_emission as delai_decision_jours
from devis
inner join clients on devis.client_id = clients.client_id
