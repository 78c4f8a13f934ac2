{{ config(materialized='table') }}
{%- set colonnes = [
    ('zone_id', 'entier'), ('nom_zone', 'texte'), ('latitude_centre', 'numerique'),
    ('longitude_centre', 'numerique'), ('rayon_km', 'numerique'), ('superficie_km2', 'numerique'),
    ('technicien_id', 'entier')
] -%}
{%- set regles = [
    ('nom_absent', "nom_zone is null"),
    ('centre_hors_france', "latitude_centre not between 41 and 51.5 or longitude_centre not between -5.5 and 10"),
    ('etendue_invalide', "rayon_km not between 0 and 200 or superficie_km2 not between 0.01 and 100000")
] -%}

{{ trier_erp('zones', 'zone_id', colonnes, regles) }}
