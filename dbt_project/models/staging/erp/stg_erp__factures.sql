select
    facture_id,
    client_id,
    intervention_id,
    contrat_id,
    devis_id,
    date_facture,
    nature,
    montant_pieces_eur,
    montant_mo_eur,
    montant_heures_sup_eur,
    montant_total_eur,
    statut,
    avertissement,
    updated_at
from {{ ref('base_erp__factures') }}
where statut_ligne = 'courante'
