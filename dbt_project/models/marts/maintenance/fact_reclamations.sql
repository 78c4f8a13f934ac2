-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['date_id']}, {'columns': ['client_id']}]) }}

with reclamations as (
    select * from {{ ref('stg_erp__reclamations') }}
),

interventions as (
    select intervention_id, technicien_id, type_intervention_id from {{ ref('int_interventions') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
)

select
    reclamations.reclamation_id,
    to_char(reclamations.date_ouverture, 'YYYYMMDD')::integer as date_id,
    reclamations.client_id,
    clients.zone_id,
    reclamations.intervention_id,
    interventions.technicien_id,
    interventions.type_intervention_id,
    reclamations.date_ouverture,
    reclamations.motif,
    reclamations.statut,
    reclamations.date_resolution,
    reclamations.date_resolution - reclamations.date_ouverture as delai_resolution_jours
from reclamations
inner join clients on reclamations.client_id = clients.client_id
left join interventions on reclamations.intervention_id = interventions.intervention_id
