{#- The one place that decides what becomes of a landed row. -#}

{% macro premiere_regle(regles) -%}
case
    {%- for nom, condition in regles %}
            when {{ condition }} then '{{ nom }}'
    {%- endfor %}
        end
{%- endmacro %}

{% macro liste_avertissements(avertissements) -%}
{%- if avertissements -%}
nullif(concat_ws(', '
    {%- for nom, condition in avertissements %},
            case when {{ condition }} then '{{ nom }}' end
    {%- endfor %}
        ), '')
{%- else -%}
null::text
{%- endif -%}
{%- endmacro %}

{#- CTEs that give each row of `relation` exactly one statut_ligne:
      doublon      same key, same content, landed before
      supprimee    the source deleted the key, and nothing came back since
      courante     the newest valid version of its key
      quarantaine  the newest version of its key breaks a rule (the last valid version, if any, stays current)
      remplacee    every other one
    A row landed after a tombstone makes the key live again. Expects cle_groupe (what
    makes two rows versions of one thing), cle_source (as shown in quarantine), empreinte, est_supprime, regle,
    avertissement, brut, ordre_version, ordre_ligne, _charge_at, _lot. Ends with the CTE `classees`. -#}
{% macro classer(relation) %}
{%- set ordre = 'est_vivante desc, est_supprime desc, ordre_version desc nulls last, _charge_at desc, ordre_ligne desc' -%}
situees as (
    select
        *,
        coalesce(
            _charge_at > max(_charge_at) filter (where est_supprime) over (partition by cle_groupe), true
        ) as est_vivante
    from {{ relation }}
),

dedoublonnees as (
    select
        *,
        row_number() over (
            partition by cle_groupe, empreinte, est_vivante order by _charge_at, ordre_ligne, _lot
        ) > 1 as est_doublon
    from situees
),

rangees as (
    select
        *,
        row_number() over (partition by cle_groupe, est_doublon order by {{ ordre }}) as rang,
        row_number() over (
            partition by cle_groupe, est_doublon, regle is null order by {{ ordre }}
        ) as rang_valide
    from dedoublonnees
),

classees as (
    select
        *,
        case
            when est_doublon then 'doublon'
            when est_supprime and rang_valide = 1 then 'supprimee'
            when regle is not null and rang = 1 then 'quarantaine'
            when regle is null and rang_valide = 1 then 'courante'
            else 'remplacee'
        end as statut_ligne,
        not est_doublon and regle is null and rang_valide = 1 and rang > 1 as est_perimee
    from rangees
)
{%- endmacro %}

{#- The CTE `gardees`: the line as it came, for the rows that will show it only, so that sorts stay narrow. -#}
{% macro garder_brut(relation, texte) -%}
gardees as (
    select
        *,
        case
            when regle is null then null
            when est_lisible then {{ texte }}::jsonb
            else jsonb_build_object('texte', {{ texte }})
        end as brut
    from {{ relation }}
)
{%- endmacro %}

{#- What every sorted table carries besides its own columns. -#}
{% macro colonnes_de_tri() -%}
statut_ligne,
    regle,
    nullif(concat_ws(
        ', ', case when regle is null then avertissement end, case when est_perimee then 'version_plus_recente_en_quarantaine' end
    ), '') as avertissement,
    cle_source,
    est_supprime,
    case when statut_ligne = 'quarantaine' then brut end as payload,
    _source,
    _lot,
    _charge_at
{%- endmacro %}

{#- Rows of a sorted table that wait for a correction. -#}
{% macro lignes_en_quarantaine(base) -%}
select
    _source as source,
    cle_source,
    regle,
    payload,
    _lot as lot,
    _charge_at as charge_at
from {{ base }}
where statut_ligne = 'quarantaine'
{%- endmacro %}
