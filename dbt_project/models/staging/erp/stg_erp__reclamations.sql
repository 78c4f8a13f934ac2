select
    reclamation_id,
    client_id,
    intervention_id,
    date_ouverture,
    motif,
    statut,
    date_resolution,
    avertissement,
    updated_at
from {{ ref('base_erp__reclamations') }}
where statut_ligne = 'courante'
