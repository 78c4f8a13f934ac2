{{ config(materialized='table') }}
{%- set colonnes = [
    ('contrat_id', 'entier'), ('client_id', 'entier'), ('reference', 'texte'),
    ('date_debut', 'date'), ('date_fin', 'date'), ('montant_annuel_eur', 'numerique'),
    ('nb_visites_an', 'entier'), ('statut', 'texte'), ('date_resiliation', 'date'),
    ('motif_resiliation', 'texte'), ('contrat_precedent_id', 'entier')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('date_impossible', "date_debut is null or date_fin is null or date_fin < date_debut"
        ~ " or date_debut not between '1950-01-01' and '2100-01-01' or date_fin > '2100-01-01'"),
    ('resiliation_impossible', "date_resiliation < date_debut"),
    ('montant_invalide', "montant_annuel_eur is null or montant_annuel_eur not between 0 and 10000000"),
    ('quantite_invalide', "nb_visites_an < 0"),
    ('statut_inconnu', "statut is null or statut not in ('Actif', 'Renouvele', 'Resilie', 'Expire')")
] -%}
{%- set avertissements = [
    ('resiliation_sans_date', "statut in ('Resilie', 'Expire') and date_resiliation is null")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu')
] -%}

{{ trier_erp('contrats', 'contrat_id', colonnes, regles, avertissements=avertissements, references=references) }}
