select
    absence_id,
    technicien_id,
    date_debut,
    date_fin,
    motif,
    avertissement,
    updated_at
from {{ ref('base_erp__absences') }}
where statut_ligne = 'courante'
