{{ config(materialized='table') }}
{%- set colonnes = [
    ('competence_id', 'entier'), ('libelle', 'texte')
] -%}
{%- set regles = [
    ('libelle_absent', "libelle is null")
] -%}

{{ trier_erp('competences', 'competence_id', colonnes, regles) }}
