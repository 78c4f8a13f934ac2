{{ config(materialized='table') }}
{%- set colonnes = [
    ('absence_id', 'entier'), ('technicien_id', 'entier'), ('date_debut', 'date'),
    ('date_fin', 'date'), ('motif', 'texte')
] -%}
{%- set regles = [
    ('technicien_absent', "lignes.technicien_id is null"),
    ('date_impossible', "date_debut is null or date_fin is null or date_fin < date_debut"
        ~ " or date_debut not between '2015-01-01' and '2035-12-31'")
] -%}
{%- set references = [
    ('technicien_id', 'techniciens', 'technicien_id', 'technicien_inconnu')
] -%}

{{ trier_erp('absences', 'absence_id', colonnes, regles, references=references) }}
