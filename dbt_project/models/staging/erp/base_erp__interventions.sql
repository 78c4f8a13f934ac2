{{ config(materialized='table') }}
{%- set colonnes = [
    ('intervention_id', 'entier'), ('client_id', 'entier'), ('contrat_id', 'entier'),
    ('installation_id', 'entier'), ('type_intervention_id', 'entier'), ('technicien_id', 'entier'),
    ('demande_at', 'instant'), ('date_due', 'date'), ('date_planifiee', 'date'),
    ('heure_prevue', 'heure'), ('duree_prevue_min', 'entier'), ('urgence', 'texte'),
    ('statut', 'texte'), ('rdv_debut', 'instant'), ('rdv_fin', 'instant'),
    ('taux_horaire_eur', 'numerique'), ('intervention_origine_id', 'entier')
] -%}
{%- set regles = [
    ('client_absent', "lignes.client_id is null"),
    ('type_absent', "lignes.type_intervention_id is null"),
    ('statut_inconnu', "statut is null or statut not in ('A planifier', 'Planifiee', 'Terminee', 'Annulee')"),
    ('urgence_inconnue', "urgence is null or urgence not in ('Normale', 'Urgente')"),
    ('technicien_absent', "statut = 'Terminee' and lignes.technicien_id is null"),
    ('date_impossible', "demande_at is null or demande_at < '2015-01-01 00:00+00' or demande_at >= "
        ~ fin_de_jour(date_metier()) ~ " + interval '1 day' or date_due is null"
        ~ " or date_due not between '2015-01-01' and '2035-12-31'"
        ~ " or date_planifiee not between '2015-01-01' and '2035-12-31'"),
    ('duree_invalide', "duree_prevue_min is null or duree_prevue_min not between 1 and 1440"),
    ('montant_invalide', "taux_horaire_eur is null or taux_horaire_eur not between 0 and 1000"),
    ('rendez_vous_incoherent', "rdv_fin <= rdv_debut")
] -%}
{%- set references = [
    ('client_id', 'clients', 'client_id', 'client_inconnu'),
    ('technicien_id', 'techniciens', 'technicien_id', 'technicien_inconnu'),
    ('type_intervention_id', 'types_intervention', 'type_intervention_id', 'type_inconnu')
] -%}

{{ trier_erp('interventions', 'intervention_id', colonnes, regles, references=references) }}
