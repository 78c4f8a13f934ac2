-- depends_on: {{ ref('bilan_lignes') }}
-- The planner's input: what remains to be done on the evening of the business date.
{{ config(indexes=[{'columns': ['date_planifiee']}, {'columns': ['client_id']}]) }}

with interventions as (
    select * from {{ ref('int_interventions') }}
    where not est_realisee and statut in ('A planifier', 'Planifiee')
),

clients as (
    select client_id, latitude, longitude, ouverture, fermeture from {{ ref('stg_erp__clients') }}
),

zones as (
    select zone_id, latitude_centre, longitude_centre from {{ ref('stg_erp__zones') }}
),

types_intervention as (
    select type_intervention_id, competence_id from {{ ref('stg_erp__types_intervention') }}
)

select
    interventions.intervention_id,
    interventions.client_id,
    interventions.contrat_id,
    interventions.technicien_id,
    interventions.zone_id,
    interventions.type_intervention_id,
    types_intervention.competence_id,
    interventions.statut,
    interventions.urgence,
    interventions.demande_at,
    interventions.date_due,
    interventions.date_planifiee,
    interventions.heure_prevue,
    interventions.duree_prevue_min,
    interventions.rdv_debut,
    interventions.rdv_fin,
    {{ date_metier() }} - interventions.date_due as retard_jours,
    coalesce(clients.latitude, zones.latitude_centre) as latitude,
    coalesce(clients.longitude, zones.longitude_centre) as longitude,
    clients.latitude is null as est_position_estimee,
    clients.ouverture,
    clients.fermeture,
    interventions.intervention_origine_id
from interventions
inner join clients on interventions.client_id = clients.client_id
inner join types_intervention on interventions.type_intervention_id = types_intervention.type_intervention_id
left join zones on interventions.zone_id = zones.zone_id
