{#- One landed ERP table, column by column, under the names staging uses.
    `colonnes` is a list of (name, kind); kinds: entier, texte, numerique, date, instant, heure, booleen. -#}
{% macro lire_colonne_erp(nom, type) -%}
{%- if type == 'texte' -%} {{ texte_propre('source.' ~ nom) }}
{%- elif type == 'entier' -%}
case when source.{{ nom }} between -2147483648 and 2147483647 then source.{{ nom }}::integer end
{%- else -%}
source.{{ nom }}::{{ {'numerique': 'numeric', 'date': 'date', 'instant': 'timestamptz', 'heure': 'time', 'booleen': 'boolean'}[type] }}
{%- endif -%}
{%- endmacro %}

{#- A landed ERP table with each row judged: which rule it breaks (null: none), what is to be said about it.
    `references` is a list of (column, parent table, its key, rule): the key must exist in what the source ever delivered,
    whatever became of that row since: a good row is not blamed for its parent, nor for the order of loads.
    Rules and warnings are lists of (name, condition); the first rule broken is the reason. -#}
{% macro trier_erp(table, cle, colonnes, regles, avertissements=[], references=[]) %}
with lignes as (
    select
        {%- for nom, type in colonnes %}
        {{ lire_colonne_erp(nom, type) }} as {{ nom }},
        {%- endfor %}
        source.updated_at,
        coalesce(source._supprime, false) as est_supprime,
        source._source,
        source._lot,
        source._charge_at,
        source.{{ cle }} as cle_groupe,
        source.{{ cle }}::text as cle_source,
        source.updated_at as ordre_version,
        '' as ordre_ligne,
        source as enregistrement
    from {{ source('landing', 'erp_' ~ table) }} as source
),

examinees as (
    select
        lignes.*,
        hash_record_extended(row(
            {%- for nom, type in colonnes %}lignes.{{ nom }}, {% endfor -%}
            est_supprime, case when not est_supprime then updated_at end
        ), 0) as empreinte,
        case when not est_supprime then
            {{ premiere_regle(references_en_regles(references) + regles) }}
        end as regle,
        case when not est_supprime then {{ liste_avertissements(avertissements) }} end as avertissement
    from lignes
    {%- for colonne, parent, cle_parent, regle in references %}
    left join (
        select distinct {{ cle_parent }} as cle from {{ source('landing', 'erp_' ~ parent) }}
    ) as connu_{{ colonne }} on lignes.{{ colonne }} = connu_{{ colonne }}.cle
    {%- endfor %}
),

jugees as (
    select
        *,
        case
            when regle is not null
                then to_jsonb(enregistrement) - array['_source', '_lot', '_charge_at', '_supprime']
        end as brut
    from examinees
),

{{ classer('jugees') }}

select
    {%- for nom, type in colonnes %}
    {{ nom }},
    {%- endfor %}
    updated_at,
    {{ colonnes_de_tri() }}
from classees
{% endmacro %}

{% macro references_en_regles(references) %}
    {%- set regles = [] -%}
    {%- for colonne, parent, cle_parent, regle in references -%}
        {%- do regles.append((
            regle, 'lignes.' ~ colonne ~ ' is not null and connu_' ~ colonne ~ '.cle is null'
        )) -%}
    {%- endfor -%}
    {{ return(regles) }}
{% endmacro %}
