{{ config(materialized='table') }}
{%- set colonnes = [
    ('technicien_id', 'entier'), ('nom', 'texte'), ('prenom', 'texte'), ('email', 'texte'),
    ('telephone', 'texte'), ('date_embauche', 'date'), ('date_sortie', 'date'),
    ('zone_principale_id', 'entier'), ('domicile_latitude', 'numerique'),
    ('domicile_longitude', 'numerique'), ('taux_horaire_eur', 'numerique'),
    ('heures_jour', 'numerique')
] -%}
{%- set regles = [
    ('nom_absent', "nom is null"),
    ('date_impossible', "date_embauche is null or date_embauche not between '1950-01-01' and '2100-01-01'"
        ~ " or date_sortie < date_embauche"),
    ('taux_invalide', "taux_horaire_eur is null or taux_horaire_eur not between 0 and 1000"),
    ('heures_invalides', "heures_jour is null or heures_jour not between 0 and 24")
] -%}
{%- set avertissements = [
    ('gps_absent', "domicile_latitude is null or domicile_longitude is null")
] -%}
{%- set references = [
    ('zone_principale_id', 'zones', 'zone_id', 'zone_inconnue')
] -%}

{{ trier_erp('techniciens', 'technicien_id', colonnes, regles, avertissements=avertissements, references=references) }}
