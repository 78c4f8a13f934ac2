select
    installation_id,
    client_id,
    competence_id,
    date_pose,
    puissance_kva,
    avertissement,
    updated_at
from {{ ref('base_erp__installations') }}
where statut_ligne = 'courante'
