-- depends_on: {{ ref('bilan_lignes') }}
-- One row an intervention: parts and invoices of the ERP.
{{ config(indexes=[{'columns': ['intervention_id'], 'unique': true}]) }}

with pieces as (
    select
        intervention_id,
        sum(quantite)::integer as nb_pieces,
        sum(quantite * prix_unitaire_eur) as montant_pieces_eur,
        max(updated_at) as updated_at
    from {{ ref('stg_erp__intervention_pieces') }}
    group by intervention_id
),

factures as (
    select
        intervention_id,
        sum(montant_total_eur) filter (where statut <> 'Annulee') as montant_facture_eur,
        sum(montant_heures_sup_eur) filter (where statut <> 'Annulee') as montant_heures_sup_eur,
        max(updated_at) as updated_at
    from {{ ref('stg_erp__factures') }}
    where nature = 'Intervention' and intervention_id is not null
    group by intervention_id
)

select
    coalesce(pieces.intervention_id, factures.intervention_id) as intervention_id,
    pieces.nb_pieces,
    pieces.montant_pieces_eur,
    factures.montant_facture_eur,
    factures.montant_heures_sup_eur,
    greatest(pieces.updated_at, factures.updated_at) as updated_at
from pieces
full join factures on pieces.intervention_id = factures.intervention_id
