{{ config(materialized='table') }}
{%- set colonnes = [
    ('installation_id', 'entier'), ('client_id', 'entier'), ('competence_id', 'entier'),
    ('date_pose', 'date'), ('puissance_kva', 'numerique')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('date_impossible', "date_pose not between '1900-01-01' and '2100-01-01'"),
    ('puissance_invalide', "puissance_kva not between 0 and 100000")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu'),
    ('competence_id', 'competences', 'competence_id', 'competence_inconnue')
] -%}

{{ trier_erp('installations', 'installation_id', colonnes, regles, references=references) }}
