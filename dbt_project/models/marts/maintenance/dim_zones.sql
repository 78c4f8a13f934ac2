-- depends_on: {{ ref('bilan_lignes') }}
with zones as (
    select * from {{ ref('stg_erp__zones') }}
),

clients_actifs as (
    select clients.zone_id, count(distinct clients.client_id)::integer as nb_clients
    from {{ ref('stg_erp__clients') }} as clients
    inner join {{ ref('int_contrats') }} as contrats
        on clients.client_id = contrats.client_id and contrats.est_actif
    group by clients.zone_id
),

techniciens as (
    select technicien_id, concat_ws(' ', prenom, nom) as nom_complet from {{ ref('stg_erp__techniciens') }}
)

select
    zones.zone_id,
    left(zones.nom_zone, 50)::varchar(50) as nom_zone,
    zones.latitude_centre,
    zones.longitude_centre,
    zones.rayon_km,
    zones.superficie_km2,
    coalesce(clients_actifs.nb_clients, 0) as nb_clients_zone,
    round(coalesce(clients_actifs.nb_clients, 0) / zones.superficie_km2, 3) as densite,
    left(techniciens.nom_complet, 100)::varchar(100) as technicien_affecte,
    zones.technicien_id
from zones
left join clients_actifs on zones.zone_id = clients_actifs.zone_id
left join techniciens on zones.technicien_id = techniciens.technicien_id
