{{ config(materialized='table') }}
{%- set colonnes = [
    ('client_id', 'entier'), ('nom', 'texte'), ('prenom', 'texte'), ('type_client', 'texte'),
    ('segment', 'texte'), ('email', 'texte'), ('telephone', 'texte'), ('adresse', 'texte'),
    ('code_postal', 'texte'), ('ville', 'texte'), ('latitude', 'numerique'),
    ('longitude', 'numerique'), ('zone_id', 'entier'), ('ouverture', 'heure'),
    ('fermeture', 'heure'), ('accepte_contact', 'booleen'), ('date_creation', 'date')
] -%}
{%- set regles = [
    ('nom_absent', "nom is null"),
    ('type_inconnu', "type_client is null or type_client not in ('Particulier', 'Professionnel')"),
    ('segment_inconnu', "segment is null or segment not in ('Bronze', 'Argent', 'Or')"),
    ('zone_absente', "lignes.zone_id is null"),
    ('date_impossible', "date_creation is null or date_creation not between '1950-01-01' and " ~ date_metier() ~ " + 1")
] -%}
{%- set avertissements = [
    ('gps_absent', "latitude is null or longitude is null"),
    ('gps_hors_france', "not (latitude between 41 and 51.5 and longitude between -5.5 and 10)"),
    ('horaires_incoherents', "fermeture <= ouverture"),
    ('code_postal_invalide', "code_postal !~ '^[0-9]{5}$'"),
    ('caracteres_perdus', "concat(nom, prenom, adresse, ville) ~ '\uFFFD'")
] -%}
{%- set references = [
    ('zone_id', 'zones', 'zone_id', 'zone_inconnue')
] -%}

{{ trier_erp('clients', 'client_id', colonnes, regles, avertissements=avertissements, references=references) }}
