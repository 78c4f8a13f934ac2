select
    zone_id,
    nom_zone,
    latitude_centre,
    longitude_centre,
    rayon_km,
    superficie_km2,
    technicien_id,
    avertissement,
    updated_at
from {{ ref('base_erp__zones') }}
where statut_ligne = 'courante'
