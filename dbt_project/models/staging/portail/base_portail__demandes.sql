{{ config(materialized='table') }}
{%- set regles = [
    ('json_illisible', "not est_lisible"),
    ('demande_id_absent', "demande_id is null"),
    ('client_inconnu', "client_connu.client_id is null"),
    ('type_inconnu', "type_connu.type_intervention_id is null"),
    ('statut_inconnu', "statut is null or statut not in ('A valider', 'Valide', 'Annule')"),
    ('date_impossible', "emis_at is null or emis_at < '2015-01-01 00:00+00' or emis_at >= "
        ~ fin_de_jour(date_metier()) ~ " + interval '1 day'"),
    ('creneau_invalide', "creneau_debut is null or creneau_fin is null or creneau_fin <= creneau_debut"
        ~ " or creneau_debut not between '2015-01-01 00:00+00' and '2036-01-01 00:00+00'")
] -%}
{%- set avertissements = [
    ('encodage_repare', "encodage <> 'utf-8'"),
    ('intervention_pas_encore_chargee',
        "lignes.intervention_id is not null and intervention_connue.intervention_id is null")
] -%}

with lignes as (
    select
        {{ texte_propre("champs.demande_id") }} as demande_id,
        {{ essai_entier("champs.client_id") }} as client_id,
        {{ essai_entier("champs.type_intervention_id") }} as type_intervention_id,
        {{ essai_instant("champs.creneau_debut") }} as creneau_debut,
        {{ essai_instant("champs.creneau_fin") }} as creneau_fin,
        {{ texte_propre("champs.urgence") }} as urgence,
        {{ texte_propre("champs.commentaire") }} as commentaire,
        {{ texte_propre("champs.statut") }} as statut,
        {{ essai_entier("champs.intervention_id") }} as intervention_id,
        {{ essai_instant("champs.emis_at") }} as emis_at,
        json.est_objet as est_lisible,
        source.payload as texte_json,
        source.encodage,
        source.fichier,
        source.ligne,
        false as est_supprime,
        source._source,
        source._lot,
        source._charge_at,
        -- A line nobody can read stands for itself, until its place in the file holds one that can be read.
        case
            when json.est_objet then coalesce(champs.demande_id, source.fichier || ':' || source.ligne)
            else coalesce(
                first_value(case when json.est_objet then champs.demande_id end) over (
                    partition by source.fichier, source.ligne order by source._charge_at desc
                ), source.fichier || ':' || source.ligne
            )
        end as cle_groupe,
        coalesce(
            -- A captured pattern is slow: only where there is no other way.
            case
                when json.est_objet then champs.demande_id
                else substring(source.payload from '"demande_id"\s*:\s*"([^"]{1,64})"')
            end,
            source.fichier || ':' || source.ligne
        ) as cle_source,
        case
            when json.est_objet then hashtextextended((source.payload::jsonb)::text, 0)
            else hashtextextended(source.payload, 0)
        end as empreinte,
        source.fichier || ':' || lpad(source.ligne::text, 9, '0') as ordre_ligne
    from {{ source('landing', 'portail_demandes') }} as source
    cross join lateral (
        -- The offset keeps the planner from testing the line again at each use.
        select pg_input_is_valid(source.payload, 'jsonb') and source.payload ~ '^\s*\{' as est_objet offset 0
    ) as json
    cross join lateral jsonb_to_record(
        case when json.est_objet then source.payload::jsonb else '{}' end
    ) as champs (
        demande_id text, client_id text, type_intervention_id text, creneau_debut text, creneau_fin text,
        urgence text, commentaire text, statut text, intervention_id text, emis_at text
    )
),

jugees as (
    select
        lignes.*,
        {{ premiere_regle(regles) }} as regle,
        {{ liste_avertissements(avertissements) }} as avertissement,
        emis_at as ordre_version
    from lignes
    left join (select distinct client_id from {{ source('landing', 'erp_clients') }}) as client_connu
        on lignes.client_id = client_connu.client_id
    left join (
        select distinct type_intervention_id from {{ source('landing', 'erp_types_intervention') }}
    ) as type_connu on lignes.type_intervention_id = type_connu.type_intervention_id
    left join (select distinct intervention_id from {{ source('landing', 'erp_interventions') }}) as intervention_connue
        on lignes.intervention_id = intervention_connue.intervention_id
),

{{ garder_brut('jugees', 'texte_json') }},

{{ classer('gardees') }}

select
    demande_id, client_id, type_intervention_id, creneau_debut, creneau_fin, urgence, commentaire, statut,
    intervention_id, emis_at, fichier, ligne,
    {{ colonnes_de_tri() }}
from classees
