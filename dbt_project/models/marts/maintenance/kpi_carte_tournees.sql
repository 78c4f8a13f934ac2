-- Grain: one tour of the coming week, as a line for the map: home, visits in order, home.
with points as (
    select * from {{ ref('kpi_carte_visites') }}
),

arrets as (
    select technicien_id, jour, ordre, latitude, longitude from points
    union all
    select technicien_id, jour, 1000000, latitude, longitude from points where ordre = 0
)

select
    p.technicien_id,
    p.technicien,
    p.jour,
    p.jour_libelle,
    p.couleur,
    count(*) filter (where p.ordre > 0)::integer as nb_visites,
    -- What a path layer reads: [[longitude, latitude], …].
    (
        select jsonb_agg(jsonb_build_array(a.longitude, a.latitude) order by a.ordre)::text
        from arrets as a
        where a.technicien_id = p.technicien_id and a.jour = p.jour
    ) as trace,
    {{ date_metier() }} as date_metier
from points as p
group by p.technicien_id, p.technicien, p.jour, p.jour_libelle, p.couleur
