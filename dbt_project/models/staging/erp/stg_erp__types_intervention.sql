select
    type_intervention_id,
    libelle,
    categorie,
    competence_id,
    duree_standard_min,
    avertissement,
    updated_at
from {{ ref('base_erp__types_intervention') }}
where statut_ligne = 'courante'
