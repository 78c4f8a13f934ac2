-- Grain: one point of the coming week's map: a visit of a technician, or the home a tour begins and ends at
-- (ordre 0). The published plan, else the newest proposal, as in kpi_visites_semaine.
with plan as (
    {{ plan_en_vigueur() }}
),

couleurs as (
    -- Okabe & Ito: eight colours that colour-blind eyes tell apart; the same as in the files' maps.
    select
        technicien_id,
        (array[
            '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000', '#8C6D31'
        ])[1 + (row_number() over (order by technicien_id) - 1) % 8] as couleur
    from (
        select distinct j.technicien_id
        from {{ source('planning', 'journees') }} as j
        inner join plan on j.plan_id = plan.plan_id
    ) as presents
),

points as (
    select
        v.technicien_id,
        v.jour,
        v.ordre,
        'Visite' as nature,
        v.intervention_id,
        i.latitude,
        i.longitude,
        v.debut_at at time zone 'Europe/Paris' as debut,
        v.fin_at at time zone 'Europe/Paris' as fin
    from {{ source('planning', 'visites') }} as v
    inner join plan on v.plan_id = plan.plan_id
    inner join {{ ref('fact_interventions_a_planifier') }} as i on v.intervention_id = i.intervention_id
    union all
    select
        j.technicien_id,
        j.jour,
        0,
        'Domicile',
        null,
        t.domicile_latitude,
        t.domicile_longitude,
        j.depart_at at time zone 'Europe/Paris',
        j.retour_at at time zone 'Europe/Paris'
    from {{ source('planning', 'journees') }} as j
    inner join plan on j.plan_id = plan.plan_id
    inner join {{ ref('dim_techniciens') }} as t on j.technicien_id = t.technicien_id
)

select
    p.technicien_id,
    coalesce(tech.nom_complet, 'Technicien ' || p.technicien_id)::text as technicien,
    p.jour,
    {{ jour_court("p.jour") }} as jour_libelle,
    p.ordre,
    p.nature,
    p.intervention_id,
    p.latitude::numeric(9, 6) as latitude,
    p.longitude::numeric(9, 6) as longitude,
    p.debut,
    p.fin,
    {{ nom_affiche("c") }}::text as client,
    t.type_intervention,
    i.urgence::text as urgence,
    couleurs.couleur,
    {{ date_metier() }} as date_metier
from points as p
left join {{ ref('fact_interventions_a_planifier') }} as i on p.intervention_id = i.intervention_id
left join {{ ref('dim_clients') }} as c on i.client_id = c.client_id
left join {{ ref('kpi_types_intervention') }} as t on i.type_intervention_id = t.type_intervention_id
left join {{ ref('dim_techniciens') }} as tech on p.technicien_id = tech.technicien_id
left join couleurs on p.technicien_id = couleurs.technicien_id
where p.latitude is not null and p.longitude is not null
