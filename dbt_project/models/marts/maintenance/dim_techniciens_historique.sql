-- depends_on: {{ ref('bilan_lignes') }}
{{ config(indexes=[{'columns': ['technicien_id', 'valide_du']}]) }}
{%- set attributs = [
    'nom', 'prenom', 'email', 'telephone', 'date_embauche', 'date_sortie', 'zone_principale_id',
    'domicile_latitude', 'domicile_longitude', 'taux_horaire_eur', 'heures_jour'
] -%}
{{ historique(ref('base_erp__techniciens'), 'technicien_id', 'technicien_sk', attributs) }}

select
    technicien_sk,
    technicien_id,
    left(nom, 100)::varchar(100) as nom,
    left(prenom, 100)::varchar(100) as prenom,
    email,
    telephone,
    date_embauche,
    date_sortie,
    zone_principale_id,
    domicile_latitude,
    domicile_longitude,
    taux_horaire_eur,
    heures_jour,
    valide_du,
    valide_au,
    est_courant
from final
