-- Grain: one row a client and a reason to call him: his contract ends within 30 days, or he may leave.
with fins_de_contrat as (
    select
        f.client_id,
        min(f.date_fin) as echeance,
        sum(f.montant_annuel_eur) as montant_annuel_eur
    from {{ ref('fact_contrats') }} as f
    where
        f.statut = 'Actif'
        and f.date_resiliation is null
        and f.date_fin between {{ date_metier() }} and {{ date_metier() }} + 30
        and not exists (
            select 1 from {{ ref('fact_contrats') }} as s where s.contrat_precedent_id = f.contrat_id
        )
    group by f.client_id
),

alertes as (
    select
        client_id,
        'Fin de contrat' as nature,
        echeance,
        montant_annuel_eur
    from fins_de_contrat
    union all
    select client_id, 'Risque de départ', date_fin_contrat, montant_contrat_annuel
    from {{ ref('dim_clients') }}
    where risque_churn = 'Eleve'
)

select
    a.client_id,
    a.nature,
    -- 1 = the most pressing of its kind: a list ordered by it shows both kinds from the start.
    row_number() over (
        partition by a.nature
        order by
            case a.nature when 'Fin de contrat' then a.echeance end,
            c.score_churn desc nulls last,
            a.client_id
    )::integer as rang,
    {{ nom_affiche("c") }}::text as client,
    c.telephone::text as telephone,
    c.ville::text as ville,
    c.segment::text as segment,
    coalesce(z.zone, 'Non localisé') as zone,
    a.echeance,
    (a.echeance - {{ date_metier() }})::integer as jours_restants,
    a.montant_annuel_eur::numeric(14, 2) as montant_annuel_eur,
    round(c.score_churn::numeric, 4)::numeric(6, 4) as score_churn,
    coalesce({{ affiche("c.risque_churn") }}, 'Non évalué') as risque_churn,
    concat_ws(' · ', c.cause_1, c.cause_2, c.cause_3) as causes,
    coalesce(
        c.action_suggeree,
        case a.nature when 'Fin de contrat' then 'Proposer le renouvellement du contrat' end
    )::text as action_suggeree,
    {{ date_metier() }} as date_metier
from alertes as a
inner join {{ ref('dim_clients') }} as c on a.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
