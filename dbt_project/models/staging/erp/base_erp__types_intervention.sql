{{ config(materialized='table') }}
{%- set colonnes = [
    ('type_intervention_id', 'entier'), ('libelle', 'texte'), ('categorie', 'texte'),
    ('competence_id', 'entier'), ('duree_standard_min', 'entier')
] -%}
{%- set regles = [
    ('libelle_absent', "libelle is null"),
    ('categorie_inconnue', "categorie is null or categorie not in ('Preventif', 'Depannage', 'Controle', 'Installation')"),
    ('duree_invalide', "duree_standard_min is null or duree_standard_min not between 1 and 1440")
] -%}
{%- set references = [
    ('competence_id', 'competences', 'competence_id', 'competence_inconnue')
] -%}

{{ trier_erp('types_intervention', 'type_intervention_id', colonnes, regles, references=references) }}
