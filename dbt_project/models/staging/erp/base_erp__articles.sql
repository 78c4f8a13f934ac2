{{ config(materialized='table') }}
{%- set colonnes = [
    ('article_id', 'entier'), ('reference', 'texte'), ('libelle', 'texte'),
    ('prix_unitaire_eur', 'numerique'), ('competence_id', 'entier')
] -%}
{%- set regles = [
    ('libelle_absent', "libelle is null"),
    ('montant_invalide', "prix_unitaire_eur is null or prix_unitaire_eur not between 0 and 1000000")
] -%}
{%- set references = [
    ('competence_id', 'competences', 'competence_id', 'competence_inconnue')
] -%}

{{ trier_erp('articles', 'article_id', colonnes, regles, references=references) }}
