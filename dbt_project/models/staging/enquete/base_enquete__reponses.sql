{{ config(materialized='table') }}
{%- set q1, q2, q3, q4 = 'Q1 Recommandation (0-10)', 'Q2 Technicien professionnel', 'Q3 Delai respecte', 'Q4 Probleme resolu' -%}
{%- set regles = [
    ('ligne_illisible', "not est_lisible"),
    ('invitation_absente', "invitation_id is null"),
    ('client_inconnu', "client_connu.client_id is null"),
    ('intervention_inconnue', "intervention_connue.intervention_id is null"),
    ('date_impossible', "envoye_at is null or envoye_at < '2015-01-01 00:00+00' or envoye_at >= "
        ~ fin_de_jour(date_metier()) ~ " + interval '1 day' or (repondu_brut is not null and repondu_at is null)"),
    ('reponse_avant_envoi', "repondu_at < envoye_at"),
    ('note_invalide', "note_brute is not null and coalesce(note_nps not between 0 and 10, true)"),
    ('reponse_illisible', "(professionnel_brut is not null and technicien_professionnel is null)"
        ~ " or (delai_brut is not null and delai_respecte is null)"
        ~ " or (resolu_brut is not null and probleme_resolu is null)"),
    ('reponse_sans_date', "repondu_at is null and note_brute is not null")
] -%}
{%- set avertissements = [('encodage_repare', "encodage <> 'utf-8'")] -%}

with textes as (
    select
        source.*,
        json.est_objet as est_lisible,
        {%- for nom, entete in [
            ('invitation_id', 'Invitation'), ('intervention_brute', 'Intervention'), ('client_brut', 'Client'),
            ('envoye_brut', 'Envoye le'), ('canal', 'Canal'), ('repondu_brut', 'Repondu le'), ('note_brute', q1),
            ('professionnel_brut', q2), ('commentaire_professionnel', 'Q2 Commentaire'), ('delai_brut', q3),
            ('commentaire_delai', 'Q3 Commentaire'), ('resolu_brut', q4), ('commentaire_resolu', 'Q4 Commentaire'),
            ('suggestions', 'Q5 Suggestions')
        ] %}
        nullif(trim(ligne_json.objet ->> '{{ entete }}'), '') as {{ nom }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('landing', 'enquete_reponses') }} as source
    cross join lateral (
        -- The offset keeps the planner from testing the line again at each use.
        select pg_input_is_valid(source.payload, 'jsonb') and source.payload ~ '^\s*\{' as est_objet offset 0
    ) as json
    cross join lateral (
        select case when json.est_objet then source.payload::jsonb end as objet offset 0
    ) as ligne_json
),

lignes as (
    select
        *,
        {{ essai_entier("intervention_brute") }} as intervention_id,
        {{ essai_entier("client_brut") }} as client_id,
        {{ essai_instant_local("envoye_brut") }} as envoye_at,
        {{ essai_instant_local("repondu_brut") }} as repondu_at,
        {{ essai_entier("note_brute") }} as note_nps,
        {{ essai_oui_non("professionnel_brut") }} as technicien_professionnel,
        {{ essai_oui_non("delai_brut") }} as delai_respecte,
        {{ essai_oui_non("resolu_brut") }} as probleme_resolu,
        false as est_supprime,
        coalesce(invitation_id, fichier || ':' || ligne) as cle_groupe,
        coalesce(invitation_id, fichier || ':' || ligne) as cle_source,
        hashtextextended(fichier || payload, 0) as empreinte,
        {{ essai("substring(fichier from '([0-9]{8})[.]csv$')", "timestamp") }} as ordre_version,
        fichier || ':' || lpad(ligne::text, 9, '0') as ordre_ligne
    from textes
),

jugees as (
    select
        lignes.*,
        {{ premiere_regle(regles) }} as regle,
        {{ liste_avertissements(avertissements) }} as avertissement
    from lignes
    left join (select distinct client_id from {{ source('landing', 'erp_clients') }}) as client_connu
        on lignes.client_id = client_connu.client_id
    left join (select distinct intervention_id from {{ source('landing', 'erp_interventions') }}) as intervention_connue
        on lignes.intervention_id = intervention_connue.intervention_id
),

{{ garder_brut('jugees', 'payload') }},

{{ classer('gardees') }}

select
    invitation_id, intervention_id, client_id, envoye_at, canal, repondu_at, note_nps,
    technicien_professionnel, {{ texte_propre("commentaire_professionnel") }} as commentaire_professionnel,
    delai_respecte, {{ texte_propre("commentaire_delai") }} as commentaire_delai,
    probleme_resolu, {{ texte_propre("commentaire_resolu") }} as commentaire_resolu,
    {{ texte_propre("suggestions") }} as suggestions,
    fichier, ligne,
    {{ colonnes_de_tri() }}
from classees
