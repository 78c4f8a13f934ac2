-- Valid visits left out of the star because their customer or type is in quarantine or deleted. Not an error of the
-- row: it comes back with its parent.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_interventions'}}}) }}

select
    interventions.intervention_id,
    interventions.client_id,
    interventions.type_intervention_id
from {{ ref('stg_erp__interventions') }} as interventions
left join {{ ref('int_interventions') }} as retenues on interventions.intervention_id = retenues.intervention_id
where retenues.intervention_id is null
