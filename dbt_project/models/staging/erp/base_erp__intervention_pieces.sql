{{ config(materialized='table') }}
{%- set colonnes = [
    ('intervention_piece_id', 'entier'), ('intervention_id', 'entier'), ('article_id', 'entier'),
    ('quantite', 'entier'), ('prix_unitaire_eur', 'numerique')
] -%}
{%- set regles = [
    ('intervention_absente', "lignes.intervention_id is null"),
    ('article_absent', "lignes.article_id is null"),
    ('quantite_invalide', "quantite is null or quantite not between 0 and 10000"),
    ('montant_invalide', "prix_unitaire_eur is null or prix_unitaire_eur not between 0 and 1000000")
] -%}
{%- set references = [
    ('intervention_id', 'interventions', 'intervention_id', 'intervention_inconnue'),
    ('article_id', 'articles', 'article_id', 'article_inconnu')
] -%}

{{ trier_erp('intervention_pieces', 'intervention_piece_id', colonnes, regles, references=references) }}
