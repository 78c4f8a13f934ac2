-- Grain: one row a client invoiced in the twelve months before the business date.
with ca as (
    select
        client_id,
        sum(montant_total_eur) filter (where date_facture > {{ date_metier() }} - interval '1 year') as ca_12m_eur,
        sum(montant_total_eur) filter (where date_facture <= {{ date_metier() }} - interval '1 year') as ca_n1_eur
    from {{ ref('fact_factures') }}
    where
        statut <> 'Annulee'
        and date_facture > {{ date_metier() }} - interval '2 years'
        and date_facture <= {{ date_metier() }}
    group by client_id
),

visites as (
    select
        client_id,
        count(*) as nb_interventions,
        avg(satisfaction_note) as note_moyenne
    from {{ ref('fact_interventions') }}
    where {{ jour_local("heure_arrivee") }} > {{ date_metier() }} - interval '1 year'
    group by client_id
)

select
    c.client_id,
    {{ nom_affiche("c") }}::text as client,
    c.type::text as type_client,
    c.segment::text as segment,
    c.ville::text as ville,
    coalesce(z.zone, 'Non localisé') as zone,
    ca.ca_12m_eur::numeric(14, 2) as ca_12m_eur,
    row_number() over (partition by c.zone_id order by ca.ca_12m_eur desc, c.client_id)::integer as rang_zone,
    (ca.ca_12m_eur / nullif(ca.ca_n1_eur, 0) - 1)::numeric(12, 4) as evolution,
    coalesce(v.nb_interventions, 0)::integer as nb_interventions,
    round(v.note_moyenne, 2)::numeric(4, 2) as note_moyenne,
    coalesce({{ affiche("c.risque_churn") }}, 'Non évalué') as risque_churn,
    {{ date_metier() }} as date_metier
from ca
inner join {{ ref('dim_clients') }} as c on ca.client_id = c.client_id
left join visites as v on ca.client_id = v.client_id
left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
where ca.ca_12m_eur is not null
