{{ config(materialized='table') }}
{%- set colonnes = [
    ('reclamation_id', 'entier'), ('client_id', 'entier'), ('intervention_id', 'entier'),
    ('date_ouverture', 'date'), ('motif', 'texte'), ('statut', 'texte'), ('date_resolution', 'date')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('date_impossible', "date_ouverture is null or date_ouverture not between '2015-01-01' and " ~ date_metier()
        ~ " + 1 or date_resolution < date_ouverture"),
    ('statut_inconnu', "statut is null or statut not in ('Ouvert', 'Resolu')")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu')
] -%}

{{ trier_erp('reclamations', 'reclamation_id', colonnes, regles, references=references) }}
