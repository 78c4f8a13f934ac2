-- Grain: one row a month in which contracts came to their outcome, a zone and a segment.
with issues as (
    select
        client_id,
        case when statut = 'Renouvele' then date_fin else date_resiliation end as date_issue,
        statut = 'Renouvele' as renouvele
    from {{ ref('fact_contrats') }}
    where statut in ('Renouvele', 'Resilie', 'Expire')
)

select
    date_trunc('month', i.date_issue)::date as mois,
    case
        when i.date_issue > {{ date_metier() }} - interval '1 year' then '12 derniers mois'
        else '12 mois précédents'
    end as periode,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(c.segment, 'Inconnu')::text as segment,
    count(*) as nb_issues,
    count(*) filter (where i.renouvele) as nb_renouveles,
    {{ date_metier() }} as date_metier
from issues as i
left join {{ ref('dim_clients') }} as c on i.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
where i.date_issue > {{ date_metier() }} - interval '2 years' and i.date_issue <= {{ date_metier() }}
group by 1, 2, 3, 4
