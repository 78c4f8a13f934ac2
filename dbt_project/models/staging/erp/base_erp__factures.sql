{{ config(materialized='table') }}
{%- set colonnes = [
    ('facture_id', 'entier'), ('client_id', 'entier'), ('intervention_id', 'entier'),
    ('contrat_id', 'entier'), ('devis_id', 'entier'), ('date_facture', 'date'), ('nature', 'texte'),
    ('montant_pieces_eur', 'numerique'), ('montant_mo_eur', 'numerique'),
    ('montant_heures_sup_eur', 'numerique'), ('montant_total_eur', 'numerique'), ('statut', 'texte')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('date_impossible', "date_facture is null or date_facture not between '2015-01-01' and " ~ date_metier() ~ " + 1"),
    ('montant_invalide', "montant_total_eur is null or montant_total_eur not between 0 and 10000000"
        ~ " or montant_pieces_eur not between 0 and 10000000 or montant_mo_eur not between 0 and 10000000"
        ~ " or montant_heures_sup_eur not between 0 and 10000000"),
    ('nature_inconnue', "nature is null or nature not in ('Contrat', 'Intervention', 'Devis')"),
    ('statut_inconnu', "statut is null or statut not in ('Emise', 'Payee', 'Annulee')")
] -%}
{%- set avertissements = [
    ('total_incoherent', "nature = 'Intervention' and abs(coalesce(montant_pieces_eur, 0) + coalesce(montant_mo_eur, 0) + coalesce(montant_heures_sup_eur, 0) - montant_total_eur) > 0.02")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu')
] -%}

{{ trier_erp('factures', 'facture_id', colonnes, regles, avertissements=avertissements, references=references) }}
