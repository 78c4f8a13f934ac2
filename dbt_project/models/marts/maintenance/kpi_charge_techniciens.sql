-- Grain: one row a technician in post and a working day of the coming week, free days included.
with jours as (
    select date as jour
    from {{ ref('dim_temps') }}
    where
        date between {{ lundi_prochain() }} and {{ lundi_prochain() }} + 6
        and not est_weekend
        and not est_ferie
),

grille as (
    select
        t.technicien_id,
        t.nom_complet,
        t.heures_jour,
        t.zone_principale_id,
        j.jour,
        exists (
            select 1
            from {{ ref('stg_erp__absences') }} as a
            where a.technicien_id = t.technicien_id and j.jour between a.date_debut and a.date_fin
        ) as absent
    from {{ ref('dim_techniciens') }} as t
    cross join jours as j
    where t.date_embauche <= j.jour and (t.date_sortie is null or t.date_sortie > j.jour)
),

visites as (
    select
        technicien_id,
        jour,
        count(*) as nb_visites,
        sum(extract(epoch from fin - debut)) / 3600 as visites_h,
        sum(coalesce(trajet_km, 0)) as km
    from {{ ref('kpi_visites_semaine') }}
    group by technicien_id, jour
),

plan as (
    select
        j.technicien_id,
        j.jour,
        j.travail_min / 60 as travail_h
    from {{ source('planning', 'journees') }} as j
    inner join ({{ plan_en_vigueur() }}) as p on j.plan_id = p.plan_id
)

select
    g.technicien_id,
    g.nom_complet::text as technicien,
    coalesce(z.zone, 'Non localisé') as zone_principale,
    g.jour,
    {{ jour_court("g.jour") }} as jour_libelle,
    g.absent,
    case when g.absent then 0 else g.heures_jour end::numeric(6, 2) as capacite_h,
    coalesce(v.nb_visites, 0)::integer as nb_visites,
    round(coalesce(v.visites_h, 0)::numeric, 2) as visites_h,
    -- Travel, home to home, and waiting: what the plan counts as work besides the visits.
    round(greatest(coalesce(p.travail_h, 0) - coalesce(v.visites_h, 0), 0)::numeric, 2) as trajets_h,
    round(greatest(coalesce(p.travail_h, 0), coalesce(v.visites_h, 0))::numeric, 2) as charge_h,
    round(coalesce(v.km, 0)::numeric, 1) as km,
    {{ date_metier() }} as date_metier
from grille as g
left join visites as v on g.technicien_id = v.technicien_id and g.jour = v.jour
left join plan as p on g.technicien_id = p.technicien_id and g.jour = p.jour
left join {{ ref('kpi_zones') }} as z on g.zone_principale_id = z.zone_id
