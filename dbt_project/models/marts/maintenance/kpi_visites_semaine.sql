-- Grain: one row an intervention of the coming week. The week's plan decides; an appointment already given
-- that the plan does not hold is shown as well.
with plan as (
    {{ plan_en_vigueur() }}
),

visites as (
    select
        v.intervention_id,
        v.technicien_id,
        v.jour,
        v.debut_at at time zone 'Europe/Paris' as debut,
        v.fin_at at time zone 'Europe/Paris' as fin,
        v.trajet_min,
        v.trajet_km,
        case plan.statut when 'Publie' then 'Plan publié' else 'Plan proposé' end as origine
    from {{ source('planning', 'visites') }} as v
    inner join plan on v.plan_id = plan.plan_id
    union all
    select
        i.intervention_id,
        i.technicien_id,
        i.date_planifiee,
        i.date_planifiee + coalesce(i.heure_prevue, time '08:00'),
        i.date_planifiee + coalesce(i.heure_prevue, time '08:00') + make_interval(mins => i.duree_prevue_min),
        null,
        null,
        'Déjà planifiée'
    from {{ ref('fact_interventions_a_planifier') }} as i
    where
        i.technicien_id is not null
        and i.date_planifiee between {{ lundi_prochain() }} and {{ lundi_prochain() }} + 6
        and i.intervention_id not in (
            select v.intervention_id
            from {{ source('planning', 'visites') }} as v
            inner join plan on v.plan_id = plan.plan_id
        )
)

select
    v.intervention_id,
    v.technicien_id,
    coalesce(tech.nom_complet, 'Technicien ' || v.technicien_id)::text as technicien,
    v.jour,
    v.debut,
    v.fin,
    round(v.trajet_min::numeric, 1) as trajet_min,
    round(v.trajet_km::numeric, 1) as trajet_km,
    v.origine,
    {{ nom_affiche("c") }}::text as client,
    c.ville::text as ville,
    coalesce(z.zone, 'Non localisé') as zone,
    coalesce(t.categorie, 'Inconnue') as categorie,
    coalesce(t.type_intervention, 'Inconnu') as type_intervention,
    coalesce(i.urgence, 'Normale')::text as urgence,
    {{ date_metier() }} as date_metier
from visites as v
left join {{ ref('fact_interventions_a_planifier') }} as i on v.intervention_id = i.intervention_id
left join {{ ref('dim_clients') }} as c on i.client_id = c.client_id
left join {{ ref('kpi_zones') }} as z on i.zone_id = z.zone_id
left join {{ ref('kpi_types_intervention') }} as t on i.type_intervention_id = t.type_intervention_id
left join {{ ref('dim_techniciens') }} as tech on v.technicien_id = tech.technicien_id
