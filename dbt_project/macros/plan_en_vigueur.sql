{#- The plan of the coming week that people go by: the published one (a re-planning too), else the newest
    proposal of a week. One row or none: plan_id, statut. -#}
{% macro plan_en_vigueur() %}
    select plan_id, statut
    from {{ source('planning', 'plans') }}
    where
        semaine_debut = {{ lundi_prochain() }}
        and (statut = 'Publie' and nature <> 'tournee' or statut = 'Propose' and nature = 'semaine')
    order by statut = 'Publie' desc, cree_at desc
    limit 1
{% endmacro %}
