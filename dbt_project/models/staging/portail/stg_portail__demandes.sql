select
    demande_id,
    client_id,
    type_intervention_id,
    creneau_debut,
    creneau_fin,
    urgence,
    commentaire,
    statut,
    intervention_id,
    emis_at,
    avertissement
from {{ ref('base_portail__demandes') }}
where statut_ligne = 'courante'
