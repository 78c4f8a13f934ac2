select
    invitation_id,
    intervention_id,
    client_id,
    envoye_at,
    canal,
    repondu_at,
    note_nps,
    technicien_professionnel,
    commentaire_professionnel,
    delai_respecte,
    commentaire_delai,
    probleme_resolu,
    commentaire_resolu,
    suggestions,
    avertissement
from {{ ref('base_enquete__reponses') }}
where statut_ligne = 'courante'
