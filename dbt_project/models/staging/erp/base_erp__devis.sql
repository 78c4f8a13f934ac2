{{ config(materialized='table') }}
{%- set colonnes = [
    ('devis_id', 'entier'), ('client_id', 'entier'), ('intervention_id', 'entier'),
    ('technicien_id', 'entier'), ('date_emission', 'date'), ('montant_eur', 'numerique'),
    ('statut', 'texte'), ('date_decision', 'date')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('date_impossible', "date_emission is null or date_emission not between '2015-01-01' and " ~ date_metier() ~ " + 1"
        ~ " or date_decision < date_emission"),
    ('montant_invalide', "montant_eur is null or montant_eur not between 0 and 10000000"),
    ('statut_inconnu', "statut is null or statut not in ('Envoye', 'Signe', 'Refuse')")
] -%}
{%- set avertissements = [
    ('decision_sans_date', "statut <> 'Envoye' and date_decision is null")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu'),
    ('technicien_id', 'techniciens', 'technicien_id', 'technicien_inconnu')
] -%}

{{ trier_erp('devis', 'devis_id', colonnes, regles, avertissements=avertissements, references=references) }}
