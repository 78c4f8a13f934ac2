-- Grain: one row a month, zone and nature of invoice; complete months only.
with factures as (
    select
        date_trunc('month', f.date_facture)::date as mois,
        f.nature,
        coalesce(z.zone, 'Non localisé') as zone,
        sum(f.montant_total_eur) as ca_eur
    from {{ ref('fact_factures') }} as f
    left join {{ ref('dim_clients') }} as c on f.client_id = c.client_id
    left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
    where f.statut <> 'Annulee'
    group by 1, 2, 3
),

-- A first month that starts after its sixth day is not a month to compare with.
debut as (
    select date_trunc('month', min(date_facture) + interval '1 month' - interval '6 days')::date as mois
    from {{ ref('fact_factures') }}
    where nature = 'Intervention'
),

grille as (
    select
        m.mois::date as mois,
        s.zone,
        s.nature
    from debut as d
    cross join lateral generate_series(
        greatest(d.mois, {{ dernier_mois_complet() }} - interval '23 months'),
        {{ dernier_mois_complet() }}::timestamp,
        interval '1 month'
    ) as m (mois)
    cross join (select distinct zone, nature from factures) as s
)

select
    g.mois,
    g.zone,
    g.nature,
    coalesce(f.ca_eur, 0)::numeric(14, 2) as ca_eur,
    case
        when g.mois - interval '1 year' >= d.mois then coalesce(n1.ca_eur, 0)
    end::numeric(14, 2) as ca_n1_eur,
    g.mois > {{ dernier_mois_complet() }} - interval '12 months' as dans_12_mois,
    {{ date_metier() }} as date_metier
from grille as g
cross join debut as d
left join factures as f on g.mois = f.mois and g.zone = f.zone and g.nature = f.nature
left join factures as n1
    on g.mois = n1.mois + interval '1 year' and g.zone = n1.zone and g.nature = n1.nature
