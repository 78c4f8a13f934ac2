select
    article_id,
    reference,
    libelle,
    prix_unitaire_eur,
    competence_id,
    avertissement,
    updated_at
from {{ ref('base_erp__articles') }}
where statut_ligne = 'courante'
