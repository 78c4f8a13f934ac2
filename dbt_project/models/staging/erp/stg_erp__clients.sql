select
    client_id,
    nom,
    prenom,
    type_client as type,
    segment,
    email,
    telephone,
    adresse,
    code_postal,
    ville,
    case when latitude between 41 and 51.5 and longitude between -5.5 and 10 then latitude end as latitude,
    case when latitude between 41 and 51.5 and longitude between -5.5 and 10 then longitude end as longitude,
    zone_id,
    ouverture,
    fermeture,
    accepte_contact,
    date_creation,
    avertissement,
    updated_at
from {{ ref('base_erp__clients') }}
where statut_ligne = 'courante'
