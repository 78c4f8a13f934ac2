select
    technicien_id,
    nom,
    prenom,
    email,
    telephone,
    date_embauche,
    date_sortie,
    zone_principale_id,
    domicile_latitude,
    domicile_longitude,
    taux_horaire_eur,
    heures_jour,
    avertissement,
    updated_at
from {{ ref('base_erp__techniciens') }}
where statut_ligne = 'courante'
