select
    evenement_id,
    type,
    intervention_id,
    technicien_id,
    survenu_at,
    envoye_at,
    latitude,
    longitude,
    km_trajet,
    note,
    conforme,
    probleme_resolu,
    signataire,
    minutes as depassement_min,
    motif,
    accepte_client,
    pieces,
    avertissement,
    _charge_at as charge_at
from {{ ref('base_app__evenements') }}
where statut_ligne = 'courante'
