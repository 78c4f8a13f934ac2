-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['date_id']}, {'columns': ['client_id']}]) }}

with demandes as (
    select * from {{ ref('stg_portail__demandes') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
)

select
    demandes.demande_id,
    to_char({{ jour_local('demandes.creneau_debut') }}, 'YYYYMMDD')::integer as date_id,
    demandes.client_id,
    clients.zone_id,
    demandes.type_intervention_id,
    demandes.intervention_id,
    demandes.creneau_debut,
    demandes.creneau_fin,
    demandes.urgence,
    demandes.commentaire,
    demandes.statut,
    demandes.emis_at
from demandes
inner join clients on demandes.client_id = clients.client_id
