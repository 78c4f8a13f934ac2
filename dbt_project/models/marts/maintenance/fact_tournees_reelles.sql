-- depends_on: {{ ref('bilan_lignes') }}
-- One row a technician and a day on the road: what the app's odometer and stamps say.
with passages as (
    select
        technicien_id,
        {{ jour_local('survenu_at') }} as jour,
        type,
        survenu_at,
        km_trajet,
        intervention_id
    from {{ ref('stg_app__evenements') }}
    where type in ('arrivee', 'depart', 'fin_journee')
),

techniciens as (
    select technicien_id from {{ ref('stg_erp__techniciens') }}
)

select
    passages.technicien_id,
    passages.jour,
    to_char(passages.jour, 'YYYYMMDD')::integer as date_id,
    count(distinct passages.intervention_id)::integer as nb_visites,
    coalesce(sum(passages.km_trajet) filter (where passages.type = 'arrivee'), 0) as km_visites,
    coalesce(sum(passages.km_trajet) filter (where passages.type = 'fin_journee'), 0) as km_retour,
    coalesce(sum(passages.km_trajet), 0) as km_total,
    min(passages.survenu_at) filter (where passages.type = 'arrivee') as premier_debut,
    max(passages.survenu_at) filter (where passages.type = 'depart') as dernier_depart,
    -- Every visit and the way home carry an odometer reading: only then is the day's total whole.
    bool_and(passages.km_trajet is not null) filter (where passages.type <> 'depart')
    and bool_or(passages.type = 'fin_journee') as est_complete
from passages
inner join techniciens on passages.technicien_id = techniciens.technicien_id
group by passages.technicien_id, passages.jour
