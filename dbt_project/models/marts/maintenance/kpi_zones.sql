-- Grain: one row a zone, named as dashboards show it.
select
    zone_id,
    {{ accents("nom_zone") }}::text as zone
from {{ ref('dim_zones') }}
