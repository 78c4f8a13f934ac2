{{ config(materialized='table') }}
{%- set colonnes = [
    ('technicien_competence_id', 'entier'), ('technicien_id', 'entier'),
    ('competence_id', 'entier'), ('niveau', 'entier'), ('obtenue_le', 'date')
] -%}
{%- set regles = [
    ('technicien_absent', "lignes.technicien_id is null"),
    ('competence_absente', "lignes.competence_id is null"),
    ('niveau_invalide', "niveau is null or niveau not between 1 and 3")
] -%}
{%- set references = [
    ('technicien_id', 'techniciens', 'technicien_id', 'technicien_inconnu'),
    ('competence_id', 'competences', 'competence_id', 'competence_inconnue')
] -%}

{{ trier_erp('technicien_competences', 'technicien_competence_id', colonnes, regles, references=references) }}
