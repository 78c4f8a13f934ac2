select
    intervention_piece_id,
    intervention_id,
    article_id,
    quantite,
    prix_unitaire_eur,
    avertissement,
    updated_at
from {{ ref('base_erp__intervention_pieces') }}
where statut_ligne = 'courante'
