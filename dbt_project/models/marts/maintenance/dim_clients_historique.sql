-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['client_id', 'valide_du']}]) }}
{%- set attributs = [
    'nom', 'prenom', 'type_client', 'segment', 'email', 'telephone', 'adresse', 'code_postal', 'ville',
    'latitude', 'longitude', 'zone_id', 'ouverture', 'fermeture', 'accepte_contact', 'date_creation'
] -%}
{{ historique(ref('base_erp__clients'), 'client_id', 'client_sk', attributs) }}

select
    client_sk,
    client_id,
    left(nom, 100)::varchar(100) as nom,
    left(prenom, 100)::varchar(100) as prenom,
    type_client as type,
    segment,
    email,
    telephone,
    left(adresse, 255)::varchar(255) as adresse,
    left(code_postal, 5)::varchar(5) as code_postal,
    left(ville, 100)::varchar(100) as ville,
    latitude,
    longitude,
    zone_id,
    ouverture,
    fermeture,
    accepte_contact,
    date_creation,
    valide_du,
    valide_au,
    est_courant
from final
