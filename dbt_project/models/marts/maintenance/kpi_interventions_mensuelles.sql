-- Grain: one row a month, zone and type of intervention; complete months only.
with visites as (
    select
        {{ jour_local("f.heure_arrivee") }} as jour,
        f.zone_id,
        f.type_intervention_id,
        f.urgence,
        f.satisfaction_note
    from {{ ref('fact_interventions') }} as f
),

debut as (
    select date_trunc('month', min(jour) + interval '1 month' - interval '6 days')::date as mois from visites
)

select
    date_trunc('month', v.jour)::date as mois,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    coalesce(t.type_intervention, 'Inconnu') as type_intervention,
    count(*) as nb_interventions,
    count(*) filter (where v.urgence = 'Urgente') as nb_urgentes,
    count(v.satisfaction_note) as nb_notes,
    coalesce(sum(v.satisfaction_note), 0)::bigint as somme_notes,
    date_trunc('month', v.jour) > {{ dernier_mois_complet() }} - interval '12 months' as dans_12_mois,
    date_trunc('month', v.jour) = {{ dernier_mois_complet() }} as dernier_mois,
    {{ date_metier() }} as date_metier
from visites as v
cross join debut as d
left join {{ ref('kpi_zones') }} as z on v.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on v.type_intervention_id = t.type_intervention_id
where
    date_trunc('month', v.jour) between d.mois and {{ dernier_mois_complet() }}
    and date_trunc('month', v.jour) > {{ dernier_mois_complet() }} - interval '24 months'
group by 1, 2, 3, 4, 9, 10
