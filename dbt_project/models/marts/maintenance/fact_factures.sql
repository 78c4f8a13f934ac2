-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['date_id']}, {'columns': ['client_id']}, {'columns': ['intervention_id']}]) }}

with factures as (
    select * from {{ ref('stg_erp__factures') }}
),

clients as (
    select client_id, zone_id from {{ ref('stg_erp__clients') }}
)

select
    factures.facture_id,
    to_char(factures.date_facture, 'YYYYMMDD')::integer as date_id,
    factures.client_id,
    clients.zone_id,
    factures.intervention_id,
    factures.contrat_id,
    factures.devis_id,
    factures.date_facture,
    factures.nature,
    factures.montant_pieces_eur,
    factures.montant_mo_eur,
    factures.montant_heures_sup_eur,
    factures.montant_total_eur,
    factures.statut
from factures
inner join clients on factures.client_id = clients.client_id
