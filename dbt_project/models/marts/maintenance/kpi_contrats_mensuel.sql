-- Grain: one row a month, zone and segment. Each month is counted on the business date's day of the month,
-- so that today is compared with the same day one year ago.
with jours as (
    select ({{ date_metier() }} - make_interval(months => k))::date as arrete_au
    from generate_series(0, 24) as k
),

contrats as (
    select
        f.*,
        c.segment,
        coalesce(z.zone, 'Non localisé') as zone
    from {{ ref('fact_contrats') }} as f
    left join {{ ref('dim_clients') }} as c on f.client_id = c.client_id
    left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
)

select
    date_trunc('month', j.arrete_au)::date as mois,
    j.arrete_au,
    c.zone,
    coalesce(c.segment, 'Inconnu')::text as segment,
    count(*) as nb_actifs,
    sum(c.montant_annuel_eur)::numeric(14, 2) as montant_annuel_eur,
    {{ date_metier() }} as date_metier
from jours as j
inner join contrats as c
    on
        j.arrete_au between c.date_debut and c.date_fin
        and (c.date_resiliation is null or c.date_resiliation > j.arrete_au)
group by 1, 2, 3, 4
