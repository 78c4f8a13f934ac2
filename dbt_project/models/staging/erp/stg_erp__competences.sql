select
    competence_id,
    libelle,
    avertissement,
    updated_at
from {{ ref('base_erp__competences') }}
where statut_ligne = 'courante'
