{#- Landed app events, one column a field, every cast safe. Fields of a line that is no JSON object are null;
    the id that quarantine shows for it is searched in the text. -#}
{% macro lire_evenements_app() %}
    select
        {{ essai("champs.evenement_id", "uuid") }}::text as evenement_id,
        champs.type,
        {{ essai_entier("champs.intervention_id") }} as intervention_id,
        {{ essai_entier("champs.technicien_id") }} as technicien_id,
        {{ essai_instant("champs.survenu_at") }} as survenu_at,
        {{ essai_instant("champs.envoye_at") }} as envoye_at,
        {{ essai_numerique("donnees.latitude") }} as latitude,
        {{ essai_numerique("donnees.longitude") }} as longitude,
        donnees.km_trajet as km_trajet_brut,
        round({{ essai_numerique("donnees.km_trajet") }}, 3) as km_trajet,
        {{ essai_entier("donnees.note") }} as note,
        {{ essai("donnees.conforme", "boolean") }} as conforme,
        {{ essai("donnees.probleme_resolu", "boolean") }} as probleme_resolu,
        {{ texte_propre("donnees.signataire") }} as signataire,
        {{ essai_entier("donnees.minutes") }} as minutes,
        {{ texte_propre("donnees.motif") }} as motif,
        {{ essai("donnees.accepte_client", "boolean") }} as accepte_client,
        donnees.pieces,
        verifiees.pieces_invalides,
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
            when json.est_objet then coalesce(champs.evenement_id, source.fichier || ':' || source.ligne)
            else coalesce(
                first_value(case when json.est_objet then champs.evenement_id end) over (
                    partition by source.fichier, source.ligne order by source._charge_at desc
                ), source.fichier || ':' || source.ligne
            )
        end as cle_groupe,
        coalesce(
            -- A captured pattern is slow: only where there is no other way.
            case
                when json.est_objet then champs.evenement_id
                else substring(source.payload from '"evenement_id"\s*:\s*"([^"]{1,64})"')
            end,
            source.fichier || ':' || source.ligne
        ) as cle_source,
        case when json.est_objet then hash_record_extended(row(
            champs.type, champs.intervention_id, champs.technicien_id, champs.survenu_at, champs.donnees
        ), 0) else hashtextextended(source.payload, 0) end as empreinte,
        source.fichier || ':' || lpad(source.ligne::text, 9, '0') as ordre_ligne
    from {{ source('landing', 'app_evenements') }} as source
    cross join lateral (
        -- The offset keeps the planner from testing the line again at each use.
        select pg_input_is_valid(source.payload, 'jsonb') and source.payload ~ '^\s*\{' as est_objet offset 0
    ) as json
    cross join lateral jsonb_to_record(
        case when json.est_objet then source.payload::jsonb else '{}' end
    ) as champs (
        evenement_id text, type text, intervention_id text, technicien_id text, survenu_at text, envoye_at text,
        donnees jsonb
    )
    cross join lateral jsonb_to_record(
        case when jsonb_typeof(champs.donnees) = 'object' then champs.donnees else '{}' end
    ) as donnees (
        latitude text, longitude text, km_trajet text, note text, conforme text, probleme_resolu text,
        signataire text, minutes text, motif text, accepte_client text, pieces jsonb
    )
    cross join lateral (
        select bool_or(
            coalesce({{ essai_entier("piece ->> 'quantite'") }} not between 0 and 10000, true)
            or coalesce(
                {{ essai_entier("piece ->> 'article_id'") }}
                <> all ((select array_agg(article_id) from {{ source('landing', 'erp_articles') }})::bigint[]), true
            )
        ) as pieces_invalides
        from jsonb_array_elements(
            case when jsonb_typeof(donnees.pieces) = 'array' then donnees.pieces else '[null]' end
        ) as piece
        where champs.type = 'pieces'
    ) as verifiees
{% endmacro %}
