{{ config(indexes=[{'columns': ['as_of']}]) }}

with observations as (
    select * from {{ ref('int_churn_observations') }}
),

segments as (
    select * from {{ ref('int_churn_segments') }}
),

visites as (
    select * from {{ ref('int_churn_visites') }}
),

relations as (
    select * from {{ ref('int_churn_relations') }}
),

prix_medians as (
    select
        observations.as_of,
        segments.segment,
        percentile_cont(0.5) within group (order by observations.montant_contrat_annuel)::numeric as montant_median
    from observations
    inner join segments on observations.client_id = segments.client_id and observations.as_of = segments.as_of
    group by observations.as_of, segments.segment
)

select
    observations.client_id,
    observations.as_of,
    visites.satisfaction_moyenne,
    coalesce(visites.nb_notes_inferieures_3, 0) as nb_notes_inferieures_3,
    visites.jours_dernier_contact,
    relations.taux_reponse_enquete,
    relations.nb_reclamations,
    observations.anciennete_mois,
    segments.segment,
    round(observations.montant_contrat_annuel, 2) as montant_contrat_annuel,
    observations.taux_renouvellement,
    coalesce(visites.nb_interventions_retard, 0) as nb_interventions_retard,
    visites.satisfaction_recente,
    visites.derniere_note,
    visites.tendance_satisfaction,
    coalesce(visites.nb_notes_inferieures_3_12m, 0) as nb_notes_inferieures_3_12m,
    coalesce(visites.nb_interventions_12m, 0) as nb_interventions_12m,
    coalesce(visites.nb_depannages_12m, 0) as nb_depannages_12m,
    coalesce(visites.nb_interventions_retard_12m, 0) as nb_interventions_retard_12m,
    visites.part_retard_12m,
    coalesce(visites.nb_problemes_non_resolus_12m, 0) as nb_problemes_non_resolus_12m,
    coalesce(visites.nb_visites_attendues_retard, 0) as nb_visites_attendues_retard,
    relations.derniere_note_nps,
    relations.nb_reponses_detracteur,
    relations.nb_reclamations_ouvertes,
    relations.nb_devis_refuses_12m,
    round(relations.montant_interventions_12m, 2) as montant_interventions_12m,
    segments.type_client,
    observations.nb_contrats_actifs,
    observations.nb_visites_an,
    observations.mois_avant_echeance,
    observations.hausse_prix,
    round(observations.montant_contrat_annuel / nullif(prix_medians.montant_median, 0), 4) as rapport_prix_segment,
    observations.resilie_3m
from observations
inner join segments on observations.client_id = segments.client_id and observations.as_of = segments.as_of
inner join relations on observations.client_id = relations.client_id and observations.as_of = relations.as_of
left join visites on observations.client_id = visites.client_id and observations.as_of = visites.as_of
left join prix_medians on observations.as_of = prix_medians.as_of and segments.segment = prix_medians.segment
