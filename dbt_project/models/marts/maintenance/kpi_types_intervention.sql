-- Grain: one row a type of intervention, named as dashboards show it.
select
    type_intervention_id,
    {{ accents("libelle") }}::text as type_intervention,
    {{ accents("categorie") }}::text as categorie
from {{ ref('dim_types_intervention') }}
