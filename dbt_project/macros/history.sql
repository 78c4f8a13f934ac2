{#- Type-2 history of an ERP table, from the versions that landed: every valid version counts, versions whose
    attributes did not change are merged, the first reaches back to the beginning, a deletion closes the last.
    The same landing always gives the same rows and the same surrogate keys. -#}
{% macro historique(base, cle, sk, attributs) %}
with versions as (
    select
        {{ cle }},
        {% for attribut in attributs %}{{ attribut }}, {% endfor %}
        updated_at,
        est_supprime,
        hash_record_extended(row({{ attributs | join(', ') }}, est_supprime), 0) as empreinte
    from {{ base }}
    where statut_ligne in ('courante', 'remplacee', 'supprimee') and regle is null
),

changements as (
    select
        *,
        lag(empreinte) over (partition by {{ cle }} order by updated_at, est_supprime, empreinte) as empreinte_avant
    from versions
),

fenetres as (
    select
        *,
        case
            when row_number() over ordre = 1 then '1900-01-01 00:00:00+00'::timestamptz
            else updated_at
        end as valide_du,
        lead(updated_at) over ordre as valide_au
    from changements
    where empreinte_avant is distinct from empreinte
    window ordre as (partition by {{ cle }} order by updated_at, est_supprime, empreinte)
),

final as (
    select
        (
            'x' || left(md5({{ cle }}::text || '|' || extract(epoch from valide_du)::text), 16)
        )::bit(64)::bigint as {{ sk }},
        {{ cle }},
        {%- for attribut in attributs %}
        {{ attribut }},
        {%- endfor %}
        valide_du,
        valide_au,
        valide_au is null as est_courant
    from fenetres
    where not est_supprime and valide_au is distinct from valide_du
)
{% endmacro %}
