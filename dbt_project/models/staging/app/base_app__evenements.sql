{{ config(materialized='table', indexes=[{'columns': ['intervention_id']}]) }}
{%- set types = ['arrivee', 'depart', 'pieces', 'note', 'rapport_signe', 'depassement', 'fin_journee'] -%}
{%- set instant_max = fin_de_jour(date_metier()) ~ " + interval '1 day'" -%}
{%- set regles = [
    ('json_illisible', "not est_lisible"),
    ('evenement_id_invalide', "evenement_id is null"),
    ('type_inconnu', "type is null or type not in ('" ~ types | join("', '") ~ "')"),
    ('technicien_inconnu', "technicien_connu.technicien_id is null"),
    ('intervention_absente', "type <> 'fin_journee' and lignes.intervention_id is null"),
    ('intervention_inconnue', "type <> 'fin_journee' and intervention_connue.intervention_id is null"
        ~ " and coalesce(survenu_at, '-infinity') <= (select jusqu_a from erp_connu)"),
    ('date_impossible', "survenu_at is null or survenu_at < '2015-01-01 00:00+00' or survenu_at >= " ~ instant_max),
    ('envoi_impossible', "envoye_at is null or envoye_at < '2015-01-01 00:00+00'"),
    ('km_invalide', "type in ('arrivee', 'fin_journee') and km_trajet_brut is not null"
        ~ " and coalesce(km_trajet not between 0 and 500, true)"),
    ('note_invalide', "type = 'note' and coalesce(note not between 1 and 5, true)"),
    ('rapport_invalide', "type = 'rapport_signe' and (conforme is null or probleme_resolu is null)"),
    ('depassement_invalide', "type = 'depassement' and coalesce(minutes not between 0 and 1440, true)"),
    ('pieces_invalides', "type = 'pieces' and coalesce(pieces_invalides, true)")
] -%}
{%- set est_en_france = "latitude between 41 and 51.5 and longitude between -5.5 and 10" -%}
{%- set avertissements = [
    ('encodage_repare', "encodage <> 'utf-8'"),
    ('gps_absent', "type in ('arrivee', 'depart') and (latitude is null or longitude is null)"),
    ('gps_hors_france', "type in ('arrivee', 'depart') and not (" ~ est_en_france ~ ")"),
    ('km_absent', "type = 'arrivee' and km_trajet is null"),
    ('recu_en_retard', "envoye_at > survenu_at + interval '12 hours'"),
    ('intervention_pas_encore_chargee', "type <> 'fin_journee' and intervention_connue.intervention_id is null")
] -%}

with lignes as ({{ lire_evenements_app() }}),

-- What the ERP has shown so far: an event that is younger may belong to an intervention still to be loaded.
erp_connu as (
    select coalesce(max(updated_at), '-infinity') as jusqu_a from {{ source('landing', 'erp_interventions') }}
),

examinees as (
    select
        lignes.*,
        {{ premiere_regle(regles) }} as regle_propre,
        {{ liste_avertissements(avertissements) }} as avertissement
    from lignes
    left join (select distinct technicien_id from {{ source('landing', 'erp_techniciens') }}) as technicien_connu
        on lignes.technicien_id = technicien_connu.technicien_id
    left join (select distinct intervention_id from {{ source('landing', 'erp_interventions') }}) as intervention_connue
        on lignes.intervention_id = intervention_connue.intervention_id
),

avec_arrivee as (
    select
        *,
        min(survenu_at) filter (where type = 'arrivee' and regle_propre is null)
            over (partition by intervention_id) as premiere_arrivee_at
    from examinees
),

jugees as (
    select
        *,
        case
            when regle_propre is null and type = 'depart' and survenu_at < premiere_arrivee_at
                then 'depart_avant_arrivee'
            else regle_propre
        end as regle,
        envoye_at as ordre_version
    from avec_arrivee
),

{{ garder_brut('jugees', 'texte_json') }},

{{ classer('gardees') }},

-- One arrival (the first) and one departure, note, report, overrun (the last) a visit; parts add up.
retenues as (
    select
        *,
        row_number() over (
            partition by intervention_id, type, statut_ligne
            order by
                case when type = 'arrivee' then survenu_at end,
                case when type <> 'arrivee' then survenu_at end desc,
                envoye_at desc, evenement_id
        ) as rang_visite
    from classees
)

select
    evenement_id, type, intervention_id, technicien_id, survenu_at, envoye_at,
    case when {{ est_en_france }} then latitude end as latitude,
    case when {{ est_en_france }} then longitude end as longitude,
    km_trajet, note, conforme, probleme_resolu, signataire, minutes, motif, accepte_client, pieces,
    fichier, ligne,
    {{ colonnes_de_tri() | replace('statut_ligne,', "case
        when statut_ligne = 'courante' and rang_visite > 1 and type not in ('pieces', 'fin_journee') then 'remplacee'
        else statut_ligne
    end as statut_ligne,", 1) }}
from retenues
