-- Landed = current + superseded + duplicate + deleted + quarantined, for every source table.
{{ config(severity='error', tags=['bloquant'], meta={'dagster': {'ref': {'name': 'bilan_lignes'}}}) }}

select *
from {{ ref('bilan_lignes') }}
where ecart <> 0
