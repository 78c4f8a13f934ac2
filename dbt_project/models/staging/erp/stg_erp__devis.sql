select
    devis_id,
    client_id,
    intervention_id,
    technicien_id,
    date_emission,
    montant_eur,
    statut,
    date_decision,
    avertissement,
    updated_at
from {{ ref('base_erp__devis') }}
where statut_ligne = 'courante'
