-- Grain: one row a stage and a zone; field quotes sent in the twelve months before the business date.
with devis as (
    select
        d.devis_id,
        d.montant_eur,
        d.statut,
        coalesce(z.zone, 'Non localisé') as zone,
        exists (
            select 1
            from {{ ref('fact_factures') }} as f
            where f.devis_id = d.devis_id and f.statut <> 'Annulee'
        ) as facture
    from {{ ref('fact_devis') }} as d
    left join {{ ref('kpi_zones') }} as z on d.zone_id = z.zone_id
    where d.date_emission > {{ date_metier() }} - interval '1 year' and d.date_emission <= {{ date_metier() }}
),

etapes as (
    select 1 as ordre, 'Générés' as etape, zone, montant_eur from devis
    union all
    select 2, 'Réponse reçue', zone, montant_eur from devis where statut in ('Signe', 'Refuse')
    union all
    select 3, 'Signés', zone, montant_eur from devis where statut = 'Signe'
    union all
    select 4, 'Facturés', zone, montant_eur from devis where statut = 'Signe' and facture
)

select
    ordre,
    etape,
    zone,
    count(*) as nb_devis,
    sum(montant_eur)::numeric(14, 2) as montant_eur,
    {{ date_metier() }} as date_metier
from etapes
group by 1, 2, 3
