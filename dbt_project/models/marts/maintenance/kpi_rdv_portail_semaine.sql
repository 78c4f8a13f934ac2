-- Grain: one row a week (its Monday), zone and category of intervention; the last twelve weeks that are over
-- on their Friday evening.
with demandes as (
    select
        {{ jour_local("emis_at") }} as jour,
        client_id,
        type_intervention_id,
        statut as statut_portail,
        intervention_id is null as hors_interventions
    from {{ ref('fact_rdv_portail') }}
),

interventions as (
    select {{ jour_local("date_demande") }} as jour, client_id, type_intervention_id
    from {{ ref('fact_interventions') }}
    union all
    select {{ jour_local("demande_at") }}, client_id, type_intervention_id
    from {{ ref('fact_interventions_a_planifier') }}
),

lignes as (
    select
        jour,
        client_id,
        type_intervention_id,
        statut_portail,
        hors_interventions as compte_dans_total
    from demandes
    union all
    select jour, client_id, type_intervention_id, null, true
    from interventions
)

select
    date_trunc('week', l.jour)::date as lundi,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    count(l.statut_portail) as nb_portail,
    count(*) filter (where l.statut_portail = 'A valider') as nb_a_valider,
    count(*) filter (where l.statut_portail = 'Valide') as nb_valides,
    count(*) filter (where l.statut_portail = 'Annule') as nb_annules,
    count(*) filter (where l.compte_dans_total) as nb_demandes,
    {{ date_metier() }} as date_metier
from lignes as l
left join {{ ref('dim_clients') }} as c on l.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on c.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on l.type_intervention_id = t.type_intervention_id
where
    date_trunc('week', l.jour) + interval '4 days' <= {{ date_metier() }}
    and date_trunc('week', l.jour) > {{ date_metier() }} - interval '12 weeks'
group by 1, 2, 3
