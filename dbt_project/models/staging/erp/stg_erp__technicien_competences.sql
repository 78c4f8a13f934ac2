select
    technicien_competence_id,
    technicien_id,
    competence_id,
    niveau,
    obtenue_le,
    avertissement,
    updated_at
from {{ ref('base_erp__technicien_competences') }}
where statut_ligne = 'courante'
